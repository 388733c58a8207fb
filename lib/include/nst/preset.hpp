#pragma once

#include <string>
#include <vector>

#include "nst/api.hpp"
#include "nst/transfer.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// A named set of options for a transfer.
/// Introduced in chapter 16.
struct Preset {
    std::string name;
    std::string summary;  ///< one line
    TransferOptions options;
};

/// Returns all presets; the first is the default of `nst transfer`:
///
///     tutorial  the tutorial to the digit: the defaults of TransferOptions
///     painting  the project's own recipe (docs/painting.md)
///
/// Introduced in chapter 16.
NST_API const std::vector<Preset>& presets();

/// Returns the preset of that name.
/// @throws Error naming those that exist
/// Introduced in chapter 16.
NST_API const Preset& find_preset(const std::string& name);

/// Sets the weights by one number, for losses that are relative:
///
///     content_weight = (1 - s)^2 / 25,   style_weight = s^2,   tv_weight = s^2 / 250
///
/// so that the odds of content and style change evenly and are 1 to 25 in the middle
/// (docs/painting.md tells how this was found).
///
/// @param strength  s, from 0, the content image, to 1, the style's texture
/// @throws Error when it is outside 0 to 1
/// Introduced in chapter 16.
NST_API void set_style_strength(ObjectiveOptions& options, double strength);

}  // namespace NST_PRECISION
}  // namespace nst
