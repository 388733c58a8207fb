// The sizes that a transfer paints at, one after the other.
#pragma once

#include <vector>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// One scale: what content and style image are reduced to.
struct Scale {
    Shape3 content;
    Shape3 style;
};

/// The scales of a transfer, the smallest first: each has twice the sides of the one before,
/// rounded, and the last has the images' own.
/// @throws Error when `count` is out of range or a side at the smallest scale has under 16 pixels
std::vector<Scale> plan_scales(const Shape3& content, const Shape3& style, int count);

}  // namespace NST_PRECISION
}  // namespace nst
