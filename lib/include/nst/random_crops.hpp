#pragma once

#include <cstddef>
#include <vector>

#include "nst/api.hpp"
#include "nst/feature_view.hpp"
#include "nst/numpy_random.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Cuts random squares out of a picture: reduced so that its longer side has 400, 800 or 1600
/// pixels (not below what gives `side` to the shorter one), mirrored in half of the cases; in a
/// fifth of them with its colour channels exchanged, in a fifth with uniform noise of up to 25 grey
/// levels, so that a network fitted to them also knows colours and grain that photographs lack.
///
/// @param picture  (H, W, 3), RGB, 0 to 255
/// @param side     of a square, in pixels, at most the picture's shorter side
/// @throws Error when the picture is too small
/// Introduced in chapter 18.
NST_API std::vector<Image> random_crops(ImageView picture, std::size_t count, std::size_t side,
                                        NumpyRandom& random);

}  // namespace NST_PRECISION
}  // namespace nst
