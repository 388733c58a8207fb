#pragma once

#include <cstddef>
#include <filesystem>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Reads a PNG or a JPEG; the first bytes decide which, never the name.
///
/// PNG: grey, grey+alpha, RGB, RGBA, palette, 1 to 16 bits (16-bit samples keep their fraction);
/// transparency is composited on white. JPEG: baseline or progressive, greyscale, YCbCr, CMYK and
/// YCCK; an EXIF orientation is applied, so that the picture stands upright.
///
/// @param file  path of the picture
/// @return (H, W, 3), RGB, 0 to 255
/// @throws Error when the file is missing, a directory, empty, truncated, neither PNG nor JPEG, or
///         larger than 2^28 pixels
/// Introduced in chapter 01.
Image load_image(const std::filesystem::path& file);

/// Writes a picture as PNG (`.png`) or JPEG (`.jpg`, `.jpeg`; quality 95, no chroma subsampling).
///
/// Values are rounded and clamped to 0..255 (the tutorial truncates). The file is written under a
/// temporary name in the same folder and renamed, so a failure leaves what was there before.
///
/// @param file   path with one of the three endings
/// @param image  (H, W, 3), RGB, 0 to 255
/// @throws Error when the ending is another, the shape is not (H, W, 3) with H, W > 0, a value is
///         not a number, or the file cannot be written
/// Introduced in chapter 01.
void save_image(const std::filesystem::path& file, const Image& image);

/// Throws what save_image would throw for this path, before any work is done for the picture:
/// another ending, a missing or unwritable folder, a directory in its place.
/// Introduced in chapter 13.
void check_output_file(const std::filesystem::path& file);

/// Width and height of a picture, upright, read without decoding its pixels.
struct ImageSize {
    std::size_t height;
    std::size_t width;
};

/// Reads a picture's size without its pixels; the same errors as load_image.
/// Introduced in chapter 13.
ImageSize image_size(const std::filesystem::path& file);

/// Resizes a picture: Catmull-Rom when enlarging, Mitchell over the covered pixels when reducing
/// (stb_image_resize), edges repeated, result clamped to 0..255.
///
/// @param image   (H, W, 3), RGB, 0 to 255
/// @param height  1 to 65535
/// @param width   1 to 65535
/// @return (height, width, 3); a copy when the size is already right
/// @throws Error when the shape is not (H, W, 3) or a size is out of range
/// Introduced in chapter 01.
Image resize_image(const Image& image, std::size_t height, std::size_t width);

}  // namespace NST_PRECISION
}  // namespace nst
