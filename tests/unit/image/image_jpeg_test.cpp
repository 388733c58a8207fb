// load_image on JPEG files.
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "image_samples.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace nst_test;

namespace {

// Quality 100 divides the coefficients by 1 and rounds them; conversion to YCbCr and back rounds
// six times.
constexpr double jpeg_rounding = 3;

// A sum of products, rounded once to single precision, whose spacing below 256 is at most 1.6e-5.
constexpr double one_rounding = 1.6e-5;

constexpr unsigned char sof_baseline = 0xc0;

nst::Image image_of(const Bytes& rgb, std::size_t height, std::size_t width) {
    nst::Image image = nst::Image::from_shape({height, width, 3});
    std::copy(rgb.begin(), rgb.end(), image.data());
    return image;
}

// Decodes a file with plain libjpeg.
nst::Image decoded_by_libjpeg(const Bytes& bytes) {
    jpeg_decompress_struct jpeg{};
    jpeg_error_mgr errors{};
    jpeg.err = jpeg_std_error(&errors);
    jpeg_create_decompress(&jpeg);
    jpeg_mem_src(&jpeg, bytes.data(), bytes.size());
    jpeg_read_header(&jpeg, TRUE);
    jpeg.out_color_space = JCS_RGB;
    jpeg_start_decompress(&jpeg);
    Bytes rgb(std::size_t{jpeg.output_width} * jpeg.output_height * 3);
    while (jpeg.output_scanline < jpeg.output_height) {
        unsigned char* row = rgb.data() + std::size_t{jpeg.output_scanline} * jpeg.output_width * 3;
        jpeg_read_scanlines(&jpeg, &row, 1);
    }
    const nst::Image image = image_of(rgb, jpeg.output_height, jpeg.output_width);
    jpeg_finish_decompress(&jpeg);
    jpeg_destroy_decompress(&jpeg);
    return image;
}

// The position of the frame header: marker, length (2), precision, height (2), width (2).
std::size_t frame_header(const Bytes& jpeg, unsigned char marker = sof_baseline) {
    for (std::size_t at = 0; at + 1 < jpeg.size(); ++at) {
        if (jpeg[at] == 0xff && jpeg[at + 1] == marker) return at;
    }
    FAIL("no frame header");
    return 0;
}

Bytes announcing(Bytes jpeg, unsigned side, unsigned char marker = sof_baseline) {
    const std::size_t at = frame_header(jpeg, marker);
    for (const std::size_t field : {at + 5, at + 7}) {
        jpeg[field] = static_cast<unsigned char>(side >> 8);
        jpeg[field + 1] = static_cast<unsigned char>(side);
    }
    return jpeg;
}

JpegSpec spec_of(unsigned width, unsigned height) {
    JpegSpec spec;
    spec.width = width;
    spec.height = height;
    return spec;
}

Bytes small_jpeg(bool progressive = false) {
    JpegSpec spec = spec_of(20, 12);
    spec.progressive = progressive;
    spec.optimized = true;
    spec.quality = 90;
    return make_jpeg(spec, smooth_rgb(20, 12));
}

// One colour per 8 x 8 block, which JPEG at quality 100 without colour conversion preserves.
Bytes blocks(std::size_t width, std::size_t height, std::size_t channels) {
    Bytes pixels;
    for (std::size_t i = 0; i < height; ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            for (std::size_t c = 0; c < channels; ++c) {
                const std::size_t block = i / 8 * ((width + 7) / 8) + j / 8;
                pixels.push_back(static_cast<unsigned char>(17 * block + 60 * c));
            }
        }
    }
    return pixels;
}

// The stored row and column of pixel (i, j) of the upright image: for each value, the EXIF standard
// says on which side of the scene the first row and the first column lie.
std::array<std::size_t, 2> stored_place(unsigned orientation, std::size_t i, std::size_t j,
                                        std::size_t height, std::size_t width) {
    const std::size_t up = height - 1 - i;
    const std::size_t left = width - 1 - j;
    switch (orientation) {
        case 2:
            return {i, left};  // row top, column right
        case 3:
            return {up, left};  // row bottom, column right
        case 4:
            return {up, j};  // row bottom, column left
        case 5:
            return {j, i};  // row left, column top
        case 6:
            return {left, i};  // row right, column top
        case 7:
            return {left, up};  // row right, column bottom
        case 8:
            return {j, up};  // row left, column bottom
        default:
            return {i, j};
    }
}

// The position of the first scan's entropy-coded data.
std::size_t first_scan(const Bytes& jpeg) {
    const std::size_t at = frame_header(jpeg, 0xda);
    return at + 2 + jpeg[at + 2] * 256u + jpeg[at + 3];
}

}  // namespace

TEST_CASE("load_image: agrees with libjpeg for every JPEG coding and sampling") {
    for (const bool progressive : {false, true}) {
        for (const bool subsampled : {false, true}) {
            for (const unsigned restart : {0u, 2u}) {
                for (const auto& [width, height] :
                     {std::pair{1u, 1u}, {40u, 24u}, {17u, 33u}, {1u, 50u}, {50u, 1u}}) {
                    JpegSpec spec = spec_of(width, height);
                    spec.progressive = progressive;
                    spec.subsampled = subsampled;
                    spec.restart = restart;
                    spec.quality = 85;
                    const Bytes jpeg = make_jpeg(spec, smooth_rgb(width, height));
                    INFO(width << "x" << height << (progressive ? ", progressive" : "")
                               << (subsampled ? ", subsampled" : "") << ", restart " << restart);
                    CHECK(largest_difference(load_bytes(jpeg), decoded_by_libjpeg(jpeg)) == 0);
                }
            }
        }
    }
}

TEST_CASE("load_image: a high-quality JPEG reproduces the original") {
    const Bytes pixels = smooth_rgb(37, 29);
    const nst::Image image = load_bytes(make_jpeg(spec_of(37, 29), pixels));
    CHECK(largest_difference(image, image_of(pixels, 29, 37)) <= jpeg_rounding);
}

TEST_CASE("load_image: reproduces a JPEG that stores RGB exactly") {
    JpegSpec spec = spec_of(24, 16);
    spec.stored = JCS_RGB;
    for (const bool adobe : {false, true}) {
        spec.adobe = adobe;
        const Bytes pixels = blocks(24, 16, 3);
        CHECK(largest_difference(load_bytes(make_jpeg(spec, pixels)), image_of(pixels, 16, 24)) ==
              0);
    }
}

TEST_CASE("load_image: a greyscale JPEG has three equal channels") {
    JpegSpec spec = spec_of(19, 11);
    spec.pixels = spec.stored = JCS_GRAYSCALE;
    for (const bool progressive : {false, true}) {
        spec.progressive = progressive;
        const Bytes pixels = blocks(19, 11, 1);
        const nst::Image image = load_bytes(make_jpeg(spec, pixels));
        Bytes rgb;
        for (const unsigned char grey : pixels) rgb.insert(rgb.end(), 3, grey);
        CHECK(largest_difference(image, image_of(rgb, 11, 19)) == 0);
    }
}

TEST_CASE("load_image: CMYK is stored as light, with Adobe's marker and without") {
    JpegSpec spec = spec_of(16, 8);
    spec.pixels = spec.stored = JCS_CMYK;
    const Bytes pixels = blocks(16, 8, 4);
    for (const bool adobe : {false, true}) {
        for (const bool progressive : {false, true}) {
            spec.adobe = adobe;
            spec.progressive = progressive;
            const nst::Image image = load_bytes(make_jpeg(spec, pixels));
            double worst = 0;
            for (std::size_t k = 0; k < image.size(); ++k) {
                const double colour = pixels[k / 3 * 4 + k % 3];
                const double black = pixels[k / 3 * 4 + 3];
                worst = std::max(worst, std::abs(image.data()[k] - colour * black / 255));
            }
            INFO((adobe ? "with" : "without") << " Adobe's marker");
            CHECK(worst <= one_rounding);
        }
    }
}

TEST_CASE("load_image: YCCK, written by Adobe's programs, gives the same colours as CMYK") {
    JpegSpec spec = spec_of(32, 16);
    spec.pixels = JCS_CMYK;
    spec.stored = JCS_YCCK;
    spec.adobe = true;
    Bytes pixels;  // light, in Adobe's sense: the image, with no black ink (255) or half
    const Bytes rgb = smooth_rgb(32, 16);
    Bytes expected;
    for (std::size_t p = 0; p < 32 * 16; ++p) {
        const unsigned char black = p % 32 < 16 ? 255 : 128;
        for (std::size_t c = 0; c < 3; ++c) {
            pixels.push_back(rgb[3 * p + c]);
            expected.push_back(static_cast<unsigned char>(rgb[3 * p + c] * black / 255));
        }
        pixels.push_back(black);
    }
    const nst::Image image = load_bytes(make_jpeg(spec, pixels));
    CHECK(largest_difference(image, image_of(expected, 16, 32)) <= jpeg_rounding);
}

TEST_CASE("load_image: applies every EXIF orientation") {
    JpegSpec spec = spec_of(24, 16);
    spec.stored = JCS_RGB;
    const Bytes pixels = blocks(24, 16, 3);
    for (const bool big_endian : {false, true}) {
        for (const unsigned orientation : {1u, 2u, 3u, 4u, 5u, 6u, 7u, 8u, 0u, 9u, 65535u}) {
            spec.exif = exif_block(orientation, big_endian);
            const bool turned = orientation >= 5 && orientation <= 8;
            const std::size_t height = turned ? 24 : 16;
            const std::size_t width = turned ? 16 : 24;
            const nst::Image image = load_bytes(make_jpeg(spec, pixels));
            INFO("orientation " << orientation);
            REQUIRE(image.shape()[0] == height);
            REQUIRE(image.shape()[1] == width);
            std::size_t wrong = 0;
            for (std::size_t k = 0; k < image.size(); ++k) {
                const auto [row, column] =
                    stored_place(orientation, k / 3 / width, k / 3 % width, height, width);
                wrong += image.data()[k] != pixels[(row * 24 + column) * 3 + k % 3];
            }
            CHECK(wrong == 0);
        }
    }
}

TEST_CASE("load_image: finds the EXIF block after a different marker of the same kind") {
    JpegSpec spec = spec_of(24, 16);
    spec.exif = exif_block(6);
    const std::string xmp = "http://ns.adobe.com/xap/1.0/";
    const Bytes body(xmp.c_str(), xmp.c_str() + xmp.size() + 1);
    const Bytes jpeg = with_marker(make_jpeg(spec, blocks(24, 16, 3)), 0xe1, body);
    CHECK(load_bytes(jpeg).shape()[0] == 24);
}

TEST_CASE("load_image: takes no EXIF block from a marker that is for something else") {
    JpegSpec spec = spec_of(24, 16);
    spec.exif = exif_block(6);
    const Bytes jpeg = make_jpeg(spec, blocks(24, 16, 3));
    // beside the profile, which has the same kind of marker: 6 turns the image, 3 does not
    CHECK(load_bytes(with_marker(jpeg, 0xe2, exif_block(3))).shape()[0] == 24);
}

TEST_CASE("load_image: finds the orientation among entries that point nowhere") {
    JpegSpec spec = spec_of(24, 16);
    const Bytes pixels = blocks(24, 16, 3);
    // tag, type (2 text, 4 a 32-bit number, 5 a ratio), count and a bad pointer, little-endian
    const std::vector<Bytes> entries = {
        {0x0f, 1, 2, 0, 20, 0, 0, 0, 0xf0, 0xff, 0xff, 0xff},    // the maker
        {0x1a, 1, 5, 0, 1, 0, 0, 0, 0, 0, 1, 0},                 // the resolution
        {0x25, 0x88, 4, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f},  // the place (GPS)
        {0x69, 0x87, 4, 0, 1, 0, 0, 0, 8, 0, 0, 0},              // the camera: the directory itself
        {0x0e, 1, 99, 0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3, 4},    // a type that does not exist
        {0x12, 1, 2, 0, 1, 0, 0, 0, 3, 0, 0, 0},                 // an orientation that is a text
    };
    for (const Bytes& entry : entries) {
        for (const int more : {0, 3}) {  // entries that are announced but not there
            Bytes block = exif_block(6);
            constexpr std::size_t count_at = 6 + 8;
            block[count_at] = static_cast<unsigned char>(2 + more);
            block.insert(block.begin() + count_at + 2, entry.begin(), entry.end());
            spec.exif = block;
            CHECK(load_bytes(make_jpeg(spec, pixels)).shape()[0] == 24);
        }
    }
}

TEST_CASE("load_image: a damaged EXIF block leaves the image unchanged") {
    JpegSpec spec = spec_of(24, 16);
    spec.stored = JCS_RGB;
    const Bytes pixels = blocks(24, 16, 3);
    const Bytes whole = exif_block(6);
    for (std::size_t size = 0; size < 24; ++size) {  // truncated before the orientation's value
        spec.exif = Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        CHECK(load_bytes(make_jpeg(spec, pixels)).shape()[1] == 24);
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (const unsigned char flip : every_flip) {
            spec.exif = whole;
            spec.exif[at] ^= flip;
            const auto shape = load_bytes(make_jpeg(spec, pixels)).shape();
            CHECK(shape[0] * shape[1] == 24 * 16);
        }
    }
}

TEST_CASE("load_image: rotates CMYK images too") {
    JpegSpec spec = spec_of(16, 8);
    spec.pixels = spec.stored = JCS_CMYK;
    const nst::Image upright = load_bytes(make_jpeg(spec, blocks(16, 8, 4)));
    spec.exif = exif_block(8);
    const nst::Image turned = load_bytes(make_jpeg(spec, blocks(16, 8, 4)));
    REQUIRE(turned.shape()[0] == 16);
    CHECK(turned(0, 0, 0) == upright(0, 15, 0));
    CHECK(turned(15, 7, 2) == upright(7, 0, 2));
}

TEST_CASE("load_image: ignores bytes after the end of a JPEG") {
    Bytes jpeg = small_jpeg();
    const nst::Image plain = load_bytes(jpeg);
    jpeg.insert(jpeg.end(), 5000, 'x');
    CHECK(largest_difference(load_bytes(jpeg), plain) == 0);
}

TEST_CASE("load_image: rejects a JPEG truncated in its pixels instead of filling it with grey") {
    JpegSpec in_turn = spec_of(20, 12);  // one scan for each colour
    in_turn.scans = {{1, {0, 0, 0, 0}, 0, 63, 0, 0},
                     {1, {1, 0, 0, 0}, 0, 63, 0, 0},
                     {1, {2, 0, 0, 0}, 0, 63, 0, 0}};
    JpegSpec restarted = spec_of(40, 24);
    restarted.restart = 2;
    for (const Bytes& jpeg :
         {small_jpeg(false), small_jpeg(true), make_jpeg(in_turn, smooth_rgb(20, 12)),
          make_jpeg(restarted, smooth_rgb(40, 24))}) {
        const nst::Image whole = load_bytes(jpeg);
        for (std::size_t size = 3; size < jpeg.size(); ++size) {
            INFO(size << " of " << jpeg.size() << " bytes");
            const Bytes cut(jpeg.begin(), jpeg.begin() + static_cast<std::ptrdiff_t>(size));
            if (size + 2 >= jpeg.size()) {
                CHECK(largest_difference(load_bytes(cut), whole) == 0);
            } else {
                CHECK(load_message(cut) == "load_image: ends too early, after " +
                                               std::to_string(size) +
                                               " bytes. Was the download interrupted?");
            }
        }
    }
}

TEST_CASE("read_image: reads a JPEG whose pixels are followed by anything, and says so") {
    for (const bool progressive : {false, true}) {
        const Bytes jpeg = small_jpeg(progressive);
        const nst::Image whole = load_bytes(jpeg);
        const Bytes pixels(jpeg.begin(), jpeg.end() - 2);  // without the end marker
        Bytes text;
        for (int k = 0; k < 3000; ++k) text.push_back(static_cast<unsigned char>('a' + k % 26));
        const std::vector<Bytes> trailers = {
            {},
            {0xff},
            text,
            Bytes(1000),
            joined({text, jpeg}),  // a second picture
            joined({jpeg, text}),
            {0xff, 0xc4, 0, 3, 0xff, 0xd9},             // a damaged Huffman table
            {0xff, 0xda, 0, 3, 0},                      // a damaged scan
            {0xff, 0x01, 0xff, 0xc0, 0, 2, 0xff, 0xc9}  // markers that mean nothing here
        };
        for (const Bytes& trailer : trailers) {
            INFO("progressive: " << progressive << ", trailer " << &trailer - trailers.data());
            const nst::LoadedImage loaded = read_with_alpha(joined({pixels, trailer}));
            CHECK(largest_difference(loaded.image, whole) == 0);
            CHECK(loaded.alpha.size() == 0);
            REQUIRE(loaded.warnings.size() == 1);
            CHECK(loaded.warnings[0] == "its end marker is missing; no pixel is");
            const Bytes cut(pixels.begin(), pixels.end() - 30);
            CHECK(load_message(cut) != "(not refused)");
        }
        CHECK(read_with_alpha(jpeg).warnings.empty());
        CHECK(read_with_alpha(joined({jpeg, text})).warnings.empty());
    }
}

TEST_CASE("load_image: rejects a JPEG that lacks a scan, whether an end marker follows or not") {
    JpegSpec spec = spec_of(20, 12);
    spec.scans = {{1, {0, 0, 0, 0}, 0, 63, 0, 0},
                  {1, {1, 0, 0, 0}, 0, 63, 0, 0},
                  {1, {2, 0, 0, 0}, 0, 63, 0, 0}};
    Bytes jpeg = make_jpeg(spec, smooth_rgb(20, 12));
    std::size_t last_scan = 0;
    for (std::size_t at = 0; at + 1 < jpeg.size(); ++at) {
        if (jpeg[at] == 0xff && jpeg[at + 1] == 0xda) last_scan = at;
    }
    jpeg.resize(last_scan);
    CHECK(contains(load_message(jpeg), "ends too early"));
    CHECK(load_message(joined({jpeg, {0xff, 0xd9}})) ==
          "load_image: is a damaged JPEG: a scan is missing");
}

TEST_CASE("load_image: rejects a truncated JPEG with an end marker as damaged") {
    Bytes jpeg = small_jpeg();
    jpeg.resize(jpeg.size() - 40);
    jpeg.insert(jpeg.end(), {0xff, 0xd9});
    CHECK(contains(load_message(jpeg), "load_image: is a damaged JPEG: "));
}

TEST_CASE("load_image: rejects codes that no Huffman table contains") {
    JpegSpec spec = spec_of(20, 12);
    Bytes jpeg = make_jpeg(spec, smooth_rgb(20, 12));
    // eight ones, and the zero byte that distinguishes them from a marker: no code is all ones
    const std::size_t begin = first_scan(jpeg);
    for (std::size_t at = begin; at + 2 < jpeg.size(); ++at) {
        jpeg[at] = (at - begin) % 2 == 0 ? 0xff : 0;
    }
    CHECK(contains(load_message(jpeg),
                   "load_image: is a damaged JPEG: Corrupt JPEG data: bad "
                   "Huffman code"));
}

TEST_CASE("load_image: rejects a restart marker out of order") {
    JpegSpec spec = spec_of(40, 24);
    spec.restart = 2;
    Bytes jpeg = make_jpeg(spec, smooth_rgb(40, 24));
    jpeg[frame_header(jpeg, 0xd1) + 1] = 0xd4;
    CHECK(contains(load_message(jpeg), "load_image: is a damaged JPEG: "));
}

TEST_CASE("load_image: rejects a progressive scan that refines missing coefficients") {
    Bytes jpeg = small_jpeg(true);
    // the scan that adds the last bit of the DC coefficients: coefficients 0 to 0, bit 1 to 0
    const Bytes refinement = {0, 0, 0x10};
    const auto found = std::search(jpeg.begin(), jpeg.end(), refinement.begin(), refinement.end());
    REQUIRE(found != jpeg.end());
    found[2] = 0x21;
    CHECK(contains(load_message(jpeg), "load_image: is a damaged JPEG: Inconsistent progression"));
}

TEST_CASE("load_image, image_size: reject a small JPEG that announces too many pixels at once") {
    for (const bool progressive : {false, true}) {
        const unsigned char marker = progressive ? 0xc2 : sof_baseline;
        const Bytes jpeg = small_jpeg(progressive);
        const Bytes huge = announcing(jpeg, 60000, marker);
        const Bytes large = announcing(jpeg, 16384, marker);
        const std::string does_not_fit =
            "is damaged: it announces 16384x16384 pixels, which do not fit into " +
            std::to_string(jpeg.size()) + " bytes";
        CHECK(contains(load_message(huge), "has 60000x60000 pixels; expected at most 2^28"));
        CHECK(contains(size_message(huge), "has 60000x60000 pixels; expected at most 2^28"));
        CHECK(contains(load_message(large), does_not_fit));
        CHECK(contains(size_message(large), does_not_fit));
    }
}

TEST_CASE("load_image: accepts the densest JPEG that Huffman codes can write") {
    for (const bool progressive : {false, true}) {
        JpegSpec spec = spec_of(2000, 1600);
        spec.optimized = true;
        if (progressive) {  // DC coefficients first, one bit each; then only runs of flat blocks
            spec.scans = {{3, {0, 1, 2, 0}, 0, 0, 0, 0}};
            for (int c = 0; c < 3; ++c) spec.scans.push_back({1, {c, 0, 0, 0}, 1, 63, 0, 0});
        }
        const Bytes jpeg = make_jpeg(spec, Bytes(2000 * 1600 * 3, 255));
        INFO(jpeg.size() << " bytes");
        constexpr std::size_t block_count = 3 * 250 * 200;
        CHECK(jpeg.size() < block_count / (progressive ? 8 : 4) + 2000);  // else this tests nothing
        CHECK(load_bytes(jpeg)(1599, 1999, 1) == 255);
    }
}

TEST_CASE("load_image, image_size: reject an unsupported kind of JPEG by name") {
    const Bytes jpeg = small_jpeg();
    const auto patched = [&](std::size_t offset, unsigned char value) {
        Bytes changed = jpeg;
        changed[frame_header(jpeg) + offset] = value;
        return changed;
    };
    JpegSpec two_channels = spec_of(8, 8);
    two_channels.pixels = two_channels.stored = JCS_UNKNOWN;
    const std::vector<std::pair<Bytes, std::string>> cases = {
        {patched(4, 12), "precision 12"},
        {patched(1, 0xc3), "SOF type 0xc3"},      // lossless
        {patched(1, 0xc9), "arithmetic coding"},  // sequential
        {patched(1, 0xca), "arithmetic coding"},  // progressive
        {announcing(jpeg, 65535), "65500 pixels"},
        {make_jpeg(two_channels, Bytes(8 * 8 * 2)), "2 components of unknown meaning"},
    };
    for (const auto& [bytes, says] : cases) {
        const std::string line = load_message(bytes);
        INFO(line);
        CHECK(contains(line, "load_image: is a JPEG of a rare kind: "));
        CHECK(contains(line, says));
        CHECK(contains(line, "; expected baseline or progressive, 8 bits"));
        CHECK(contains(size_message(bytes), says));
    }
}

TEST_CASE("load_image: rejects a JPEG with more scans than any encoder writes") {
    JpegSpec spec = spec_of(8, 8);
    spec.pixels = spec.stored = JCS_GRAYSCALE;
    const auto scan = [](int from, int to, int high, int low) {
        return jpeg_scan_info{1, {0, 0, 0, 0}, from, to, high, low};
    };
    spec.scans = {scan(0, 0, 0, 0)};
    // each coefficient separately, the most significant bit first
    for (int k = 1; k < 64; ++k) {
        spec.scans.push_back(scan(k, k, 0, 9));
        for (int bit = 8; bit >= 0; --bit) spec.scans.push_back(scan(k, k, bit + 1, bit));
    }
    REQUIRE(spec.scans.size() > 500);
    const Bytes pixels(64, 99);
    CHECK(load_message(make_jpeg(spec, pixels)) ==
          "load_image: is a damaged JPEG: more than 500 scans");
    spec.scans.resize(400);
    CHECK(load_bytes(make_jpeg(spec, pixels))(7, 7, 0) == 99);
}

TEST_CASE("load_image: a wrong byte anywhere in a JPEG gives an image or an Error") {
    for (const bool progressive : {false, true}) {
        const Bytes jpeg = small_jpeg(progressive);
        std::size_t refused = 0;
        for (std::size_t at = 0; at < jpeg.size(); ++at) {
            Bytes damaged = jpeg;
            damaged[at] ^= 0xff;
            refused += load_message(damaged) != "(not refused)";
        }
        CHECK(refused > 0);
    }
}
