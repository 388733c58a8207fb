// fuzz_seeds FOLDER: writes the seeds of the fuzz targets to FOLDER/mat, png, jpeg, webp, tiff and
// exif: small valid files of every kind, and networks with one odd array.
#define CATCH_CONFIG_RUNNER  // image_samples checks with Catch2
#include "support/catch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>

#include "support/vgg19_mat.hpp"
#include "unit/image/image_samples.hpp"
#include "unit/image/image_tiff_samples.hpp"
#include "unit/image/image_webp_samples.hpp"

using namespace nst_test;

namespace {

/// A folder of numbered seeds.
class Seeds {
  public:
    explicit Seeds(const std::filesystem::path& folder) : folder_(folder) {
        std::filesystem::create_directories(folder);
    }
    void add(const Bytes& bytes) { write_bytes(folder_ / std::to_string(count_++), bytes); }
    void add(const std::string& file) { add(Bytes(file.begin(), file.end())); }

  private:
    std::filesystem::path folder_;
    int count_ = 0;
};

/// One block of a one-channel network, to keep the file small.
mat5::Named small_network(Generation generation) {
    Vgg19Mat options;
    options.generation = generation;
    options.channels = {1, 1, 1, 1, 1};
    mat5::Named variables = vgg19_variables(options);
    mat5::Array& layers = variable(variables, "layers");
    layers.parts.resize(5);
    layers.dims = {1, 5};
    if (generation <= Generation::beta16) {  // the mean image would be most of the file
        field(variables.back().second, "averageImage") = mat5::row({120, 110, 100});
    }
    return variables;
}

/// Properties that no array, or only some arrays, may have: the reader has a separate message for
/// each.
std::vector<mat5::Array> odd_values() {
    return {mat5::row({0}),       mat5::row({1.5}),          mat5::row({-1}),
            mat5::row({1, 1, 1}), mat5::row({std::nan("")}), mat5::row({1, 1, 1, 1, 1}),
            mat5::text(""),       mat5::text("conv1_1"),     mat5::cell({mat5::row({1})})};
}

std::vector<double> values_of(const mat5::Array& array) {
    std::vector<double> values(array.value ? mat5::count_of(array) : 0);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = array.value(i);
    return values;
}

/// The same array with a different class, shape or storage type.
std::vector<mat5::Array> declared_otherwise(const mat5::Array& sound) {
    std::vector<mat5::Array> arrays;
    const std::vector<double> values = values_of(sound);
    const auto add = [&](const auto& change) {
        arrays.push_back(sound);
        change(arrays.back());
        if (sound.value) {  // the new shape may have more elements
            arrays.back().value = [values](std::size_t i) {
                return i < values.size() ? values[i] : 0;
            };
        }
    };
    for (std::uint32_t c = mat5::mx_nothing; c <= mat5::mx_uint64; ++c) {
        add([&](mat5::Array& array) { array.array_class = c; });
    }
    for (const std::uint32_t flag : {mat5::complex_flag, mat5::logical_flag}) {
        add([&](mat5::Array& array) { array.flags = flag; });
    }
    for (const std::vector<std::uint32_t>& dims :
         {std::vector<std::uint32_t>{0, 0}, {1, 2}, {2, 1}, {1, 1, 1}}) {
        add([&](mat5::Array& array) { array.dims = dims; });
    }
    const bool small_and_whole = std::all_of(values.begin(), values.end(), [](double v) {
        return v >= 0 && v <= 127 && v == std::floor(v);
    });
    if (!sound.value || !small_and_whole) return arrays;
    for (const mat5::Type type :
         {mat5::mi_int8, mat5::mi_uint8, mat5::mi_int16, mat5::mi_uint16, mat5::mi_int32,
          mat5::mi_uint32, mat5::mi_single, mat5::mi_double, mat5::mi_int64, mat5::mi_uint64,
          mat5::mi_utf8, mat5::mi_utf16, mat5::mi_utf32}) {
        add([&](mat5::Array& array) { array.stored_as = type; });
    }
    return arrays;
}

/// Calls visit(parts, k) for each array parts[k].second, starting from the variables.
template <class Visit>
void for_each_array(mat5::Named& parts, const Visit& visit) {
    for (std::size_t k = 0; k < parts.size(); ++k) {
        visit(parts, k);
        for_each_array(parts[k].second.parts, visit);
    }
}

/// Networks with one odd or missing array, so that the fuzzer need not find any message by chance.
void add_odd_networks(Seeds& seeds, Generation generation) {
    mat5::Named variables = small_network(generation);
    for_each_array(variables, [&](mat5::Named& parts, std::size_t k) {
        const mat5::Named sound = parts;
        for (const auto& arrays : {odd_values(), declared_otherwise(sound[k].second)}) {
            for (const mat5::Array& array : arrays) {
                parts[k].second = array;
                seeds.add(mat5::file(variables, false));
            }
        }
        parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(k));
        seeds.add(mat5::file(variables, false));
        parts = sound;
    });
}

void make_mat(Seeds seeds) {
    for (const auto generation : {Generation::beta10, Generation::beta16, Generation::beta17,
                                  Generation::beta19, Generation::beta23}) {
        for (const bool is_compressed : {false, true}) {
            seeds.add(mat5::file(small_network(generation), is_compressed));
        }
        add_odd_networks(seeds, generation);
    }
}

void make_png(Seeds seeds) {
    constexpr unsigned side = 9;
    for (const LodePNGColorType colour :
         {LCT_GREY, LCT_RGB, LCT_PALETTE, LCT_GREY_ALPHA, LCT_RGBA}) {
        const bool narrow = colour == LCT_GREY || colour == LCT_PALETTE;
        for (const unsigned depth : {1u, 2u, 4u, 8u, 16u}) {
            if ((depth < 8 && !narrow) || (depth == 16 && colour == LCT_PALETTE)) continue;
            PngSpec spec{colour, depth, side, side};
            spec.interlaced = depth == 8 || depth == 1;
            if (colour == LCT_PALETTE) spec.palette = {{255, 0, 0, 255}, {0, 255, 0, 99}};
            if (colour == LCT_GREY || colour == LCT_RGB) spec.transparent = {{0, 0, 0}};
            const unsigned bound = colour == LCT_PALETTE ? 2 : 1u << depth;
            seeds.add(nst_test::make_png(spec, noise(side * side * png_channels(colour), bound)));
        }
    }
    const Bytes png = nst_test::make_png({LCT_RGBA, 8, side, side}, noise(side * side * 4, 256));
    const auto add_chunk = [&](const char* type, const Bytes& body, bool at_end) {
        seeds.add(nst_test::with_chunk(png, nst_test::png_chunk(type, body), at_end));
    };
    add_chunk("eXIf", exif_block(6), true);
    for (const auto& profile : {nst_test::adobe_rgb(), nst_test::display_p3()}) {
        const Bytes data = nst_test::make_profile(profile);
        add_chunk("iCCP", nst_test::joined({{'n', 0, 0}, nst_test::zlib(data)}), false);
    }
    const std::string text = "Raw profile type exif";
    const std::string hex = "\nexif\n 20\n4d4d002a00000008000101120003000000010006";
    const Bytes keyword(text.c_str(), text.c_str() + text.size() + 1);
    const Bytes digits(hex.begin(), hex.end());
    add_chunk("tEXt", nst_test::joined({keyword, digits}), false);
    add_chunk("zTXt", nst_test::joined({keyword, {0}, nst_test::zlib(digits)}), false);
}

void make_jpeg(Seeds seeds) {
    struct Colours {
        J_COLOR_SPACE pixels, stored;
        std::size_t channels;
    };
    constexpr unsigned width = 20;
    constexpr unsigned height = 12;
    for (const Colours& colours :
         {Colours{JCS_GRAYSCALE, JCS_GRAYSCALE, 1}, Colours{JCS_RGB, JCS_YCbCr, 3},
          Colours{JCS_RGB, JCS_RGB, 3}, Colours{JCS_CMYK, JCS_CMYK, 4},
          Colours{JCS_CMYK, JCS_YCCK, 4}}) {
        for (const bool progressive : {false, true}) {
            JpegSpec spec;
            spec.width = width;
            spec.height = height;
            spec.pixels = colours.pixels;
            spec.stored = colours.stored;
            spec.quality = 90;
            spec.progressive = progressive;
            spec.subsampled = progressive && colours.channels > 1;
            spec.optimized = true;
            spec.adobe = progressive;
            spec.restart = progressive ? 0 : 2;
            spec.exif = exif_block(progressive ? 6 : 3, progressive);
            Bytes pixels;
            for (const unsigned sample : noise(width * height * colours.channels, 256)) {
                pixels.push_back(static_cast<unsigned char>(sample));
            }
            const Bytes jpeg = nst_test::make_jpeg(spec, pixels);
            seeds.add(jpeg);
            const Bytes profile = nst_test::make_profile(nst_test::adobe_rgb());
            seeds.add(nst_test::with_marker(jpeg, 0xe2, nst_test::icc_marker(1, 1, profile)));
            seeds.add(Bytes(jpeg.begin(), jpeg.end() - 2));  // without an end marker
        }
    }
}

void make_webp(Seeds seeds) {
    for (const bool lossless : {true, false}) {
        for (const unsigned alpha_bound : {1u, 256u}) {
            const WebpSpec spec{20, 12, lossless};
            const Bytes webp = nst_test::make_webp(spec, smooth_rgba(20, 12, alpha_bound));
            seeds.add(webp);
            const Bytes chunks = webp_chunks(webp);
            const Bytes around = joined(riff_chunk("ICCP", Bytes(40, 'p')), chunks);
            seeds.add(riff_file(joined(webp_features(20, 12, 0x3c),
                                       joined(around, riff_chunk("EXIF", exif_block(6))))));
            const Bytes frames =
                joined(webp_frame(2, 4, spec, chunks), webp_frame(0, 0, spec, chunks));
            seeds.add(riff_file(
                joined(webp_features(24, 16, 0x12), joined(riff_chunk("ANIM", Bytes(6)), frames))));
        }
    }
}

struct TiffColours {
    int photometric, samples, bits;
};

constexpr TiffColours all_tiff_colours[] = {
    {PHOTOMETRIC_MINISWHITE, 1, 1}, {PHOTOMETRIC_MINISBLACK, 1, 8}, {PHOTOMETRIC_MINISBLACK, 2, 16},
    {PHOTOMETRIC_RGB, 3, 8},        {PHOTOMETRIC_RGB, 4, 8},        {PHOTOMETRIC_SEPARATED, 4, 8},
    {PHOTOMETRIC_PALETTE, 1, 4},    {PHOTOMETRIC_YCBCR, 3, 8},      {PHOTOMETRIC_CIELAB, 3, 8},
};

/// Whether libtiff can write these colours in this compression.
bool go_together(const TiffColours& colours, int compression) {
    switch (compression) {
        case COMPRESSION_CCITTFAX3:
        case COMPRESSION_CCITTFAX4:
            return colours.bits == 1;
        case COMPRESSION_JPEG:
            return colours.bits == 8 && colours.photometric != PHOTOMETRIC_CIELAB;
        default:
            return true;
    }
}

/// @param number  chooses strips or tiles, the order of bytes and the like
Bytes arranged_tiff(const TiffColours& colours, int compression, unsigned number) {
    TiffSpec spec;
    spec.width = 20;
    spec.height = 12;
    spec.photometric = colours.photometric;
    spec.samples = colours.samples;
    spec.bits = colours.bits;
    spec.compression = compression;
    spec.strip = 16;
    spec.tile = number % 3 == 0 ? 16 : 0;
    const bool is_ycbcr = colours.photometric == PHOTOMETRIC_YCBCR;
    spec.separate = number % 2 == 0 && colours.samples > 1 && !is_ycbcr;
    spec.mode = std::array{"wl", "wb", "w8"}[number % 3];
    spec.orientation = static_cast<int>(number % 9);
    if (colours.samples == 2 || (colours.photometric == PHOTOMETRIC_RGB && colours.samples == 4)) {
        spec.extra = {static_cast<std::uint16_t>(1 + number % 2)};
    }
    const std::vector<std::uint16_t> palette(16, 300);
    spec.more = [&](TIFF* tiff) {
        if (colours.photometric == PHOTOMETRIC_PALETTE) {
            TIFFSetField(tiff, TIFFTAG_COLORMAP, palette.data(), palette.data(), palette.data());
        }
        if (is_ycbcr && compression != COMPRESSION_JPEG) {
            TIFFSetField(tiff, TIFFTAG_YCBCRSUBSAMPLING, 1, 1);
        }
    };
    return nst_test::make_tiff(
        spec, noise(20 * 12 * static_cast<std::size_t>(spec.samples), 1u << spec.bits));
}

void make_tiff(Seeds seeds) {
    unsigned number = 0;
    for (const int compression :
         {COMPRESSION_NONE, COMPRESSION_LZW, COMPRESSION_ADOBE_DEFLATE, COMPRESSION_PACKBITS,
          COMPRESSION_ZSTD, COMPRESSION_JPEG, COMPRESSION_CCITTFAX3, COMPRESSION_CCITTFAX4}) {
        if (TIFFIsCODECConfigured(static_cast<std::uint16_t>(compression)) == 0) continue;
        for (const TiffColours& colours : all_tiff_colours) {
            if (go_together(colours, compression)) {
                seeds.add(arranged_tiff(colours, compression, number++));
            }
        }
    }
}

void make_exif(Seeds seeds) {
    for (const bool big_endian : {false, true}) {
        for (const unsigned orientation : {1u, 6u, 9u}) {
            seeds.add(exif_block(orientation, big_endian));
        }
    }
    Bytes camera = exif_block(6);  // two entries before the orientation, which point elsewhere
    camera[14] = 3;
    const Bytes maker = {0x0f, 1, 2, 0, 6, 0, 0, 0, 50, 0, 0, 0};
    const Bytes place = {0x25, 0x88, 4, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0x7f};
    camera.insert(camera.begin() + 16, place.begin(), place.end());
    camera.insert(camera.begin() + 16, maker.begin(), maker.end());
    seeds.add(camera);
    seeds.add(Bytes(camera.begin() + 6, camera.end()));  // without "Exif", as in a PNG
}

}  // namespace

int main(int count, char** words) {
    if (count != 2) {
        std::cerr << "usage: fuzz_seeds FOLDER\n";
        return 2;
    }
    const std::filesystem::path folder = words[1];
    make_mat(Seeds(folder / "mat"));
    make_png(Seeds(folder / "png"));
    make_jpeg(Seeds(folder / "jpeg"));
    make_webp(Seeds(folder / "webp"));
    make_tiff(Seeds(folder / "tiff"));
    make_exif(Seeds(folder / "exif"));
}
