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

void append_text(Bytes& bytes, const std::string& text) {
    bytes.insert(bytes.end(), text.begin(), text.end());
}

void append_fixed(Bytes& bytes, double number) {  // 16 bits before and after the point
    append_number(bytes, static_cast<unsigned>(static_cast<int>(std::lround(number * 65536))));
}

// An ICC tag: a point, or a curve.
Bytes profile_point(const std::array<double, 3>& xyz) {
    Bytes tag;
    append_text(tag, std::string("XYZ \0\0\0\0", 8));
    for (const double number : xyz) append_fixed(tag, number);
    return tag;
}

Bytes profile_curve(const ProfileSpec& spec) {
    Bytes tag;
    if (spec.has_srgb_curve) {
        append_text(tag, std::string("para\0\0\0\0\0\3\0\0", 12));
        for (const double number : {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045}) {
            append_fixed(tag, number);
        }
        return tag;
    }
    append_text(tag, std::string("curv\0\0\0\0\0\0\0\1", 12));
    const auto gamma = static_cast<unsigned>(std::lround(spec.gamma * 256));
    tag.insert(tag.end(),
               {static_cast<unsigned char>(gamma >> 8), static_cast<unsigned char>(gamma), 0, 0});
    return tag;
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

nst::LoadedImage read_with_alpha(const Bytes& bytes) {
    const TemporaryFolder folder;
    const std::filesystem::path file = folder / "picture";
    write_bytes(file, bytes);
    nst::LoadedImage loaded = nst::read_image(file);
    for (std::string& warning : loaded.warnings) {
        CHECK(warning.find('\n') == std::string::npos);
        REQUIRE(warning.compare(0, file.string().size() + 2, file.string() + ": ") == 0);
        warning.erase(0, file.string().size() + 2);
    }
    return loaded;
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

Bytes with_chunk(Bytes png, const Bytes& chunk, bool at_end) {
    constexpr std::ptrdiff_t header = 33;
    constexpr std::ptrdiff_t end = 12;
    png.insert(at_end ? png.end() - end : png.begin() + header, chunk.begin(), chunk.end());
    return png;
}

Bytes zlib(const Bytes& data) {
    Bytes compressed;
    check(lodepng::compress(compressed, data));
    return compressed;
}

Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes all;
    for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
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

Bytes with_marker(Bytes jpeg, unsigned char marker, const Bytes& body) {
    const std::size_t length = body.size() + 2;
    const Bytes head = {0xff, marker, static_cast<unsigned char>(length >> 8),
                        static_cast<unsigned char>(length)};
    const Bytes whole = joined({head, body});
    jpeg.insert(jpeg.begin() + 2, whole.begin(), whole.end());
    return jpeg;
}

Bytes icc_marker(unsigned char number, unsigned char count, const Bytes& part) {
    Bytes body;
    append_text(body, std::string("ICC_PROFILE\0", 12));
    body.insert(body.end(), {number, count});
    return joined({body, part});
}

Bytes make_profile(const ProfileSpec& spec) {
    constexpr std::array<double, 3> d50 = {0.9642, 1, 0.8249};
    const bool is_grey = spec.space == "GRAY";
    std::vector<std::pair<std::string, Bytes>> tags = {{"wtpt", profile_point(d50)}};
    if (is_grey) tags.emplace_back("kTRC", profile_curve(spec));
    for (std::size_t c = 0; c < 3 && !is_grey; ++c) {
        const std::string name(1, "rgb"[c]);
        tags.emplace_back(name + "XYZ", profile_point(spec.primaries[c]));
        tags.emplace_back(name + "TRC", profile_curve(spec));
    }
    Bytes table;
    Bytes data;
    append_number(table, static_cast<unsigned>(tags.size()));
    const std::size_t data_at = 128 + 4 + 12 * tags.size();
    for (const auto& [name, tag] : tags) {
        append_text(table, name);
        append_number(table, static_cast<unsigned>(data_at + data.size()));
        append_number(table, static_cast<unsigned>(tag.size()));
        data = joined({data, tag});
    }
    Bytes header;
    append_number(header, static_cast<unsigned>(data_at + data.size()));
    append_number(header, 0);           // no preferred program
    append_number(header, 0x04000000);  // version 4, for curves of formulas
    append_text(header, spec.device + spec.space + "XYZ ");
    header.resize(36);
    append_text(header, "acsp");
    header.resize(68);
    for (const double number : d50) append_fixed(header, number);
    header.resize(128);
    return joined({header, table, data});
}

ProfileSpec adobe_rgb() {
    ProfileSpec spec;
    spec.primaries = {
        {{0.60974, 0.31111, 0.01947}, {0.20528, 0.62567, 0.06087}, {0.14919, 0.06322, 0.74457}}};
    spec.gamma = 563 / 256.0;
    return spec;
}

ProfileSpec display_p3() {
    ProfileSpec spec;
    spec.primaries = {
        {{0.51512, 0.24120, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.15710, 0.06657, 0.78407}}};
    spec.has_srgb_curve = true;
    return spec;
}

ProfileSpec srgb() {
    ProfileSpec spec;
    spec.primaries = {
        {{0.43607, 0.22249, 0.01392}, {0.38515, 0.71687, 0.09708}, {0.14307, 0.06061, 0.71410}}};
    spec.has_srgb_curve = true;
    return spec;
}

std::array<double, 3> in_srgb(const ProfileSpec& spec, const std::array<double, 3>& colour) {
    // the inverse of srgb()'s primaries
    constexpr std::array<std::array<double, 3>, 3> from_xyz = {
        {{3.1338561, -1.6168667, -0.4906146},
         {-0.9787684, 1.9161415, 0.0334540},
         {0.0719453, -0.2289914, 1.4052427}}};
    std::array<double, 3> xyz{};
    for (std::size_t c = 0; c < 3; ++c) {
        const double v = colour[c] / 255;
        const double light = !spec.has_srgb_curve ? std::pow(v, spec.gamma)
                             : v > 0.04045        ? std::pow((v + 0.055) / 1.055, 2.4)
                                                  : v / 12.92;
        for (std::size_t k = 0; k < 3; ++k) xyz[k] += light * spec.primaries[c][k];
    }
    std::array<double, 3> result{};
    for (std::size_t c = 0; c < 3; ++c) {
        double light = 0;
        for (std::size_t k = 0; k < 3; ++k) light += from_xyz[c][k] * xyz[k];
        light = std::clamp(light, 0.0, 1.0);
        result[c] =
            255 * (light > 0.0031308 ? 1.055 * std::pow(light, 1 / 2.4) - 0.055 : 12.92 * light);
    }
    return result;
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
