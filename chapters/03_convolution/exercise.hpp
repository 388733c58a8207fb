// Exercise 03: a convolution is six loops; then the same as one matrix product.
// Leave this file as it is: yours is a copy of it.
#pragma once

#include <cstddef>

#include "nst/error.hpp"
#include "nst/tensor.hpp"

namespace exercise {

using nst::Filters;
using nst::Matrix;
using nst::Real;
using nst::Tensor3;
using nst::Vector;

/// The sum over u, v, c of x(i + u - kh/2, j + v - kw/2, c) w(u, v, c, o): lays filter o on the
/// picture with its centre on (i, j), multiplies what lies on each other, and adds up, in double. x
/// is (H, W, C_in), w is (kh, kw, C_in, C_out). Taps beyond the edge add nothing. Nothing is
/// flipped.
///
/// An index is never negative: compare `i + u` with `kh / 2` before you subtract.
inline double filter_response(const Tensor3& x, const Filters& w, std::size_t i, std::size_t j,
                              std::size_t o) {
    throw nst::Error("filter_response: not written yet");
}

/// y(i, j, o) = b(o) + the response of filter o at (i, j): every filter at every pixel. The picture
/// keeps its height and width; `Tensor3::from_shape({height, width, channels})` makes y.
inline Tensor3 conv2d(const Tensor3& x, const Filters& w, const Vector& b) {
    throw nst::Error("conv2d: not written yet");
}

/// Writes for every pixel (i, j), as row i * W + j, the kh kw C_in numbers that a filter sees:
/// the number under tap (u, v), channel c, in column (u kw + v) C_in + c, and 0 where the tap lies
/// beyond the edge.
inline Matrix im2col(const Tensor3& x, std::size_t kh, std::size_t kw) {
    throw nst::Error("im2col: not written yet");
}

/// The same convolution as one matrix product: (HW, kh kw C_in) times (kh kw C_in, C_out). The
/// filters already lie in memory as that second matrix: number (k, o) of it is
/// `w.data()[k * C_out + o]`. Number (row, o) of the result is `y.data()[row * C_out + o]`.
inline Tensor3 conv2d_im2col(const Tensor3& x, const Filters& w, const Vector& b) {
    throw nst::Error("conv2d_im2col: not written yet");
}

}  // namespace exercise
