#pragma once

#include <cstdint>

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Makes the tutorial's initial image: ratio times noise, uniform in [-20, 20), plus (1 - ratio)
/// times the content (tutorial, `generate_noise_image`).
///
/// The noise is exactly the course's: `np.random.seed(3)`, two normal numbers, which the course's
/// cost cell draws in between, then one uniform number for each value in the order (H, W, RGB),
/// rounded to single precision.
///
/// @param content  (H, W, 3), the content image less the mean
/// @param ratio    0 (the content itself) to 1 (noise alone)
/// @param seed     3 in the course
/// @return (H, W, 3)
/// @throws Error when the ratio is not in 0..1
/// Introduced in chapter 01.
NST_API Tensor3 noise_image(FeatureView content, double ratio = 0.6, std::uint32_t seed = 3);

}  // namespace NST_PRECISION
}  // namespace nst
