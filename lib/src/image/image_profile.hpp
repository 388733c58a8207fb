// Colour profiles (ICC): conversion of an image's colours to sRGB, and the profile of sRGB itself.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// No profile of an RGB or grey device comes near this size.
constexpr std::size_t max_profile_bytes = std::size_t{4} << 20;

/// Converts pixels in place from an RGB or grey profile to sRGB, before any compositing. Pixels
/// whose profile is sRGB, to within a grey level, keep their bits.
///
/// @param profile  an ICC profile, or empty for none
/// @param rgb      3 numbers for each pixel, 0 to 255
/// @return empty, or one line that says why the profile is ignored: damaged, of another class, for
///         another kind of colours
/// @throws std::bad_alloc
std::string convert_to_srgb(const std::vector<unsigned char>& profile, Real* rgb,
                            std::size_t pixels);

/// Returns a small ICC profile of sRGB, the same bytes every time.
std::vector<unsigned char> srgb_profile();

}  // namespace NST_PRECISION
}  // namespace nst
