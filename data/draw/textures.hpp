// Textures without end, each drawn from its number: what the bundled network learns to tell apart.
#pragma once

#include <cstdint>

#include "picture.hpp"

namespace draw {

/// Kinds of textures; number n is of kind n % texture_kinds.
inline constexpr std::uint32_t texture_kinds = 12;

/// A picture full of one texture: the kind, the colours and all sizes follow from the number.
Picture texture(std::uint32_t number);

}  // namespace draw
