#pragma once

#include <array>

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Measures how far the values of an image are outside 0 to 255: the mean of the squared excess,
///
///     R = 1 / (H W C) sum over i, j, c of e^2,   e = max(0, -p, p - 255)
///
/// where p = x[i, j, c] + mean[c] is a pixel's value. A cost that contains it keeps an optimizer
/// among the values that can be saved; clamping afterwards would burn areas to flat white.
///
/// @param input  (H, W, 3), an image less the network's mean
/// @param mean   of the network, red, green, blue
/// @return R in squared grey levels, summed in double; 0 when every value can be saved
/// @throws Error when the image is empty or does not have three channels
/// Introduced in chapter 16.
NST_API double range_penalty(FeatureView input, const std::array<Real, 3>& mean);

/// Computes the gradient of range_penalty with respect to the image: 2 (p - 255) / (H W C) above
/// the range, 2 p / (H W C) below it, and 0 inside.
/// @return (H, W, 3)
/// @throws Error as range_penalty
/// Introduced in chapter 16.
NST_API Tensor3 range_penalty_backward(FeatureView input, const std::array<Real, 3>& mean);

}  // namespace NST_PRECISION
}  // namespace nst
