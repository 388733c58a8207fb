// The image formats: from an open file to pixels, and from pixels to the bytes of a file.
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
ImageSize webp_size(ImageFile& file);
ImageSize tiff_size(ImageFile& file);

/// Reads the whole image, as read_image documents. The warnings do not name the file: "its end
/// marker is missing".
/// @param file  at its beginning
LoadedImage read_png(ImageFile& file);
LoadedImage read_jpeg(ImageFile& file);
LoadedImage read_webp(ImageFile& file);
LoadedImage read_tiff(ImageFile& file);

/// Reads a file of any of these formats, from its beginning. Running out of memory is an Error.
ImageSize image_size(ImageFile& file);
LoadedImage read_image(ImageFile& file);

/// Pixels as a file stores them.
struct StoredPixels {
    ImageSize size{};
    bool has_alpha = false;
    int bits = 8;                           ///< 8, or 16 with the high byte first
    std::vector<unsigned char> bytes = {};  ///< H x W x 3, or 4 with alpha, samples
};

/// Returns the bytes of a file that holds the image, as save_image documents.
/// @param context  begins every error message
/// @throws Error when the format does not support the size
std::vector<unsigned char> encode_png(const FileErrorContext& context, const StoredPixels& pixels);
/// @param pixels  8 bits, without alpha
std::vector<unsigned char> encode_jpeg(const FileErrorContext& context, const StoredPixels& pixels);

}  // namespace NST_PRECISION
}  // namespace nst
