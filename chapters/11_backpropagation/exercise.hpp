// Exercise 11: the way back, which the tutorial leaves to `minimize` (step 5). dy is always
// dL/d(output), and the result dL/d(input).
// Leave this file as it is: yours is a copy of it.
#pragma once

#include <cstddef>

#include "nst/error.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/pooling.hpp"
#include "nst/tensor.hpp"

namespace exercise {

using nst::Filters, nst::Matrix, nst::Real, nst::Shape3, nst::Tensor3;

/// Makes an (H, W, C) out of an equation for one number: value(i, j, c) goes to (i, j, c). This one
/// is written; use it if you like:
///
///     return map(x.shape(), [&](auto i, auto j, auto c) { return 2 * x(i, j, c); });
template <class Value>
Tensor3 map(const Shape3& shape, const Value& value) {
    Tensor3 made = Tensor3::from_shape(shape);
    for (std::size_t k = 0; k < made.size(); ++k) {
        const std::size_t p = k / shape[2];  // the position, counted row by row
        made.data()[k] = static_cast<Real>(value(p / shape[1], p % shape[1], k % shape[2]));
    }
    return made;
}

/// ReLU: the gradient passes where the output was positive. At 0 there is no derivative; 0 is
/// taken.
inline Tensor3 relu_backward(const Tensor3& dy, const Tensor3& y) {
    throw nst::Error("relu_backward: not written yet");
}

/// Average pooling: pixel (p, q) was one of n in window (p/2, q/2) and gets 1/n of its gradient.
/// n is 2 x 2, and only 1 wide or high in the last column or row of an odd size.
inline Tensor3 average_pool_backward(const Tensor3& dy, const Shape3& x_shape) {
    throw nst::Error("average_pool_backward: not written yet");
}

/// Max pooling: all of a window's gradient goes to the pixel that won, 0 to the others.
inline Tensor3 max_pool_backward(const Tensor3& dy, const nst::MaxPooled& pooled) {
    throw nst::Error("max_pool_backward: not written yet");
}

/// Convolution: tap (u, v) of the output at (i, j) saw pixel (i + u - kh/2, j + v - kw/2). Each
/// pixel collects from all outputs that saw it, through the weight that it was multiplied with. An
/// output beyond the edge does not exist. Sum in double.
inline Tensor3 conv2d_backward(const Tensor3& dy, const Filters& w) {
    throw nst::Error("conv2d_backward: not written yet");
}

/// Content loss: d/da_G of (a_C - a_G)^2 / (4 H W C) is (a_G - a_C) / (2 H W C).
inline Tensor3 content_loss_backward(const Tensor3& generated, const Tensor3& content) {
    throw nst::Error("content_loss_backward: not written yet");
}

/// Gram matrix: dF = F (dG + dG^T). dG need not be symmetric.
inline Tensor3 gram_matrix_backward(const Matrix& d_gram, const Tensor3& features) {
    throw nst::Error("gram_matrix_backward: not written yet");
}

/// Style loss: dL/dG = (G - A) / (2 C^2 (H W)^2), and from there through the Gram matrix.
inline Tensor3 style_loss_backward(const Tensor3& generated, const Matrix& style_gram) {
    throw nst::Error("style_loss_backward: not written yet");
}

}  // namespace exercise
