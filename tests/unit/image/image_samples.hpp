// Shared by the image tests: files of every kind, made by the format's own library from known
// samples, and functions to read them back.
#pragma once

// jpeglib.h uses FILE without including its header
#include <cstdio>

#include <jpeglib.h>
#include <lodepng.h>

#include <array>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "nst/image.hpp"

namespace nst_test {

using Bytes = std::vector<unsigned char>;

/// Masks to damage a byte: the lowest bit, the highest bit, all bits.
constexpr std::array<unsigned char, 3> every_flip = {0x01, 0x80, 0xff};

void write_bytes(const std::filesystem::path& file, const Bytes& bytes);
Bytes read_bytes(const std::filesystem::path& file);

/// load_image of a file with these bytes; checks that image_size agrees on the size.
nst::Image load_bytes(const Bytes& bytes);

/// The error message of a rejected call, or "(not refused)". Any exception other than nst::Error
/// passes through and fails the test.
std::string message_of(const std::function<void()>& call);

/// The error message of load_image for a file with these bytes, without the file name.
std::string load_message(const Bytes& bytes);

/// The same for image_size.
std::string size_message(const Bytes& bytes);

bool contains(const std::string& text, const std::string& part);

double largest_difference(const nst::Image& a, const nst::Image& b);

/// The pixels of a PNG as stored in the file.
struct PngSpec {
    LodePNGColorType colour = LCT_RGB;
    unsigned depth = 8;
    unsigned width = 1;
    unsigned height = 1;
    bool interlaced = false;
    std::vector<std::array<unsigned char, 4>> palette = {};  ///< red, green, blue, alpha
    std::optional<std::array<unsigned, 3>> transparent =
        {};  ///< the one colour that is transparent
};

unsigned png_channels(LodePNGColorType colour);

/// @param samples  height * width * channels numbers below 2^depth
Bytes make_png(const PngSpec& spec, const std::vector<unsigned>& samples);

/// A PNG chunk with its length and checksum.
Bytes png_chunk(const char* type, const Bytes& data);

/// A PNG signature and header that announce any size.
Bytes png_header(unsigned width, unsigned height, unsigned char depth = 8,
                 unsigned char colour = LCT_RGB);

/// The pixels of a JPEG as stored in the file.
struct JpegSpec {
    unsigned width = 1;
    unsigned height = 1;
    J_COLOR_SPACE pixels = JCS_RGB;    ///< the input format of make_jpeg
    J_COLOR_SPACE stored = JCS_YCbCr;  ///< the format in the file
    int quality = 100;
    bool subsampled = false;  ///< chroma at half the size, 4:2:0
    bool progressive = false;
    bool optimized = false;  ///< optimal Huffman codes
    bool adobe = false;      ///< with Adobe's marker
    unsigned restart = 0;    ///< blocks between restart markers
    Bytes exif;              ///< body of an APP1 marker
    std::vector<jpeg_scan_info> scans;
};

Bytes make_jpeg(const JpegSpec& spec, const Bytes& pixels);

/// The body of an APP1 marker with only an orientation.
Bytes exif_block(unsigned orientation, bool big_endian = false);

/// Pseudorandom numbers 0 to bound - 1, the same every time.
std::vector<unsigned> noise(std::size_t count, unsigned bound, unsigned seed = 1);

/// An image of any size with smooth colours.
Bytes smooth_rgb(std::size_t width, std::size_t height);

}  // namespace nst_test
