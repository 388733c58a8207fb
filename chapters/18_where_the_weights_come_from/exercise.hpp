// Exercise 18: where the weights come from. The gradient of the loss at the filters and biases of a
// convolution, and the loss that training starts from.
//
// x is what the convolution was given, (H, W, C_in), and dy the gradient of the loss at what it
// made, (H, W, C_out). z has the network's scores, (N, K): a row for each of N pictures, a column
// for each of K classes; the label of a picture is the number of the column that is right.
// Leave this file as it is: yours is a copy of it.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "nst/error.hpp"
#include "nst/tensor.hpp"

namespace exercise {

using nst::Filters, nst::Matrix, nst::Real, nst::Tensor3, nst::Vector;

/// dL/dw of a convolution with 3x3 filters, (3, 3, C_in, C_out). Its equation was
///
///     y(i, j, o) = b(o) + sum over u, v, c of  x(i + u - 1, j + v - 1, c) w(u, v, c, o)
///
/// where x is 0 outside the picture. With which factor is w(u, v, c, o) in y(i, j, o), and in how
/// many of them is it? Sum in double. `Filters::from_shape({3, 3, C_in, C_out})` makes room,
/// `x.shape(0)` is H.
inline Filters conv2d_backward_filters(const Tensor3& x, const Tensor3& dy) {
    throw nst::Error("conv2d_backward_filters: not written yet");
}

/// dL/db of the same convolution, (C_out).
inline Vector conv2d_backward_bias(const Tensor3& dy) {
    throw nst::Error("conv2d_backward_bias: not written yet");
}

/// log p(n, k), (N, K), of the probabilities that the scores stand for:
///
///     p(n, k) = exp z(n, k) / sum over j of exp z(n, j)
///
/// It has to come out right for scores of 1000 and -1000 as well. What may be subtracted from a
/// whole row of z without changing p?
inline Matrix log_softmax(const Matrix& z) {
    throw nst::Error("log_softmax: not written yet");
}

/// The mean over the pictures of -log p(n, label of n): how surprised the network is by what is
/// right.
inline double cross_entropy(const Matrix& z, const std::vector<std::size_t>& labels) {
    throw nst::Error("cross_entropy: not written yet");
}

/// Its gradient at the scores, (N, K). `xt::exp` takes the exponential of every number of a matrix.
inline Matrix cross_entropy_backward(const Matrix& z, const std::vector<std::size_t>& labels) {
    throw nst::Error("cross_entropy_backward: not written yet");
}

}  // namespace exercise
