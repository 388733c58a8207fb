#pragma once

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Measures how rough an image is (the regulariser of [MV15] with beta = 2):
///
///     TV = sum over i, j, c of (x[i, j+1, c] - x[i, j, c])^2 + (x[i+1, j, c] - x[i, j, c])^2
///
/// Each pixel is compared with its right and its lower neighbour; the last column has no right
/// neighbour and the last row no lower one. The sum is not divided by anything. It is 0 for a
/// constant image and for a single pixel; adding a mean does not change it.
///
/// @param image  (H, W, C)
/// @return TV, summed in double
/// @throws Error when the image is empty
/// Introduced in chapter 16.
NST_API double total_variation(FeatureView image);

/// Computes the gradient of total_variation with respect to the image: for each pixel, twice the
/// sum of its differences from its neighbours above, below, left and right, where they exist.
/// @return (H, W, C)
/// @throws Error as total_variation
/// Introduced in chapter 16.
NST_API Tensor3 total_variation_backward(FeatureView image);

}  // namespace NST_PRECISION
}  // namespace nst
