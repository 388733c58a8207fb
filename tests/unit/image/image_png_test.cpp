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

// With 16 bits the sample and its alpha are rounded to single precision too.
constexpr double three_roundings = 2.4e-5;

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

// The filtered bytes of an image without filters, and a file with any stream of them.
constexpr unsigned plain_width = 4;
constexpr unsigned plain_height = 3;

Bytes plain_rows() {
    Bytes rows;
    unsigned next = 7;
    for (unsigned i = 0; i < plain_height; ++i) {
        rows.push_back(0);
        for (unsigned k = 0; k < 3 * plain_width; ++k) {
            rows.push_back(static_cast<unsigned char>(next *= 5));
        }
    }
    return rows;
}

Bytes plain_png(const Bytes& stream) {
    return joined(
        {png_header(plain_width, plain_height), png_chunk("IDAT", stream), png_chunk("IEND", {})});
}

Bytes without_last(Bytes bytes, std::size_t count) {
    bytes.resize(bytes.size() - count);
    return bytes;
}

// EXIF data as ImageMagick stores them in the text chunks of a PNG.
Bytes raw_profile(const char* name, const Bytes& block) {
    std::string text = std::string("\n") + name + "\n    " + std::to_string(block.size()) + "\n";
    for (std::size_t k = 0; k < block.size(); ++k) {
        constexpr const char* digits = "0123456789abcdef";
        text += {digits[block[k] / 16], digits[block[k] % 16]};
        if (k % 36 == 35) text += '\n';
    }
    return {text.begin(), text.end()};
}

Bytes text_chunk(const std::string& keyword, const Bytes& text, bool is_compressed) {
    Bytes head(keyword.begin(), keyword.end());
    head.push_back(0);
    if (is_compressed) head.push_back(0);  // the method
    return png_chunk(is_compressed ? "zTXt" : "tEXt",
                     joined({head, is_compressed ? zlib(text) : text}));
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
                    const double allowed = !has_alpha(kind.colour) ? 0
                                           : depth == 16           ? three_roundings
                                                                   : one_rounding;
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
            // the end, the checksums and up to two bytes of the stream hold no pixels
            if (size >= png.size() - 20) {
                CHECK(largest_difference(load_bytes(cut), load_bytes(png)) == 0);
            } else if (size < png.size() - 22) {
                CHECK(load_message(cut) == "load_image: ends too early, after " +
                                               std::to_string(size) +
                                               " bytes. Was the download interrupted?");
            }
        }
    }
}

TEST_CASE("read_image: reads a PNG that is damaged only beside its pixels, and says so") {
    const Bytes rows = plain_rows();
    const Bytes stream = zlib(rows);
    const nst::Image plain = load_bytes(plain_png(stream));
    Bytes wrong_adler = stream;
    wrong_adler.back() ^= 1;
    Bytes cut_end = plain_png(stream);
    cut_end.resize(cut_end.size() - 9);
    Bytes wrong_end = plain_png(stream);
    wrong_end.back() ^= 1;
    const Bytes after = png_chunk("UNKN", {1, 2, 3});
    const std::vector<std::pair<Bytes, std::string>> cases = {
        {plain_png(joined({stream, {0}})), "its pixel data do not end as they should"},
        {plain_png(joined({stream, stream})), "its pixel data do not end as they should"},
        {plain_png(zlib(joined({rows, {0}}))), "its pixel data do not end as they should"},
        {plain_png(zlib(joined({rows, rows}))), "its pixel data do not end as they should"},
        {plain_png(zlib(joined({rows, Bytes(20'000'000)}))),
         "its pixel data do not end as they should"},
        {plain_png(without_last(stream, 1)), "its pixel data do not end as they should"},
        {plain_png(without_last(stream, 4)), "its pixel data do not end as they should"},
        {plain_png(wrong_adler), "its pixel data do not end as they should"},
        {without_last(plain_png(stream), 12), "its end is missing"},
        {cut_end, "its end is missing"},
        {with_chunk(plain_png(stream), after, true), ""},
        {wrong_end, ""},
    };
    for (const auto& [png, says] : cases) {
        const nst::LoadedImage loaded = read_with_alpha(png);
        CHECK(largest_difference(loaded.image, plain) == 0);
        REQUIRE(loaded.warnings.size() == (says.empty() ? 0 : 1));
        if (!says.empty()) CHECK(contains(loaded.warnings[0], says));
    }
}

TEST_CASE("read_image: pixel data of several chunks may end anywhere") {
    const Bytes rows = plain_rows();
    const Bytes stream = zlib(rows);
    const nst::Image plain = load_bytes(plain_png(stream));
    Bytes png = png_header(plain_width, plain_height);
    for (const unsigned char byte : stream) png = joined({png, png_chunk("IDAT", {byte})});
    const nst::LoadedImage loaded = read_with_alpha(joined({png, png_chunk("IEND", {})}));
    CHECK(largest_difference(loaded.image, plain) == 0);
    CHECK(loaded.warnings.empty());
}

TEST_CASE("load_image: refuses a PNG without all pixels, whatever follows them") {
    const Bytes rows = plain_rows();
    for (std::size_t count = 0; count < rows.size(); ++count) {
        const Bytes part(rows.begin(), rows.begin() + static_cast<std::ptrdiff_t>(count));
        CHECK(contains(load_message(plain_png(zlib(part))), "is a damaged PNG: "));
    }
    CHECK(contains(load_message(joined({png_header(4, 3), png_chunk("IEND", {})})),
                   "is a damaged PNG: its pixel data end too early"));
}

TEST_CASE("read_image: repairs a tRNS that does not suit the pixels") {
    const Bytes palette = {10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120};
    const Bytes rows = {0, 0, 1, 2, 3};
    const auto file = [&](unsigned char colour, const Bytes& alphas, const Bytes& data) {
        Bytes png = png_header(4, 1, 8, colour);
        if (colour == LCT_PALETTE) png = joined({png, png_chunk("PLTE", palette)});
        return joined(
            {png, png_chunk("tRNS", alphas), png_chunk("IDAT", zlib(data)), png_chunk("IEND", {})});
    };
    const nst::LoadedImage longer =
        read_with_alpha(file(LCT_PALETTE, {255, 255, 255, 0, 7, 8, 9}, rows));
    REQUIRE(longer.warnings.size() == 1);
    CHECK(contains(longer.warnings[0], "its chunk tRNS"));
    for (std::size_t j = 0; j < 3; ++j) {
        for (std::size_t c = 0; c < 3; ++c) {
            CHECK(longer.image(0, j, c) == palette[3 * j + c]);
        }
    }
    CHECK(longer.image(0, 3, 0) == 255);
    REQUIRE(longer.alpha.size() == 4);
    CHECK(longer.alpha(0, 3) == 0);
    CHECK(longer.alpha(0, 2) == 255);

    const nst::LoadedImage key = read_with_alpha(file(LCT_GREY, {0, 2, 9, 9}, rows));
    CHECK(key.warnings.size() == 1);
    CHECK(key.alpha(0, 2) == 0);
    CHECK(key.alpha(0, 1) == 255);
    const nst::LoadedImage shorter = read_with_alpha(file(LCT_GREY, {0}, rows));
    CHECK(shorter.warnings.size() == 1);
    CHECK(shorter.alpha.size() == 0);
    CHECK(shorter.image(0, 0, 0) == 0);
    const Bytes grey_alpha = {0, 9, 255, 9, 255, 9, 255, 9, 255};
    CHECK(read_with_alpha(file(LCT_GREY_ALPHA, {0, 9}, grey_alpha)).warnings.size() == 1);
}

TEST_CASE("load_image, image_size: apply the orientation of a PNG") {
    const PngSpec spec = {LCT_RGB, 8, 5, 4};
    const Bytes png = make_png(spec, noise(5 * 4 * 3, 256));
    const nst::Image plain = load_bytes(png);
    const Bytes block = exif_block(6);
    const Bytes bare(block.begin() + 6, block.end());  // without "Exif"
    const std::string exif = "Raw profile type exif";
    const std::string app1 = "Raw profile type APP1";
    const Bytes xmp = {'h', 't', 't', 'p', ':', '/', '/'};
    const std::vector<Bytes> chunks = {
        png_chunk("eXIf", bare),
        png_chunk("eXIf", block),
        text_chunk(exif, raw_profile("exif", block), true),
        text_chunk(exif, raw_profile("exif", block), false),
        text_chunk(app1, raw_profile("generic profile", block), true),
        joined({text_chunk(app1, raw_profile("xmp", xmp), true),
                text_chunk(exif, raw_profile("exif", block), true)}),
        joined(
            {text_chunk(exif, raw_profile("exif", exif_block(3)), true), png_chunk("eXIf", bare)}),
    };
    for (const Bytes& chunk : chunks) {
        for (const bool at_end : {false, true}) {
            const nst::Image image = load_bytes(with_chunk(png, chunk, at_end));
            INFO("chunk " << &chunk - chunks.data() << ", at the end: " << at_end);
            REQUIRE(image.shape()[0] == 5);
            REQUIRE(image.shape()[1] == 4);
            CHECK(image(0, 0, 0) == plain(3, 0, 0));  // the bottom left corner comes to the top
            CHECK(image(0, 3, 1) == plain(0, 0, 1));
            CHECK(image(4, 3, 2) == plain(0, 4, 2));
        }
    }
    Bytes wrong_checksum = png_chunk("eXIf", bare);
    wrong_checksum.back() ^= 1;
    for (const Bytes& chunk : {wrong_checksum, text_chunk("Comment", bare, true),
                               text_chunk(exif, Bytes(20'000'000, '0'), true),
                               text_chunk(exif, {}, true), text_chunk(exif, {'\n'}, false)}) {
        CHECK(largest_difference(load_bytes(with_chunk(png, chunk)), plain) == 0);
    }
}

TEST_CASE("read_image: gives the transparency of a PNG, turned with the image") {
    for (const unsigned depth : {8u, 16u}) {
        const unsigned max = (1u << depth) - 1;
        const PngSpec spec = {LCT_RGBA, depth, 3, 2};
        auto samples = noise(3 * 2 * 4, max + 1);
        const Bytes png = make_png(spec, samples);
        const nst::LoadedImage loaded = read_with_alpha(png);
        REQUIRE(loaded.alpha.shape()[0] == 2);
        REQUIRE(loaded.alpha.shape()[1] == 3);
        for (std::size_t p = 0; p < 6; ++p) {
            CHECK(loaded.alpha.data()[p] ==
                  static_cast<nst::Real>(samples[4 * p + 3] * 255.0 / max));
        }
        const Bytes turned_png = with_chunk(png, png_chunk("eXIf", exif_block(8)));
        const nst::LoadedImage turned = read_with_alpha(turned_png);
        CHECK(turned.alpha(0, 0) == loaded.alpha(0, 2));  // the right column is the top row
        CHECK(turned.alpha(2, 1) == loaded.alpha(1, 0));
        CHECK(turned.image(2, 1, 1) == loaded.image(1, 0, 1));
        for (std::size_t p = 0; p < 6; ++p) samples[4 * p + 3] = max;
        CHECK(read_with_alpha(make_png(spec, samples)).alpha.size() == 0);
    }
    const nst::LoadedImage opaque = read_with_alpha(small_png());
    CHECK(opaque.alpha.size() == 0);
    CHECK(opaque.warnings.empty());
    CHECK(largest_difference(opaque.image, load_bytes(small_png())) == 0);
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
    CHECK(largest_difference(load_bytes(long_chunk), load_bytes(png)) == 0);  // all are there
    for (const Bytes& damaged : {wrong_checksum, joined({png_header(4, 4), end})}) {
        CHECK(!contains(load_message(damaged), "disabled"));  // lodepng's words for programmers
    }
    Bytes wrong_header = png;
    wrong_header[32] ^= 1;
    CHECK(load_message(wrong_header) ==
          "load_image: is a damaged PNG: the checksum of its header is wrong");
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
