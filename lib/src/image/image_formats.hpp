// The two image formats: from an open file to pixels, and from pixels to the bytes of a file.
#pragma once

#include <vector>

#include "image/image_file.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Reads the upright size without the pixels.
/// @param file  at its beginning
/// @throws Error when the header is damaged or announces more than 2^28 pixels or more than the
///         file can hold
ImageSize png_size(ImageFile& file);
ImageSize jpeg_size(ImageFile& file);

/// Reads the whole image, as load_image documents.
/// @param file  at its beginning
Image read_png(ImageFile& file);
Image read_jpeg(ImageFile& file);

/// Returns the bytes of a file that holds the image, as save_image documents.
/// @param pixels   H x W x 3 bytes
/// @param context  begins every error message
/// @throws Error when the format does not support the size
std::vector<unsigned char> encode_png(const FileErrorContext& context, const unsigned char* pixels,
                                      const ImageSize& size);
std::vector<unsigned char> encode_jpeg(const FileErrorContext& context, const unsigned char* pixels,
                                       const ImageSize& size);

}  // namespace NST_PRECISION
}  // namespace nst
