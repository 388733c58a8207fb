// load_image on PNG files.
#include <algorithm>
#include <cmath>
#include <utility>

#include "image_samples.hpp"
#include "support/catch.hpp"

using namespace nst_test;

namespace {

// 255 (c a + max (max - a)) / max^2 is divided once and rounded once to single precision, whose
// spacing below 256 is at most 1.6e-5.
constexpr double one_rounding = 1.6e-5;

struct Kind {
    LodePNGColorType colour;
    std::vector<unsigned> depths;
};

const std::vector<Kind> kinds = {{LCT_GREY, {1, 2, 4, 8, 16}},
                                 {LCT_RGB, {8, 16}},
                                 {LCT_GREY_ALPHA, {8, 16}},
                                 {LCT_RGBA, {8, 16}}};

bool has_alpha(LodePNGColorType colour) {
    return colour == LCT_GREY_ALPHA || colour == LCT_RGBA;
}

// A sample scaled to 255 and blended with white.
double on_white(double sample, double alpha, double max) {
    return 255 - (255 - sample * 255 / max) * alpha / max;
}

nst::Image expected(const PngSpec& spec, const std::vector<unsigned>& samples) {
    nst::Image image = nst::Image::from_shape({spec.height, spec.width, 3});
    const unsigned channels = png_channels(spec.colour);
    const unsigned colours = channels < 3 ? 1 : 3;
    const double max = (1u << spec.depth) - 1;
    for (std::size_t p = 0; p < std::size_t{spec.width} * spec.height; ++p) {
        const unsigned* pixel = samples.data() + p * channels;
        const double alpha = has_alpha(spec.colour) ? pixel[channels - 1] : max;
        for (unsigned c = 0; c < 3; ++c) {
            const double sample = pixel[colours == 1 ? 0 : c];
            // opaque samples exactly: 255 / max is a whole number up to 8 bits, 1 / 257 for 16
            const double value = alpha < max
                                     ? on_white(sample, alpha, max)
                                     : (spec.depth == 16 ? sample / 257 : sample * (255 / max));
            image.data()[3 * p + c] = static_cast<nst::Real>(value);
        }
    }
    return image;
}

Bytes small_png() {
    return make_png({LCT_RGB, 8, 5, 4}, noise(5 * 4 * 3, 256));
}

// A PNG with an additional chunk right after the header of 33 bytes.
Bytes with_chunk(Bytes png, const Bytes& chunk) {
    png.insert(png.begin() + 33, chunk.begin(), chunk.end());
    return png;
}

Bytes zlib(const Bytes& data) {
    Bytes compressed;
    REQUIRE(lodepng::compress(compressed, data) == 0);
    return compressed;
}

Bytes joined(std::initializer_list<Bytes> parts) {
    Bytes all;
    for (const Bytes& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

}  // namespace

TEST_CASE("load_image: reads PNGs of every colour type, depth and interlacing") {
    for (const Kind& kind : kinds) {
        for (const unsigned depth : kind.depths) {
            for (const bool interlaced : {false, true}) {
                for (const auto& [width, height] :
                     {std::pair{1u, 1u}, {13u, 9u}, {3u, 17u}, {8u, 8u}, {2u, 1u}, {1u, 5u}}) {
                    const PngSpec spec = {kind.colour, depth, width, height, interlaced, {}, {}};
                    const auto samples =
                        noise(std::size_t{width} * height * png_channels(kind.colour), 1u << depth,
                              width + depth);
                    const nst::Image image = load_bytes(make_png(spec, samples));
                    INFO("colour type " << kind.colour << ", " << depth << " bits, " << width << "x"
                                        << height << (interlaced ? ", interlaced" : ""));
                    const double allowed = has_alpha(kind.colour) ? one_rounding : 0;
                    CHECK(largest_difference(image, expected(spec, samples)) <= allowed);
                }
            }
        }
    }
}

TEST_CASE("load_image: a 16-bit PNG keeps its fractions, with black 0 and white 255") {
    const nst::Image image = load_bytes(make_png({LCT_GREY, 16, 3, 1}, {0, 1, 65535}));
    CHECK(image(0, 0, 0) == 0);
    CHECK(image(0, 1, 1) == static_cast<nst::Real>(1 / 257.0));
    CHECK(image(0, 2, 2) == 255);
}

TEST_CASE("load_image: blends the transparent colours of a palette of any depth with white") {
    for (const unsigned depth : {1u, 2u, 4u, 8u}) {
        for (const bool interlaced : {false, true}) {
            PngSpec spec = {LCT_PALETTE, depth, 11, 7, interlaced, {}, {}};
            const unsigned colours = 1u << depth;
            const auto channels = noise(std::size_t{colours} * 4, 256, depth);
            for (unsigned k = 0; k < colours; ++k) {
                spec.palette.push_back({});
                for (unsigned c = 0; c < 4; ++c) {
                    spec.palette[k][c] = static_cast<unsigned char>(channels[4 * k + c]);
                }
            }
            spec.palette[0][3] = 255;
            const auto indices = noise(11 * 7, colours);
            const nst::Image image = load_bytes(make_png(spec, indices));
            INFO(depth << " bits" << (interlaced ? ", interlaced" : ""));
            double worst = 0;
            for (std::size_t k = 0; k < image.size(); ++k) {
                const auto& colour = spec.palette[indices[k / 3]];
                worst = std::max(worst, std::abs(double{image.data()[k]} -
                                                 on_white(colour[k % 3], colour[3], 255)));
            }
            CHECK(worst <= one_rounding);
        }
    }
}

TEST_CASE("load_image: the transparent colour of a grey or RGB PNG becomes white") {
    for (const unsigned depth : {1u, 2u, 4u, 8u, 16u}) {
        PngSpec spec = {LCT_GREY, depth, 2, 1, false, {}, {{1, 1, 1}}};
        const nst::Image grey = load_bytes(make_png(spec, {1, 0}));
        INFO(depth << " bits");
        CHECK(grey(0, 0, 0) == 255);
        CHECK(grey(0, 0, 2) == 255);
        CHECK(grey(0, 1, 1) == 0);
    }
    for (const unsigned depth : {8u, 16u}) {
        PngSpec spec = {LCT_RGB, depth, 2, 1, false, {}, {{1, 2, 3}}};
        const nst::Image rgb = load_bytes(make_png(spec, {1, 2, 3, 0, 2, 3}));
        const double scale = depth == 8 ? 1 : 257;
        CHECK(rgb(0, 0, 0) == 255);
        CHECK(rgb(0, 0, 2) == 255);
        CHECK(rgb(0, 1, 0) == 0);
        CHECK(rgb(0, 1, 2) == static_cast<nst::Real>(3 / scale));
    }
}

TEST_CASE("load_image: ignores the ancillary chunks of a PNG") {
    const Bytes png = small_png();
    const nst::Image plain = load_bytes(png);
    const Bytes zeros(20'000'000);
    const Bytes bomb = zlib(zeros);
    const std::vector<std::pair<const char*, Bytes>> chunks = {
        {"zTXt", joined({{'n', 0, 0}, bomb})},  // inflates to 20 MB
        {"iCCP", joined({{'n', 0, 0}, bomb})},  // likewise
        {"iCCP", {'n', 0, 0, 1, 2, 3}},         // does not inflate
        {"iTXt", {'x'}},                        // too short
        {"gAMA", {0, 0, 0, 1}},                 // gamma 0.00001
        {"bKGD", {0, 0, 0, 0, 0, 255}},         // a background other than white
        {"eXIf", {'M', 'M', 0, 42}},            // truncated
        {"prIv", Bytes(1000)},                  // a private chunk
        {"acTL", {0, 0, 0, 9, 0, 0, 0, 0}},     // an animation
    };
    for (const auto& [type, data] : chunks) {
        INFO(type);
        CHECK(largest_difference(load_bytes(with_chunk(png, png_chunk(type, data))), plain) == 0);
    }
}

TEST_CASE("load_image: tolerates a wrong checksum in an ancillary chunk") {
    Bytes chunk = png_chunk("tEXt", {'a', 0, 'b'});
    chunk.back() ^= 1;
    CHECK(load_message(with_chunk(small_png(), chunk)) == "(not refused)");
}

TEST_CASE("load_image: ignores bytes after the end of a PNG") {
    Bytes png = small_png();
    const nst::Image plain = load_bytes(png);
    png.insert(png.end(), 1000, 'x');
    CHECK(largest_difference(load_bytes(png), plain) == 0);
}

TEST_CASE("load_image: rejects a PNG truncated at any byte instead of reading a part") {
    for (const bool interlaced : {false, true}) {
        const Bytes png = make_png({LCT_RGBA, 8, 6, 5, interlaced, {}, {}}, noise(6 * 5 * 4, 256));
        for (std::size_t size = 8; size < png.size(); ++size) {
            INFO(size << " of " << png.size() << " bytes");
            const Bytes cut(png.begin(), png.begin() + static_cast<std::ptrdiff_t>(size));
            CHECK(load_message(cut) == "load_image: ends too early, after " + std::to_string(size) +
                                           " bytes. Was the download interrupted?");
        }
    }
}

TEST_CASE("load_image, image_size: reject a small PNG that announces too many pixels at once") {
    const auto file = [](unsigned width, unsigned height) {
        return joined(
            {png_header(width, height), png_chunk("IDAT", zlib(Bytes(10))), png_chunk("IEND", {})});
    };
    const std::string too_large = "has 60000x60000 pixels; expected at most 2^28";
    CHECK(contains(load_message(file(60000, 60000)), too_large));
    CHECK(contains(size_message(file(60000, 60000)), too_large));
    CHECK(contains(load_message(file(0x7fffffff, 0x7fffffff)), "expected at most 2^28"));
    CHECK(contains(load_message(file(16384, 16385)), "expected at most 2^28"));
    const std::string does_not_fit =
        "is damaged: it announces 16384x16384 pixels, which do not fit "
        "into ";
    CHECK(contains(load_message(file(16384, 16384)), does_not_fit));
    CHECK(contains(size_message(file(16384, 16384)), does_not_fit));
    // This one takes at least two bytes more than 2^16.
    CHECK(contains(size_message(file(16384, 1376)), "pixels, which do not fit into "));
}

TEST_CASE("load_image, image_size: reject a meaningless PNG header") {
    const std::vector<std::pair<Bytes, std::string>> cases = {
        {png_header(0, 5), "is a damaged PNG: "},
        {png_header(5, 0), "is a damaged PNG: "},
        {png_header(5, 5, 3), "is a damaged PNG: "},
        {png_header(5, 5, 16, LCT_PALETTE), "is a damaged PNG: "},
        {png_header(5, 5, 8, 7), "is a damaged PNG: "},
        {png_header(0x80000001, 1), "expected at most 2^28"},
    };
    for (const auto& [header, says] : cases) {
        INFO(load_message(header));
        CHECK(contains(load_message(header), says));
        CHECK(contains(size_message(header), says));
    }
}

TEST_CASE("load_image: rejects pixel data of the wrong length without inflating all of them") {
    const auto file = [](const Bytes& filtered) {
        return joined({png_header(4, 4), png_chunk("IDAT", zlib(filtered)), png_chunk("IEND", {})});
    };
    constexpr std::size_t right = 4 * (1 + 4 * 3);
    CHECK(load_message(file(Bytes(right))) == "(not refused)");
    CHECK(contains(load_message(file(Bytes(right - 1))), "is a damaged PNG: "));
    const std::string too_long = lodepng_error_text(109);  // the message when inflating is aborted
    CHECK(load_message(file(Bytes(right + 1))) == "load_image: is a damaged PNG: " + too_long);
    CHECK(load_message(file(Bytes(20'000'000))) == "load_image: is a damaged PNG: " + too_long);
    const Bytes padding = png_chunk("IDAT", Bytes(2'000'000));
    const std::string too_much = "is a damaged PNG: it holds more data than its pixels need";
    CHECK(contains(load_message(joined({png_header(4, 4), padding, png_chunk("IEND", {})})),
                   too_much));
    const Bytes part = png_chunk("IDAT", Bytes(700'000));  // not too much by itself
    CHECK(contains(load_message(joined({png_header(4, 4), part, part, png_chunk("IEND", {})})),
                   too_much));
}

TEST_CASE("load_image: rejects damaged pixel data and unknown critical chunks") {
    const Bytes png = small_png();
    const Bytes end = png_chunk("IEND", {});
    CHECK(contains(load_message(with_chunk(png, png_chunk("UNKN", {1}))), "is a damaged PNG: "));
    CHECK(contains(load_message(joined({png_header(4, 4), end})), "is a damaged PNG: "));
    CHECK(contains(load_message(joined({png_header(4, 4), png_chunk("IDAT", {1, 2, 3}), end})),
                   "is a damaged PNG: "));
    Bytes wrong_checksum = png;
    wrong_checksum[wrong_checksum.size() - 13] ^= 1;  // the last byte of IDAT's
    CHECK(contains(load_message(wrong_checksum), "is a damaged PNG: "));
    Bytes long_chunk = png;
    long_chunk[33] = 0x7f;  // the first byte of IDAT's length
    CHECK(contains(load_message(long_chunk), "ends too early"));
}

TEST_CASE("load_image: accepts the densest PNG that deflate can write") {
    constexpr unsigned side = 3000;
    const Bytes png = make_png({LCT_GREY, 1, side, side}, std::vector<unsigned>(side * side));
    constexpr std::size_t filtered = side * (1 + side / 8);
    constexpr std::size_t dense = 850;  // near deflate's limit, 1032, else this tests nothing
    CHECK(png.size() < filtered / dense);
    CHECK(load_bytes(png)(side - 1, side - 1, 2) == 0);
}

TEST_CASE("load_image: a wrong byte anywhere in a PNG gives an image or an Error") {
    const Bytes png =
        make_png({LCT_PALETTE, 4, 7, 6, true, {{1, 2, 3, 4}, {5, 6, 7, 255}}, {}}, noise(7 * 6, 2));
    std::size_t refused = 0;
    for (std::size_t at = 0; at < png.size(); ++at) {
        for (const unsigned char flip : every_flip) {
            Bytes damaged = png;
            damaged[at] ^= flip;
            refused += load_message(damaged) != "(not refused)";
        }
    }
    CHECK(refused > png.size());  // because of the checksums
}
