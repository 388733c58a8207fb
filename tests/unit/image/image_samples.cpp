#include "image_samples.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <stdexcept>

#include "nst/error.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace nst_test {

namespace {

struct Free {
    void operator()(unsigned char* memory) const { std::free(memory); }
};

void check(unsigned error) {
    if (error != 0) throw std::runtime_error(lodepng_error_text(error));
}

// Most significant bit first, without padding at the end of rows, as lodepng expects.
Bytes packed(const std::vector<unsigned>& samples, unsigned depth) {
    Bytes bytes((samples.size() * depth + 7) / 8);
    std::size_t bit = 0;
    for (const unsigned sample : samples) {
        for (unsigned b = depth; b-- > 0; ++bit) {
            const unsigned value = sample >> b & 1;
            bytes[bit / 8] = static_cast<unsigned char>(bytes[bit / 8] | value << (7 - bit % 8));
        }
    }
    return bytes;
}

void append_number(Bytes& bytes, unsigned number) {
    for (const unsigned shift : {24u, 16u, 8u, 0u}) {
        bytes.push_back(static_cast<unsigned char>(number >> shift));
    }
}

std::string without(std::string text, const std::string& part) {
    const std::size_t at = text.find(part);
    return at == std::string::npos ? text : text.erase(at, part.size());
}

std::string refusal_of_bytes(const Bytes& bytes,
                             const std::function<void(const std::filesystem::path&)>& call) {
    static const TemporaryFolder folder;  // shared, because some tests try thousands of files
    const std::filesystem::path file = folder / "picture";
    std::filesystem::remove(file);
    write_bytes(file, bytes);
    return without(message_of([&] { call(file); }), file.string() + " ");
}

int channels_of(J_COLOR_SPACE pixels) {
    switch (pixels) {
        case JCS_GRAYSCALE:
            return 1;
        case JCS_UNKNOWN:
            return 2;
        case JCS_CMYK:
            return 4;
        default:
            return 3;
    }
}

void configure(jpeg_compress_struct& jpeg, const JpegSpec& spec) {
    jpeg.image_width = spec.width;
    jpeg.image_height = spec.height;
    jpeg.in_color_space = spec.pixels;
    jpeg.input_components = channels_of(spec.pixels);
    jpeg_set_defaults(&jpeg);
    jpeg_set_colorspace(&jpeg, spec.stored);
    jpeg_set_quality(&jpeg, spec.quality, TRUE);
    const int factor = spec.subsampled ? 2 : 1;
    for (const int luminance : {0, 3}) {  // and black, if present
        if (luminance >= jpeg.num_components) continue;
        jpeg.comp_info[luminance].h_samp_factor = factor;
        jpeg.comp_info[luminance].v_samp_factor = factor;
    }
    jpeg.write_Adobe_marker = spec.adobe ? TRUE : FALSE;
    jpeg.optimize_coding = spec.optimized ? TRUE : FALSE;
    jpeg.restart_interval = spec.restart;
    if (spec.progressive) jpeg_simple_progression(&jpeg);
    if (!spec.scans.empty()) {
        jpeg.scan_info = spec.scans.data();
        jpeg.num_scans = static_cast<int>(spec.scans.size());
    }
}

}  // namespace

void write_bytes(const std::filesystem::path& file, const Bytes& bytes) {
    std::ofstream out(file, std::ios::binary);
    std::copy(bytes.begin(), bytes.end(), std::ostreambuf_iterator<char>(out));
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

Bytes read_bytes(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) throw std::runtime_error("cannot read " + file.string());
    return Bytes(std::istreambuf_iterator<char>(in), {});
}

nst::Image load_bytes(const Bytes& bytes) {
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "picture";
    write_bytes(file, bytes);
    const nst::Image image = nst::load_image(file);
    const nst::ImageSize size = nst::image_size(file);
    CHECK(size.height == image.shape()[0]);
    CHECK(size.width == image.shape()[1]);
    return image;
}

std::string message_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const nst::Error& error) {
        return error.what();
    }
    return "(not refused)";
}

std::string load_message(const Bytes& bytes) {
    return refusal_of_bytes(bytes, [](const auto& file) { nst::load_image(file); });
}

std::string size_message(const Bytes& bytes) {
    return refusal_of_bytes(bytes, [](const auto& file) { nst::image_size(file); });
}

bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

double largest_difference(const nst::Image& a, const nst::Image& b) {
    if (a.shape() != b.shape()) throw std::runtime_error("images of different sizes");
    double largest = 0;
    for (std::size_t k = 0; k < a.size(); ++k) {
        const double difference = std::abs(double{a.data()[k]} - double{b.data()[k]});
        // not std::max, which would ignore a NaN
        if (!(difference <= largest)) largest = difference;
    }
    return largest;
}

unsigned png_channels(LodePNGColorType colour) {
    switch (colour) {
        case LCT_RGB:
            return 3;
        case LCT_RGBA:
            return 4;
        case LCT_GREY_ALPHA:
            return 2;
        default:
            return 1;
    }
}

Bytes make_png(const PngSpec& spec, const std::vector<unsigned>& samples) {
    lodepng::State state;
    state.encoder.auto_convert = 0;
    state.info_png.interlace_method = spec.interlaced ? 1 : 0;
    for (LodePNGColorMode* mode : {&state.info_raw, &state.info_png.color}) {
        mode->colortype = spec.colour;
        mode->bitdepth = spec.depth;
        for (const auto& entry : spec.palette) {
            check(lodepng_palette_add(mode, entry[0], entry[1], entry[2], entry[3]));
        }
        if (spec.transparent) {
            mode->key_defined = 1;
            mode->key_r = (*spec.transparent)[0];
            mode->key_g = (*spec.transparent)[1];
            mode->key_b = (*spec.transparent)[2];
        }
    }
    Bytes png;
    check(lodepng::encode(png, packed(samples, spec.depth), spec.width, spec.height, state));
    return png;
}

Bytes png_chunk(const char* type, const Bytes& data) {
    Bytes chunk;
    append_number(chunk, static_cast<unsigned>(data.size()));
    chunk.insert(chunk.end(), type, type + 4);
    chunk.insert(chunk.end(), data.begin(), data.end());
    append_number(chunk, lodepng_crc32(chunk.data() + 4, data.size() + 4));
    return chunk;
}

Bytes png_header(unsigned width, unsigned height, unsigned char depth, unsigned char colour) {
    Bytes fields;
    append_number(fields, width);
    append_number(fields, height);
    fields.insert(fields.end(), {depth, colour, 0, 0, 0});
    const Bytes chunk = png_chunk("IHDR", fields);
    Bytes png = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    std::copy(chunk.begin(), chunk.end(), std::back_inserter(png));
    return png;
}

// libjpeg's default error handler, which prints and exits, suffices for images that the tests make.
Bytes make_jpeg(const JpegSpec& spec, const Bytes& pixels) {
    jpeg_compress_struct jpeg{};
    jpeg_error_mgr errors{};
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_compress(&jpeg);
    unsigned char* memory = nullptr;
    unsigned long count = 0;
    jpeg_mem_dest(&jpeg, &memory, &count);
    configure(jpeg, spec);
    jpeg_start_compress(&jpeg, TRUE);
    if (!spec.exif.empty()) {
        jpeg_write_marker(&jpeg, JPEG_APP0 + 1, spec.exif.data(),
                          static_cast<unsigned>(spec.exif.size()));
    }
    const std::size_t row_size =
        std::size_t{spec.width} * static_cast<unsigned>(jpeg.input_components);
    for (std::size_t i = 0; i < spec.height; ++i) {
        auto* row = const_cast<unsigned char*>(pixels.data() + i * row_size);
        jpeg_write_scanlines(&jpeg, &row, 1);
    }
    jpeg_finish_compress(&jpeg);
    jpeg_destroy_compress(&jpeg);
    const std::unique_ptr<unsigned char, Free> owner(memory);
    return Bytes(memory, memory + count);
}

Bytes exif_block(unsigned orientation, bool big_endian) {
    Bytes block = {'E', 'x', 'i', 'f', 0, 0};
    const auto number = [&](unsigned value, int size) {
        for (int k = 0; k < size; ++k) {
            const int shift = 8 * (big_endian ? size - 1 - k : k);
            block.push_back(static_cast<unsigned char>(value >> shift));
        }
    };
    block.insert(block.end(), 2, big_endian ? 'M' : 'I');
    number(42, 2);
    number(8, 4);       // offset of the directory
    number(1, 2);       // number of entries
    number(0x0112, 2);  // Orientation
    number(3, 2);       // a 16-bit number
    number(1, 4);       // one value
    number(orientation, 2);
    number(0, 2);
    number(0, 4);  // no next directory
    return block;
}

std::vector<unsigned> noise(std::size_t count, unsigned bound, unsigned seed) {
    std::mt19937 random(seed);
    std::vector<unsigned> numbers(count);
    for (unsigned& number : numbers) number = static_cast<unsigned>(random() % bound);
    return numbers;
}

Bytes smooth_rgb(std::size_t width, std::size_t height) {
    Bytes pixels;
    for (std::size_t i = 0; i < height; ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            for (std::size_t c = 1; c <= 3; ++c) {
                const double phase = static_cast<double>(c * i + 2 * j) / 20;
                pixels.push_back(static_cast<unsigned char>(128 + 100 * std::sin(phase)));
            }
        }
    }
    return pixels;
}

}  // namespace nst_test
