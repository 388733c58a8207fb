// TIFF, against files that libtiff writes.
#include "image_tiff_samples.hpp"

#include <algorithm>
#include <cmath>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace nst_test;

namespace {

constexpr double rounding = 2e-4;     // of a few operations on numbers up to 255, in float
constexpr double jpeg_error = 14;     // quality 100, colours at half the resolution
constexpr std::uint32_t width = 21;   // not a multiple of a tile or a byte
constexpr std::uint32_t height = 18;  // not a multiple of a strip

nst::LoadedImage read_bytes_as_image(const Bytes& bytes) {
    const TemporaryFolder folder;
    write_bytes(folder / "picture", bytes);
    nst::LoadedImage loaded = nst::read_image(folder / "picture");
    CHECK((load_bytes(bytes) == loaded.image));  // and image_size agrees
    return loaded;
}

TiffSpec spec_of(int bits, int samples, int photometric) {
    TiffSpec spec;
    spec.width = width;
    spec.height = height;
    spec.bits = bits;
    spec.samples = samples;
    spec.photometric = photometric;
    return spec;
}

std::vector<unsigned> noise_for(const TiffSpec& spec) {
    return noise(std::size_t{width} * height * static_cast<std::size_t>(spec.samples),
                 1u << spec.bits);
}

// The colour that a pixel's samples stand for, from 0 to 255.
using Colour = std::function<double(const unsigned* samples, std::size_t c)>;

void check_pixels(const TiffSpec& spec, const Colour& colour) {
    const std::vector<unsigned> samples = noise_for(spec);
    const nst::Image image = read_bytes_as_image(make_tiff(spec, samples)).image;
    REQUIRE(image.shape()[0] == height);
    REQUIRE(image.shape()[1] == width);
    double largest = 0;
    for (std::size_t k = 0; k < image.size(); ++k) {
        const double expected =
            colour(&samples[k / 3 * static_cast<std::size_t>(spec.samples)], k % 3);
        largest = std::max(largest, std::abs(double{image.data()[k]} - expected));
    }
    INFO(spec.bits << " bits, " << spec.samples << " samples, compression " << spec.compression
                   << ", mode " << spec.mode << ", tile " << spec.tile);
    CHECK(largest < rounding);
}

// Strips and tiles, samples together and apart, both orders of bytes, and BigTIFF.
void check_arrangements(TiffSpec spec, const Colour& colour) {
    for (const bool separate : {false, true}) {
        if (separate && spec.samples == 1) continue;
        for (const std::uint32_t tile : {0u, 16u}) {
            spec.separate = separate;
            spec.tile = tile;
            for (const char* mode : {"wl", "wb", "w8"}) {
                spec.mode = mode;
                check_pixels(spec, colour);
            }
        }
    }
}

double scale(const TiffSpec& spec) {
    return 255.0 / ((1u << spec.bits) - 1);
}

}  // namespace

TEST_CASE("load_image: grey and RGB TIFF of 1 to 16 bits, however they are arranged") {
    for (const int bits : {1, 2, 4, 8, 12, 16}) {
        const TiffSpec grey = spec_of(bits, 1, PHOTOMETRIC_MINISBLACK);
        check_arrangements(grey,
                           [&](const unsigned* s, std::size_t) { return s[0] * scale(grey); });
        const TiffSpec white = spec_of(bits, 1, PHOTOMETRIC_MINISWHITE);
        check_pixels(white,
                     [&](const unsigned* s, std::size_t) { return 255 - s[0] * scale(white); });
        const TiffSpec rgb = spec_of(bits, 3, PHOTOMETRIC_RGB);
        check_arrangements(rgb,
                           [&](const unsigned* s, std::size_t c) { return s[c] * scale(rgb); });
    }
}

TEST_CASE("load_image: a TIFF's palette, of 16 bits and as some programs store it, of 8") {
    for (const int bits : {2, 8}) {
        for (const unsigned wide : {257u, 1u}) {
            TiffSpec spec = spec_of(bits, 1, PHOTOMETRIC_PALETTE);
            const std::size_t count = std::size_t{1} << bits;
            std::array<std::vector<std::uint16_t>, 3> palette;
            for (std::size_t c = 0; c < 3; ++c) {
                for (const unsigned value : noise(count, 256, static_cast<unsigned>(c + 7))) {
                    palette[c].push_back(static_cast<std::uint16_t>(value * wide));
                }
            }
            spec.more = [&](TIFF* tiff) {
                TIFFSetField(tiff, TIFFTAG_COLORMAP, palette[0].data(), palette[1].data(),
                             palette[2].data());
            };
            check_arrangements(spec, [&](const unsigned* s, std::size_t c) {
                return palette[c][s[0]] / double(wide);
            });
        }
    }
}

TEST_CASE("load_image: a TIFF's CMYK is ink that takes light away") {
    for (const int bits : {8, 16}) {
        const TiffSpec spec = spec_of(bits, 4, PHOTOMETRIC_SEPARATED);
        check_arrangements(spec, [&](const unsigned* s, std::size_t c) {
            return (255 - s[c] * scale(spec)) * (255 - s[3] * scale(spec)) / 255;
        });
    }
}

TEST_CASE(
    "load_image: unassociated alpha of a TIFF is composited, an unnamed sample is not alpha") {
    for (const int bits : {8, 16}) {
        for (const int colours : {1, 3}) {
            TiffSpec spec =
                spec_of(bits, colours + 1, colours == 1 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB);
            spec.extra = {EXTRASAMPLE_UNASSALPHA};
            const auto level = [&](unsigned sample) { return sample * scale(spec); };
            check_arrangements(spec, [&](const unsigned* s, std::size_t c) {
                const double alpha = level(s[colours]);
                return (level(s[colours == 1 ? 0 : c]) * alpha + 255 * (255 - alpha)) / 255;
            });
            spec.extra = {EXTRASAMPLE_UNSPECIFIED};
            check_arrangements(spec, [&](const unsigned* s, std::size_t c) {
                return level(s[colours == 1 ? 0 : c]);
            });
        }
    }
    // alpha behind a sample without a name
    TiffSpec spec = spec_of(8, 5, PHOTOMETRIC_RGB);
    spec.extra = {EXTRASAMPLE_UNSPECIFIED, EXTRASAMPLE_UNASSALPHA};
    check_arrangements(spec, [&](const unsigned* s, std::size_t c) {
        return (double(s[c]) * s[4] + 255.0 * (255 - s[4])) / 255;
    });
}

TEST_CASE("load_image: associated alpha of a TIFF is divided out") {
    TiffSpec spec = spec_of(8, 4, PHOTOMETRIC_RGB);
    spec.extra = {EXTRASAMPLE_ASSOCALPHA};
    std::vector<unsigned> samples;
    for (std::size_t p = 0; p < width * height; ++p) {
        const auto alpha = static_cast<unsigned>(p % 256);
        samples.insert(samples.end(), {alpha, alpha / 2, 0, alpha});
    }
    const nst::LoadedImage loaded = read_bytes_as_image(make_tiff(spec, samples));
    REQUIRE(loaded.alpha.size() == width * height);
    for (std::size_t p = 0; p < width * height; ++p) {
        const unsigned* s = &samples[4 * p];
        CHECK(double{loaded.alpha.data()[p]} == s[3]);
        for (std::size_t c = 0; c < 3; ++c) {
            CHECK(std::abs(double{loaded.image.data()[3 * p + c]} - (s[c] + 255.0 - s[3])) <
                  rounding);
        }
    }
}

TEST_CASE("load_image: every lossless compression of TIFF that is offered") {
    for (const int compression : {COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_DEFLATE,
                                  COMPRESSION_PACKBITS, COMPRESSION_ZSTD}) {
        if (TIFFIsCODECConfigured(static_cast<std::uint16_t>(compression)) == 0) continue;
        for (const int bits : {8, 16}) {
            TiffSpec spec = spec_of(bits, 3, PHOTOMETRIC_RGB);
            spec.compression = compression;
            check_arrangements(
                spec, [&](const unsigned* s, std::size_t c) { return s[c] * scale(spec); });
            if (compression == COMPRESSION_PACKBITS) continue;
            spec.more = [](TIFF* tiff) {
                TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
            };
            check_pixels(spec,
                         [&](const unsigned* s, std::size_t c) { return s[c] * scale(spec); });
        }
    }
    for (const int compression :
         {COMPRESSION_CCITTRLE, COMPRESSION_CCITTFAX3, COMPRESSION_CCITTFAX4}) {
        TiffSpec spec = spec_of(1, 1, PHOTOMETRIC_MINISWHITE);
        spec.compression = compression;
        check_pixels(spec, [&](const unsigned* s, std::size_t) { return s[0] == 0 ? 255.0 : 0.0; });
    }
}

TEST_CASE("load_image: JPEG in TIFF, grey, RGB and YCbCr, and YCbCr without JPEG") {
    const Bytes pixels = smooth_rgb(width, height);
    for (const int photometric : {PHOTOMETRIC_MINISBLACK, PHOTOMETRIC_RGB, PHOTOMETRIC_YCBCR}) {
        for (const std::uint32_t tile : {0u, 32u}) {
            const std::size_t channels = photometric == PHOTOMETRIC_MINISBLACK ? 1 : 3;
            TiffSpec spec = spec_of(8, static_cast<int>(channels), photometric);
            spec.compression = COMPRESSION_JPEG;
            spec.strip = 16;
            spec.tile = tile;
            std::vector<unsigned> samples;
            for (std::size_t k = 0; k < pixels.size(); k += 3 / channels) {
                samples.push_back(pixels[k]);
            }
            const nst::Image image = read_bytes_as_image(make_tiff(spec, samples)).image;
            double largest = 0;
            for (std::size_t k = 0; k < image.size(); ++k) {
                const double expected = channels == 1 ? pixels[k / 3 * 3] : pixels[k];
                largest = std::max(largest, std::abs(double{image.data()[k]} - expected));
            }
            INFO("photometric " << photometric << ", tile " << tile);
            CHECK(largest < jpeg_error);
        }
    }
    TiffSpec spec = spec_of(8, 3, PHOTOMETRIC_YCBCR);
    spec.more = [](TIFF* tiff) { TIFFSetField(tiff, TIFFTAG_YCBCRSUBSAMPLING, 1, 1); };
    std::vector<unsigned> grey;  // no colour: 128, 128
    for (std::size_t p = 0; p < width * height; ++p) {
        grey.insert(grey.end(), {static_cast<unsigned>(p % 256), 128, 128});
    }
    const nst::Image image = read_bytes_as_image(make_tiff(spec, grey)).image;
    CHECK(std::abs(double{image(3, 5, 1)} - double{3 * width + 5}) <= 1);
}

TEST_CASE("load_image: a TIFF's orientation") {
    const TiffSpec upright = spec_of(8, 3, PHOTOMETRIC_RGB);
    const std::vector<unsigned> samples = noise_for(upright);
    const nst::Image stored = load_bytes(make_tiff(upright, samples));
    for (const int orientation : {1, 2, 3, 4, 5, 6, 7, 8}) {
        TiffSpec spec = upright;
        spec.orientation = orientation;
        const nst::Image image = load_bytes(make_tiff(spec, samples));
        const bool turned = orientation >= 5;
        REQUIRE(image.shape()[0] == (turned ? width : height));
        const auto is = [&](auto... any) { return ((orientation == any) || ...); };
        const std::size_t bottom = image.shape()[0] - 1;
        const std::size_t right = image.shape()[1] - 1;
        // where the first stored pixel and its right neighbour come to lie
        const std::size_t i = is(3, 4, 7, 8) ? bottom : 0;
        const std::size_t j = is(2, 3, 6, 7) ? right : 0;
        CHECK(image(i, j, 0) == stored(0, 0, 0));
        const std::size_t next_i = !turned ? i : (i == 0 ? 1 : i - 1);
        const std::size_t next_j = turned ? j : (j == 0 ? 1 : j - 1);
        CHECK(image(next_i, next_j, 0) == stored(0, 1, 0));
    }
}

TEST_CASE("load_image: the first page of a TIFF, with a line saying so") {
    TiffSpec second = spec_of(8, 3, PHOTOMETRIC_RGB);
    second.photometric = PHOTOMETRIC_RGB;
    second.height = 5;
    const TiffSpec first = spec_of(8, 3, PHOTOMETRIC_RGB);
    const std::vector<unsigned> samples = noise_for(first);
    const nst::LoadedImage loaded = read_bytes_as_image(make_tiff_pages({first, second}, samples));
    CHECK(loaded.image.shape()[0] == height);
    REQUIRE(loaded.warnings.size() == 1);
    CHECK(contains(loaded.warnings[0], "has several pages; this is the first"));
    CHECK(read_bytes_as_image(make_tiff(first, samples)).warnings.empty());
}

TEST_CASE("load_image: a TIFF's broken colour profile is ignored with a line saying so") {
    TiffSpec spec = spec_of(8, 3, PHOTOMETRIC_RGB);
    const std::vector<unsigned> samples = noise_for(spec);
    const nst::Image plain = load_bytes(make_tiff(spec, samples));
    spec.more = [](TIFF* tiff) { TIFFSetField(tiff, TIFFTAG_ICCPROFILE, 9, "no profile"); };
    const nst::LoadedImage loaded = read_bytes_as_image(make_tiff(spec, samples));
    CHECK((loaded.image == plain));
    CHECK(loaded.warnings.size() == 1);
}

TEST_CASE("load_image: a TIFF whose pixels are cut off is refused") {
    for (const int compression :
         {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_JPEG}) {
        TiffSpec spec = spec_of(8, 3, PHOTOMETRIC_RGB);
        spec.compression = compression;
        spec.strip = 32;
        std::vector<unsigned> samples = noise_for(spec);
        Bytes tiff = make_tiff(spec, samples);
        // libtiff writes the directory behind the pixels: move a part of the pixels out of sight
        std::uint32_t directory = 0;
        std::copy(tiff.begin() + 4, tiff.begin() + 8, reinterpret_cast<unsigned char*>(&directory));
        Bytes damaged = tiff;
        std::fill(damaged.begin() + 8 + (directory - 8) / 2, damaged.begin() + directory, 0);
        const std::string message = load_message(damaged);
        INFO("compression " << compression << ": " << message);
        if (compression != COMPRESSION_NONE) CHECK(contains(message, "is a damaged TIFF: "));
        for (std::size_t length = 8; length < tiff.size(); length += 7) {
            const Bytes cut(tiff.begin(), tiff.begin() + static_cast<std::ptrdiff_t>(length));
            CHECK(load_message(cut) != "(not refused)");
        }
    }
}

TEST_CASE("load_image: no damaged byte of a TIFF does harm") {
    for (const char* mode : {"wl", "wb", "w8"}) {
        for (const int compression :
             {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_JPEG}) {
            TiffSpec spec = spec_of(8, 4, PHOTOMETRIC_RGB);
            spec.extra = {EXTRASAMPLE_UNASSALPHA};
            spec.mode = mode;
            spec.compression = compression;
            spec.strip = 8;
            spec.tile = compression == COMPRESSION_LZW ? 16 : 0;
            const Bytes tiff = make_tiff(spec, noise_for(spec));
            for (std::size_t at = 0; at < tiff.size();
                 at += at < 8 || at + 300 > tiff.size() ? 1 : 41) {
                for (const unsigned char flip : every_flip) {
                    Bytes damaged = tiff;
                    damaged[at] ^= flip;
                    const std::string message = load_message(damaged);  // any Error, or an image
                    CHECK(std::count(message.begin(), message.end(), '\n') == 0);
                }
            }
        }
    }
}

TEST_CASE("load_image: kinds of TIFF that are not read are named") {
    TiffSpec spec = spec_of(32, 1, PHOTOMETRIC_MINISBLACK);
    spec.bits = 16;
    spec.more = [](TIFF* tiff) { TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_INT); };
    CHECK(contains(load_message(make_tiff(spec, noise_for(spec))),
                   "is a TIFF of a rare kind: samples that are not whole numbers from 0 on"));
    spec = spec_of(8, 3, PHOTOMETRIC_RGB);
    spec.more = [](TIFF* tiff) { TIFFSetField(tiff, TIFFTAG_DNGVERSION, "\1\4\0"); };
    CHECK(contains(load_message(make_tiff(spec, noise_for(spec))),
                   "is a camera's raw data (DNG); expected PNG, JPEG, WebP or TIFF"));
    spec = spec_of(8, 1, PHOTOMETRIC_CFA);
    CHECK(contains(load_message(make_tiff(spec, noise_for(spec))), "is a camera's raw data"));
    if (TIFFIsCODECConfigured(COMPRESSION_LZMA) != 0) {
        spec = spec_of(8, 3, PHOTOMETRIC_RGB);
        spec.compression = COMPRESSION_LZMA;
        CHECK(contains(load_message(make_tiff(spec, noise_for(spec))),
                       "is a TIFF of a rare kind: compression 34925"));
    }
}

TEST_CASE("load_image: a TIFF announces no more pixels and values than its file can hold") {
    TiffSpec spec = spec_of(8, 3, PHOTOMETRIC_RGB);
    spec.mode = "wl";
    const Bytes tiff = make_tiff(spec, noise_for(spec));
    std::uint32_t directory = 0;
    std::copy(tiff.begin() + 4, tiff.begin() + 8, reinterpret_cast<unsigned char*>(&directory));
    // entries of 12 bytes, in the order of their tags: width and height are the first two
    Bytes large = tiff;
    large[directory + 2 + 9] = 0x40;
    large[directory + 14 + 9] = 0x3f;
    CHECK(contains(size_message(large),
                   "is damaged: it announces 16405x16146 pixels, which do not "
                   "fit into "));
    large[directory + 2 + 3] = 0;
    CHECK(load_message(large) != "(not refused)");
    Bytes counts = tiff;
    for (std::size_t entry = directory + 2; entry + 12 < counts.size(); entry += 12) {
        counts[entry + 7] = 0x10;
        CHECK(contains(load_message(counts), "is a damaged TIFF: "));
        counts[entry + 7] = tiff[entry + 7];
        if (entry > directory + 100) break;
    }
    CHECK(contains(load_message(Bytes(tiff.begin(), tiff.begin() + 8)), "ends too early"));
    Bytes none = tiff;
    none[directory] = none[directory + 1] = 0;
    CHECK(contains(load_message(none), "is a damaged TIFF: it has 0 entries"));
}
