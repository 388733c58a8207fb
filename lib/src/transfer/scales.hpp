// The sequence of sizes at which a transfer runs.
#pragma once

#include <vector>

#include "nst/transfer.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// One scale: the sizes to which the content image and the style image are reduced.
struct Scale {
    Shape3 content;
    Shape3 style;
};

/// Returns the scales of a transfer, the smallest first: the sides double from scale to scale,
/// rounded, and the last scale has the content's own size, and the style's as the options say.
/// @throws Error when the number of scales or the style's scale is out of range or a side at the
///         smallest scale is below 16 pixels
std::vector<Scale> plan_scales(const Shape3& content, const Shape3& style,
                               const TransferOptions& options);

}  // namespace NST_PRECISION
}  // namespace nst
