#pragma once

#include <cstddef>
#include <filesystem>

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Reads a PNG or a JPEG; the first bytes decide which, not the name.
///
/// PNG: grey, grey+alpha, RGB, RGBA, palette, 1 to 16 bits (16-bit samples keep their fraction),
/// interlaced or not; transparency is composited on white. JPEG: baseline or progressive, 8 bits,
/// greyscale, YCbCr, RGB, CMYK and YCCK; an EXIF orientation is applied, so that the image is
/// upright. Values are used as stored: gamma, colour profiles and all other metadata are ignored.
///
/// Peak memory for a PNG: the result and the pixels as the file stores them, or, while unpacking,
/// if that is more, twice those pixels and the file's pixel data. For a progressive JPEG: the
/// result and two bytes for each stored sample. For any other JPEG: the result and some rows.
///
/// @param file  path of the image
/// @return (H, W, 3), RGB, 0 to 255
/// @throws Error when the file is missing, a directory, not a regular file, empty, truncated,
///         damaged, neither PNG nor JPEG, or larger than 2^28 pixels; when a JPEG has 12 bits per
///         sample, is lossless, is arithmetically coded or has more than 500 scans; when memory
///         runs out
/// Introduced in chapter 01.
NST_API Image load_image(const std::filesystem::path& file);

/// Writes an image as PNG (`.png`, 8 bits) or JPEG (`.jpg`, `.jpeg`; quality 95, no chroma
/// subsampling). Upper-case extensions work too.
///
/// Values are rounded, halves up, and clamped to 0..255 (the tutorial truncates). The file is
/// written under a temporary name in the same folder, flushed and renamed, so a failure leaves the
/// previous file intact. A symbolic link is kept; its target is replaced. A file that is replaced keeps
/// its mode, owner and group; its other names (hard links) keep the old file.
///
/// @param file   path with one of the three extensions
/// @param image  (H, W, 3), RGB, 0 to 255
/// @throws Error when the extension is not one of these, the shape is not (H, W, 3) with H, W > 0,
///         a side of a JPEG is above 65500, a value is NaN, memory runs out, or the file cannot be
///         written: its folder or the old file is not writable (no write permission at all counts
///         for root as well), or a new file cannot belong to the owner of the old one
/// Introduced in chapter 01.
NST_API void save_image(const std::filesystem::path& file, ImageView image);

/// Throws what save_image would throw for this path, before any work is done: another extension, a
/// missing or unwritable folder, a directory, a device or a file that is not writable in its place.
/// Leaves the folder unchanged.
/// Introduced in chapter 13.
NST_API void check_output_file(const std::filesystem::path& file);

/// Height and width of an upright image, in pixels.
/// Introduced in chapter 13.
struct ImageSize {
    std::size_t height;
    std::size_t width;
};

/// Reads an image's size without decoding its pixels, with EXIF orientation applied.
/// @throws Error as load_image, except for damage after the header
/// Introduced in chapter 13.
NST_API ImageSize image_size(const std::filesystem::path& file);

/// Resizes an image, one axis at a time: Catmull-Rom when enlarging, Mitchell over all covered
/// pixels when reducing (Mitchell and Netravali, *Reconstruction Filters in Computer Graphics*,
/// SIGGRAPH 1988: B, C = 0, 1/2 and 1/3, 1/3). Edges are repeated and the result is clamped to
/// 0..255; NaN stays NaN.
///
/// Output pixel o of n is centred at (o + 1/2) N / n - 1/2 in the input, where N is the old size.
/// Summed in double.
///
/// @param image   (H, W, 3), RGB, 0 to 255
/// @param height  1 to 65535
/// @param width   1 to 65535
/// @return (height, width, 3); a copy when the size is already right
/// @throws Error when the shape is not (H, W, 3) with H, W > 0, a size is out of range, or memory
///         runs out
/// Introduced in chapter 01.
NST_API Image resize_image(ImageView image, std::size_t height, std::size_t width);

}  // namespace NST_PRECISION
}  // namespace nst
