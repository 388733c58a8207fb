#pragma once

#include <cstddef>
#include <string>

#include "nst/image.hpp"

namespace nst::tools {

/// Returns the size that an image should have.
///
/// @param text   `WxH`, or `N` for the longer side, or empty for the image's own size
/// @param image  the image's own size
/// @throws Error when the text is none of these, or a side would be 0 or above 65535
ImageSize parse_size(const std::string& text, const ImageSize& image);

/// Returns the size with its longer side scaled to `longer` and the other in proportion, at least
/// 1.
ImageSize scale_to(const ImageSize& image, std::size_t longer);

/// Resizes an image's alpha, (H, W), as resize_image does its colours.
/// @return empty when alpha is
Matrix resize_alpha(const Matrix& alpha, const ImageSize& size);

/// Returns "400x300": width, then height, as is customary.
std::string text(const ImageSize& size);

}  // namespace nst::tools
