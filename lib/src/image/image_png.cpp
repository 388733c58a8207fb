#include <lodepng.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

#include "image/image_formats.hpp"
#include "image/image_orientation.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

struct Free {
    void operator()(unsigned char* memory) const { std::free(memory); }
};
using Buffer = std::unique_ptr<unsigned char, Free>;

using Bytes = std::vector<unsigned char>;

constexpr std::size_t signature_size = 8;
constexpr std::size_t chunk_head = 8;  // length and type
constexpr std::size_t checksum_size = 4;
constexpr std::size_t header_size = signature_size + chunk_head + 13 + checksum_size;

// deflate expands two bits to at most 258 bytes
constexpr std::uint64_t max_inflated = 258 * 8 / 2;

constexpr unsigned no_memory = 83;
constexpr unsigned no_compression = 111;  // lodepng's code for any error of deflate_all

/// Uses zlib in place of lodepng's own deflate, which dereferences null pointers when memory runs
/// out.
unsigned deflate_all(unsigned char** to, std::size_t* count, const unsigned char* from,
                     std::size_t size, const LodePNGCompressSettings*) {
    uLongf written = compressBound(size);
    Buffer memory(static_cast<unsigned char*>(std::malloc(written)));
    if (!memory || compress(memory.get(), &written, from, size) != Z_OK) return no_memory;
    *to = memory.release();
    *count = written;
    return 0;
}

/// Turns lodepng's error number into an exception. `what` describes the problem with the file.
void check(unsigned error, const FileErrorContext& context,
           const char* what = "is a damaged PNG: ") {
    if (error == no_memory || error == no_compression) throw std::bad_alloc();
    context.require(error == 0, what, lodepng_error_text(error));
}

/// Returns the bytes of an image, or of one pass of an interlaced image, before compression: each
/// row starts with one byte that names its filter.
std::uint64_t filtered_size(std::uint64_t width, std::uint64_t height, unsigned bits) {
    return width == 0 || height == 0 ? 0 : height * (1 + (width * bits + 7) / 8);
}

/// Returns the same for the seven passes of Adam7.
std::uint64_t interlaced_size(std::uint64_t width, std::uint64_t height, unsigned bits) {
    struct Pass {
        std::uint64_t x, y, step_x, step_y;
    };
    constexpr std::array<Pass, 7> passes = {{{0, 0, 8, 8},
                                             {4, 0, 8, 8},
                                             {0, 4, 4, 8},
                                             {2, 0, 4, 4},
                                             {0, 2, 2, 4},
                                             {1, 0, 2, 2},
                                             {0, 1, 1, 2}}};
    std::uint64_t sum = 0;
    for (const Pass& pass : passes) {
        sum += filtered_size((width + pass.step_x - 1 - pass.x) / pass.step_x,
                             (height + pass.step_y - 1 - pass.y) / pass.step_y, bits);
    }
    return sum;
}

struct Header {
    ImageSize size{};
    std::uint64_t filtered = 0;  ///< size of the inflated pixel data in bytes
    Bytes bytes;                 ///< the signature and the chunk IHDR, as in the file
};

Header read_header(ImageFile& file) {
    Header header;
    header.bytes.resize(header_size);
    file.read(header.bytes.data(), header_size);
    lodepng::State state;
    unsigned width = 0;
    unsigned height = 0;
    check(lodepng_inspect(&width, &height, &state, header.bytes.data(), header_size),
          file.context());
    header.size = {height, width};
    file.check_size(header.size, 0);
    const unsigned bits = lodepng_get_bpp(&state.info_png.color);
    header.filtered = state.info_png.interlace_method == 0 ? filtered_size(width, height, bits)
                                                           : interlaced_size(width, height, bits);
    file.check_size(header.size, header.filtered / max_inflated);
    return header;
}

/// Appends the chunks that make up the pixels to the header. All other chunks are skipped: nothing
/// in them matters here, and text or a colour profile can inflate to any size.
Bytes read_chunks(ImageFile& file, Header& header) {
    // at its worst deflate adds a few bytes to each row, and no other chunk here is long
    const std::uint64_t max_bytes = 16 * header.filtered + (1 << 20);
    Bytes png = std::move(header.bytes);
    png.reserve(std::min(file.size(), max_bytes));
    for (bool ended = false; !ended;) {
        std::array<unsigned char, chunk_head> head{};
        file.read(head.data(), head.size());
        const std::uint64_t rest = std::uint64_t{lodepng_chunk_length(head.data())} + checksum_size;
        if (lodepng_chunk_ancillary(head.data()) != 0 &&
            lodepng_chunk_type_equals(head.data(), "tRNS") == 0) {
            file.skip(rest);
            continue;
        }
        file.require_left(rest);
        file.context().require(png.size() + rest <= max_bytes, "is a damaged PNG: it holds more ",
                               "data than its pixels need");
        png.insert(png.end(), head.begin(), head.end());
        const std::size_t end = png.size();
        png.resize(end + rest);
        file.read(png.data() + end, rest);
        ended = lodepng_chunk_type_equals(head.data(), "IEND") != 0;
    }
    return png;
}

/// @return the pixels in the file's own format, which `state` describes
Buffer decode(ImageFile& file, Header& header, lodepng::State& state) {
    const Bytes png = read_chunks(file, header);
    state.decoder.color_convert = 0;
    state.decoder.zlibsettings.max_output_size = header.filtered;
    unsigned width = 0;
    unsigned height = 0;
    unsigned char* memory = nullptr;
    const unsigned error = lodepng_decode(&memory, &width, &height, &state, png.data(), png.size());
    Buffer pixels(memory);
    check(error, file.context());
    return pixels;
}

/// Splits red, green, blue and alpha, of one or two bytes each, into colours and alpha of 0 to 255.
template <std::size_t sample_bytes>
void split_alpha(const unsigned char* rgba, std::size_t pixels, Real* rgb, Real* alpha) {
    const auto sample = [&](std::size_t index) {
        const unsigned char* at = rgba + index * sample_bytes;
        return static_cast<Real>(sample_bytes == 1 ? *at : (at[0] << 8 | at[1]) / 257.0);
    };
    for (std::size_t p = 0; p < pixels; ++p) {
        for (std::size_t c = 0; c < 3; ++c) rgb[3 * p + c] = sample(4 * p + c);
        alpha[p] = sample(4 * p + 3);
    }
}

/// Converts from the file's own pixel format to RGB.
LoadedImage to_image(const FileErrorContext& context, const unsigned char* pixels,
                     const LodePNGColorMode& mode, const ImageSize& size) {
    UprightImage image(size, Orientation::top_left);
    // Rows of less than a byte for each pixel begin in the middle of a byte, but never every
    // eighth.
    constexpr std::size_t strip = 8;
    const bool is_wide = mode.bitdepth == 16;
    const LodePNGColorMode rgba = lodepng_color_mode_make(LCT_RGBA, is_wide ? 16 : 8);
    Bytes converted(strip * size.width * (is_wide ? 8 : 4));
    std::vector<Real> rgb(strip * size.width * 3);
    std::vector<Real> alpha(strip * size.width);
    for (std::size_t i = 0; i < size.height; i += strip) {
        const std::size_t rows = std::min(strip, size.height - i);
        const unsigned char* from = pixels + i * size.width * lodepng_get_bpp(&mode) / 8;
        check(lodepng_convert(converted.data(), from, &rgba, &mode,
                              static_cast<unsigned>(size.width), static_cast<unsigned>(rows)),
              context);
        (is_wide ? split_alpha<2> : split_alpha<1>)(converted.data(), rows * size.width, rgb.data(),
                                                    alpha.data());
        for (std::size_t r = 0; r < rows; ++r) {
            image.put_row(i + r, rgb.data() + r * size.width * 3, alpha.data() + r * size.width);
        }
    }
    return image.take();
}

}  // namespace

ImageSize png_size(ImageFile& file) {
    return read_header(file).size;
}

LoadedImage read_png(ImageFile& file) {
    Header header = read_header(file);
    lodepng::State state;
    const Buffer pixels = decode(file, header, state);
    return to_image(file.context(), pixels.get(), state.info_png.color, header.size);
}

Bytes encode_png(const FileErrorContext& context, const StoredPixels& pixels) {
    lodepng::State state;
    for (LodePNGColorMode* mode : {&state.info_raw, &state.info_png.color}) {
        mode->colortype = pixels.has_alpha ? LCT_RGBA : LCT_RGB;
        mode->bitdepth = static_cast<unsigned>(pixels.bits);
    }
    state.info_png.srgb_defined = 1;
    state.info_png.srgb_intent = 0;  // perceptual
    state.encoder.auto_convert = 0;
    state.encoder.zlibsettings.custom_zlib = deflate_all;
    unsigned char* memory = nullptr;
    std::size_t count = 0;
    const unsigned error = lodepng_encode(&memory, &count, pixels.bytes.data(),
                                          static_cast<unsigned>(pixels.size.width),
                                          static_cast<unsigned>(pixels.size.height), &state);
    const Buffer png(memory);
    check(error, context, "cannot be written as PNG: ");
    return {png.get(), png.get() + count};
}

}  // namespace NST_PRECISION
}  // namespace nst
