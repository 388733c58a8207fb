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
#include <initializer_list>
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

/// read_image of a file with these bytes. The warnings lose the file name.
nst::LoadedImage read_with_alpha(const Bytes& bytes);

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

/// A PNG with an additional chunk right after the header, or right before the end.
Bytes with_chunk(Bytes png, const Bytes& chunk, bool at_end = false);

/// The zlib stream of the data, by lodepng.
Bytes zlib(const Bytes& data);

Bytes joined(std::initializer_list<Bytes> parts);

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

/// A JPEG with an additional marker right after the first. `marker` is its second byte.
Bytes with_marker(Bytes jpeg, unsigned char marker, const Bytes& body);

/// The body of an APP2 marker with a part of an ICC profile; `number` counts from 1.
Bytes icc_marker(unsigned char number, unsigned char count, const Bytes& part);

/// What an ICC profile says about colours.
struct ProfileSpec {
    std::string device = "mntr";
    std::string space = "RGB ";
    /// One column for each of red, green and blue: X, Y and Z under D50.
    std::array<std::array<double, 3>, 3> primaries = {};
    double gamma = 1;             ///< rounded to a multiple of 1/256
    bool has_srgb_curve = false;  ///< in place of gamma
};

Bytes make_profile(const ProfileSpec& spec);

/// Adobe RGB (1998), Display P3 and sRGB.
ProfileSpec adobe_rgb();
ProfileSpec display_p3();
ProfileSpec srgb();

/// A colour of the profile, 0 to 255, in sRGB, by the formulas of IEC 61966-2-1.
std::array<double, 3> in_srgb(const ProfileSpec& spec, const std::array<double, 3>& colour);

/// The body of an APP1 marker with only an orientation.
Bytes exif_block(unsigned orientation, bool big_endian = false);

/// Pseudorandom numbers 0 to bound - 1, the same every time.
std::vector<unsigned> noise(std::size_t count, unsigned bound, unsigned seed = 1);

/// An image of any size with smooth colours.
Bytes smooth_rgb(std::size_t width, std::size_t height);

}  // namespace nst_test
