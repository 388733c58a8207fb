// An unlimited set of textures, each drawn from its number, which the bundled network learns to
// tell apart.
#pragma once

#include <cstdint>

#include "picture.hpp"

namespace draw {

/// The number of kinds; texture n is of kind n % texture_kinds.
inline constexpr std::uint32_t texture_kinds = 12;

/// An image filled with one texture. The number determines its kind, its colours and all sizes.
Picture texture(std::uint32_t number);

}  // namespace draw
