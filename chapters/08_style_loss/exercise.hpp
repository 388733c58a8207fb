// Exercise 08: how far two Gram matrices are apart, for one layer (tutorial, step 3.2).
// Leave this file as it is: yours is a copy of it.
#pragma once

#include <cstddef>

#include "nst/error.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/tensor.hpp"

namespace exercise {

using nst::Matrix;
using nst::Real;
using nst::Tensor3;

/// J_style = sum over a, b of (G(a, b) - A(a, b))^2 / (4 C^2 (H W)^2); a and b in 0..C-1. G is the
/// Gram matrix of the generated features, which `nst::gram_matrix` makes, A the style picture's;
/// H W is the generated picture's own number of positions.
inline double style_loss(const Tensor3& generated, const Matrix& style_gram) {
    throw nst::Error("style_loss: not written yet");
}

/// Makes the tutorial's mistake: the numbers lie in memory pixel by pixel, all channels of a pixel
/// together; take them as if they lay channel by channel, in C rows of HW numbers. Then multiply
/// every two rows, as the Gram matrix does.
///
/// `features.data()[k]` is number k in memory. Row a is numbers a * HW to a * HW + HW - 1.
inline Matrix misread_gram_matrix(const Tensor3& features) {
    throw nst::Error("misread_gram_matrix: not written yet");
}

}  // namespace exercise
