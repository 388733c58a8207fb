// Exercise 06: how far the generated picture is from the content (tutorial, step 2).
// Leave this file as it is: yours is a copy of it.
#pragma once

#include <cstddef>

#include "nst/error.hpp"
#include "nst/tensor.hpp"

namespace exercise {

using nst::Matrix;
using nst::Tensor3;

/// J_content = sum over i, j, c of (a_C - a_G)^2 / (4 H W C), on the feature maps as they are;
/// i in 0..H-1, j in 0..W-1, c in 0..C-1.
///
/// `content(i, j, c)` is one number; `content.shape(0)`, `.shape(1)`, `.shape(2)` are H, W, C. Sum
/// in double.
inline double content_loss(const Tensor3& generated, const Tensor3& content) {
    throw nst::Error("content_loss, on (H, W, C): not written yet");
}

/// Unrolls a feature map to a matrix (HW, C), one row for each position: pixel (i, j) becomes row
/// i * W + j.
///
/// `Matrix::from_shape({rows, columns})` makes the matrix.
inline Matrix unroll(const Tensor3& features) {
    throw nst::Error("unroll: not written yet");
}

/// The same J_content on unrolled features, (HW, C), as the tutorial computes it.
inline double content_loss(const Matrix& generated, const Matrix& content) {
    throw nst::Error("content_loss, on (HW, C): not written yet");
}

}  // namespace exercise
