#pragma once

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Measures how rough a picture is (the regulariser of [MV15] with beta = 2):
///
///     TV = sum over i, j, c of (x[i, j+1, c] - x[i, j, c])^2 + (x[i+1, j, c] - x[i, j, c])^2
///
/// Each pixel is compared with its right and its lower neighbour; the last column has none to the
/// right and the last row none below. The sum is divided by nothing. A constant picture has 0, and
/// so has a single pixel; adding a mean changes nothing.
///
/// @param image  (H, W, C)
/// @return TV, summed in double
/// @throws Error when the picture is empty
/// Introduced in chapter 16.
double total_variation(const Tensor3& image);

/// The gradient of total_variation with respect to the picture: for each pixel twice the sum of its
/// differences to the neighbours it has, up, down, left and right.
/// @return (H, W, C)
/// @throws Error as total_variation
/// Introduced in chapter 16.
Tensor3 total_variation_backward(const Tensor3& image);

}  // namespace NST_PRECISION
}  // namespace nst
