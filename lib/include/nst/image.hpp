#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// An image, and what its file says beyond the colours of the pixels.
/// Introduced in chapter 13.
struct LoadedImage {
    Image image;   ///< (H, W, 3), RGB, 0 to 255, composited on white
    Matrix alpha;  ///< (H, W), 0 transparent to 255 opaque; empty when every pixel is opaque
    std::vector<std::string> warnings;  ///< one line for each thing that was ignored or repaired
};

/// Reads a PNG, JPEG, WebP or TIFF; the first bytes decide which, not the name.
///
/// PNG: grey, grey+alpha, RGB, RGBA, palette, 1 to 16 bits (16-bit samples keep their fraction),
/// interlaced or not; transparency is composited on white. JPEG: baseline or progressive, 8 bits,
/// greyscale, YCbCr, RGB, CMYK and YCCK (stored inverted, as every program stores them).
///
/// WebP: lossless and lossy, with alpha; of an animation the first frame, on its whole canvas.
/// TIFF: the first page; strips and tiles, 1 to 16 bits, grey, palette, RGB, CMYK, YCbCr,
/// associated and unassociated alpha; uncompressed, PackBits, LZW, Deflate, Zstandard, WebP, JPEG
/// and fax.
///
/// An EXIF orientation is applied, so that the image is upright. Colours with an RGB or grey ICC
/// profile are converted to sRGB; a profile within a grey level of sRGB changes nothing, and
/// one that cannot be used is ignored. All other metadata are ignored, gAMA and cHRM too.
///
/// A file whose pixels are all there is read even if something beside them is damaged or missing:
/// the end marker, the checksum of the pixel data, entries of transparency without a colour.
///
/// Peak memory for a PNG: the result and the pixels as the file stores them, or, while unpacking,
/// if that is more, twice those pixels. For a progressive JPEG: the result and two bytes for each
/// stored sample. For any other JPEG: the result and some rows. A colour profile takes up to 36
/// MiB more.
///
/// @param file  path of the image, or of a pipe that yields one; "-" is standard input
/// @return (H, W, 3), RGB, 0 to 255
/// @throws Error when the file is missing, a directory, a device, empty, truncated, damaged, of
///         another format (which the message names), or larger than 2^28 pixels; when a JPEG has 12
///         bits per sample, is lossless, is arithmetically coded or has more than 500 scans; when
///         memory runs out
/// Introduced in chapter 01.
NST_API Image load_image(const std::filesystem::path& file);

/// Reads an image like load_image, with its transparency and what was ignored or repaired.
/// @throws Error as load_image
/// Introduced in chapter 13.
NST_API LoadedImage read_image(const std::filesystem::path& file);

/// What save_image stores beside the colours, and how finely.
/// Introduced in chapter 01.
struct SaveOptions {
    Matrix alpha = {};  ///< (H, W), 0 transparent to 255 opaque; empty: opaque. PNG only: a JPEG
                        ///< shows the image as it is, on white.
    int bits = 8;       ///< per sample: 8, or 16 in a PNG
};

/// Writes an image as PNG (`.png`) or JPEG (`.jpg`, `.jpeg`; quality 95, no chroma subsampling),
/// tagged as sRGB. Upper-case extensions work too.
///
/// Values are rounded, halves up, and clamped to 0..255 (the tutorial truncates). With 16 bits,
/// 255 is stored as 65535. With alpha, the image counts as composited on white, as read_image
/// returns it: the stored colours are those that give the image back on white. The file is written
/// under a temporary name in the same folder, flushed and renamed, so a failure leaves the previous
/// file intact. A symbolic link is kept; its target is replaced. A file that is replaced keeps its
/// mode, owner and group; its other names (hard links) keep the old file.
///
/// @param file     path with one of the three extensions
/// @param image    (H, W, 3), RGB, 0 to 255
/// @param options  transparency and bits
/// @throws Error when the extension is not one of these, the shape is not (H, W, 3) with H, W > 0,
///         a side of a JPEG is above 65500, a value is NaN, the options do not suit the image or
///         the format, memory runs out, or the file cannot be written: its folder or the old file
///         is not writable (no write permission at all counts for root as well), or a new file
///         cannot belong to the owner of the old one
/// Introduced in chapter 01.
NST_API void save_image(const std::filesystem::path& file, ImageView image,
                        const SaveOptions& options = {});

/// Throws what save_image would throw for this path, before any work is done: another extension, a
/// missing or unwritable folder, a directory, a device or a file that is not writable in its place,
/// bits that the format does not have. Leaves the folder unchanged.
/// Introduced in chapter 13.
NST_API void check_output_file(const std::filesystem::path& file, const SaveOptions& options = {});

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
