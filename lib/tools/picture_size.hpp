#pragma once

#include <cstddef>
#include <string>

#include "nst/image.hpp"

namespace nst::tools {

/// The size that a picture is to have.
///
/// @param text  `WxH`, or `N` for the longer side, or empty: the picture's own size
/// @throws Error when the text is neither, or a side would be 0 or above 65535
ImageSize parse_size(const std::string& text, const ImageSize& picture);

/// A size with its longer side scaled to `longer`, the other in proportion, at least 1.
ImageSize scale_to(const ImageSize& picture, std::size_t longer);

/// "400x300": width, then height, as people say it.
std::string text(const ImageSize& size);

}  // namespace nst::tools
