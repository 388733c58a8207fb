// Colour profiles on reading; transparency, 16 bits and the tag of sRGB on writing.
#include <algorithm>
#include <cmath>

#include "image_samples.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace nst_test;

namespace fs = std::filesystem;

namespace {

// The profile's numbers have 16 bits after the point, and the formulas' constants five digits.
constexpr double profile_rounding = 0.1;

const std::vector<unsigned> colours = {200, 60,  60, 0,   0,   0,   255, 255, 255,
                                       10,  220, 30, 128, 128, 128, 30,  40,  250};

Bytes colour_png() {
    return make_png({LCT_RGB, 8, 6, 1}, colours);
}

Bytes iccp(const Bytes& profile) {
    return png_chunk("iCCP", joined({{'n', 0, 0}, zlib(profile)}));
}

double difference_from_formula(const nst::Image& image, const ProfileSpec& spec) {
    double worst = 0;
    for (std::size_t p = 0; p < colours.size() / 3; ++p) {
        const auto expected = in_srgb(
            spec, {double(colours[3 * p]), double(colours[3 * p + 1]), double(colours[3 * p + 2])});
        for (std::size_t c = 0; c < 3; ++c) {
            worst = std::max(worst, std::abs(image.data()[3 * p + c] - expected[c]));
        }
    }
    return worst;
}

JpegSpec exact_jpeg() {
    JpegSpec spec;
    spec.width = 8;
    spec.height = 8;
    spec.stored = JCS_RGB;
    return spec;
}

Bytes one_colour(unsigned char red, unsigned char green, unsigned char blue) {
    Bytes pixels;
    for (int p = 0; p < 64; ++p) pixels.insert(pixels.end(), {red, green, blue});
    return pixels;
}

nst::Image ramp(std::size_t height, std::size_t width) {
    nst::Image image = nst::Image::from_shape({height, width, 3});
    for (std::size_t k = 0; k < image.size(); ++k) {
        image.data()[k] = static_cast<nst::Real>(k * 37 % 256);
    }
    return image;
}

}  // namespace

TEST_CASE("load_image: converts the colours of a PNG from its profile to sRGB") {
    for (const ProfileSpec& spec : {adobe_rgb(), display_p3()}) {
        const nst::LoadedImage loaded =
            read_with_alpha(with_chunk(colour_png(), iccp(make_profile(spec))));
        CHECK(loaded.warnings.empty());
        CHECK(difference_from_formula(loaded.image, spec) <= profile_rounding);
    }
    const nst::Image image = load_bytes(with_chunk(colour_png(), iccp(make_profile(adobe_rgb()))));
    CHECK(image(0, 0, 0) == Approx(231.5).margin(profile_rounding));
    CHECK(image(0, 0, 1) == Approx(57.4).margin(profile_rounding));
    CHECK(image(0, 0, 2) == Approx(57.4).margin(profile_rounding));
}

TEST_CASE("load_image: a profile of sRGB changes no bit") {
    const nst::Image plain = load_bytes(colour_png());
    const nst::LoadedImage loaded =
        read_with_alpha(with_chunk(colour_png(), iccp(make_profile(srgb()))));
    CHECK(largest_difference(loaded.image, plain) == 0);
    CHECK(loaded.warnings.empty());
}

TEST_CASE("load_image: converts before compositing on white") {
    const Bytes png = make_png({LCT_RGBA, 8, 1, 1}, {200, 60, 60, 102});
    const nst::Image image = load_bytes(with_chunk(png, iccp(make_profile(adobe_rgb()))));
    const auto colour = in_srgb(adobe_rgb(), {200, 60, 60});
    for (std::size_t c = 0; c < 3; ++c) {
        CHECK(image(0, 0, c) == Approx(0.4 * colour[c] + 0.6 * 255).margin(profile_rounding));
    }
}

TEST_CASE("load_image: converts from a grey profile") {
    ProfileSpec linear;
    linear.space = "GRAY";
    const Bytes grey = make_png({LCT_GREY, 8, 3, 1}, {0, 55, 255});
    const nst::LoadedImage loaded = read_with_alpha(with_chunk(grey, iccp(make_profile(linear))));
    CHECK(loaded.warnings.empty());
    const double expected = 255 * (1.055 * std::pow(55 / 255.0, 1 / 2.4) - 0.055);
    CHECK(loaded.image(0, 0, 1) == Approx(0).margin(profile_rounding));
    CHECK(loaded.image(0, 1, 2) == Approx(expected).margin(profile_rounding));
    CHECK(loaded.image(0, 2, 0) == Approx(255).margin(profile_rounding));

    const nst::LoadedImage coloured =
        read_with_alpha(with_chunk(colour_png(), iccp(make_profile(linear))));
    CHECK(largest_difference(coloured.image, load_bytes(colour_png())) == 0);
    REQUIRE(coloured.warnings.size() == 1);
    CHECK(contains(coloured.warnings[0], "its colour profile is ignored: it is for grey images"));
}

TEST_CASE("load_image: converts the colours of a JPEG, whose profile may be in several markers") {
    const Bytes jpeg = make_jpeg(exact_jpeg(), one_colour(200, 60, 60));
    const Bytes profile = make_profile(adobe_rgb());
    const Bytes first(profile.begin(), profile.begin() + 100);
    const Bytes second(profile.begin() + 100, profile.end());
    const auto colour = in_srgb(adobe_rgb(), {200, 60, 60});
    const std::vector<Bytes> files = {
        with_marker(jpeg, 0xe2, icc_marker(1, 1, profile)),
        with_marker(with_marker(jpeg, 0xe2, icc_marker(2, 2, second)), 0xe2,
                    icc_marker(1, 2, first)),
        with_marker(with_marker(jpeg, 0xe2, icc_marker(1, 2, first)), 0xe2,
                    icc_marker(2, 2, second)),
    };
    for (const Bytes& file : files) {
        const nst::LoadedImage loaded = read_with_alpha(file);
        CHECK(loaded.warnings.empty());
        for (std::size_t c = 0; c < 3; ++c) {
            CHECK(loaded.image(7, 7, c) == Approx(colour[c]).margin(profile_rounding));
        }
    }
    const nst::LoadedImage half = read_with_alpha(with_marker(jpeg, 0xe2, icc_marker(1, 2, first)));
    CHECK(half.image(7, 7, 0) == 200);
    REQUIRE(half.warnings.size() == 1);
    CHECK(half.warnings[0] == "its colour profile is ignored: it is damaged");
    const Bytes other = with_marker(jpeg, 0xe2, {'M', 'P', 'F', 0});
    CHECK(read_with_alpha(other).warnings.empty());
}

TEST_CASE("load_image: ignores a profile that cannot be used, and says why") {
    const nst::Image plain = load_bytes(colour_png());
    const Bytes profile = make_profile(adobe_rgb());
    Bytes cut = profile;
    cut.resize(200);
    ProfileSpec cmyk = adobe_rgb();
    cmyk.space = "CMYK";
    ProfileSpec lab = adobe_rgb();
    lab.space = "Lab ";
    ProfileSpec link = adobe_rgb();
    link.device = "link";
    Bytes wrong_checksum = iccp(profile);
    wrong_checksum.back() ^= 1;
    Bytes large = profile;
    large.resize(5 << 20);
    const std::vector<std::pair<Bytes, std::string>> cases = {
        {iccp({1, 2, 3}), "it is damaged"},
        {iccp(cut), "it is damaged"},
        {png_chunk("iCCP", {'n', 0, 0, 1, 2, 3}), "it is damaged"},
        {png_chunk("iCCP", {'n'}), "it is damaged"},
        {iccp(large), "it is damaged"},
        {iccp(make_profile(cmyk)), "it is for CMYK images"},
        {iccp(make_profile(lab)), "it is for neither RGB nor grey images"},
        {iccp(make_profile(link)), "it does not describe a device"},
        {wrong_checksum, "the checksum is wrong"},
    };
    for (const auto& [chunk, says] : cases) {
        const nst::LoadedImage loaded = read_with_alpha(with_chunk(colour_png(), chunk));
        INFO(says);
        CHECK(largest_difference(loaded.image, plain) == 0);
        REQUIRE(loaded.warnings.size() == 1);
        CHECK(contains(loaded.warnings[0], says));
        CHECK(contains(loaded.warnings[0], "ignored"));
    }
}

TEST_CASE("load_image: a wrong byte anywhere in a profile gives an image") {
    const Bytes profile = make_profile(adobe_rgb());
    for (std::size_t at = 0; at < profile.size(); ++at) {
        for (const unsigned char flip : every_flip) {
            Bytes damaged = profile;
            damaged[at] ^= flip;
            const nst::Image image = load_bytes(with_chunk(colour_png(), iccp(damaged)));
            CHECK(std::all_of(image.begin(), image.end(),
                              [](nst::Real v) { return v >= 0 && v <= 255; }));
        }
    }
}

TEST_CASE("load_image: ignores gAMA and cHRM without a profile") {
    const nst::Image plain = load_bytes(colour_png());
    Bytes primaries(32);
    primaries[2] = 0x27;
    for (const Bytes& chunk :
         {png_chunk("gAMA", {0, 1, 0x86, 0xa0}), png_chunk("cHRM", primaries)}) {
        const nst::LoadedImage loaded = read_with_alpha(with_chunk(colour_png(), chunk));
        CHECK(largest_difference(loaded.image, plain) == 0);
        CHECK(loaded.warnings.empty());
    }
}

TEST_CASE("save_image: tags its files as sRGB, in the same bytes every time") {
    const TemporaryFolder folder;
    const nst::Image image = ramp(9, 11);
    const fs::path png = folder / "a.png";
    nst::save_image(png, image);
    const Bytes bytes = read_bytes(png);
    const Bytes tag = png_chunk("sRGB", {0});
    CHECK(std::search(bytes.begin(), bytes.end(), tag.begin(), tag.end()) != bytes.end());

    const fs::path jpeg = folder / "a.jpg";
    nst::save_image(jpeg, image);
    const Bytes tagged = read_bytes(jpeg);
    const nst::LoadedImage loaded = read_with_alpha(tagged);
    CHECK(loaded.warnings.empty());
    const std::string name = "ICC_PROFILE";
    const auto found = std::search(tagged.begin(), tagged.end(), name.begin(), name.end());
    REQUIRE(found != tagged.end());
    const auto marker = found - tagged.begin() - 4;
    const auto length = tagged[marker + 2] * 256 + tagged[marker + 3];
    CHECK(length < 2000);
    Bytes untagged = tagged;
    untagged.erase(untagged.begin() + marker, untagged.begin() + marker + 2 + length);
    CHECK(largest_difference(load_bytes(untagged), loaded.image) == 0);
    nst::save_image(jpeg, image);
    CHECK(read_bytes(jpeg) == tagged);
}

TEST_CASE("save_image: 16 bits keep fractions of a grey level") {
    const TemporaryFolder folder;
    const fs::path file = folder / "a.png";
    nst::Image image = nst::Image::from_shape({1, 3, 3});
    const std::vector<double> values = {0, 0.25, 99.9, 127.501, 254.75, 255, -3, 300, 1 / 257.0};
    std::copy(values.begin(), values.end(), image.data());
    nst::SaveOptions options;
    options.bits = 16;
    nst::save_image(file, image, options);
    CHECK(read_bytes(file)[24] == 16);
    const nst::Image saved = nst::load_image(file);
    for (std::size_t k = 0; k < values.size(); ++k) {
        const double clamped = std::clamp(values[k], 0.0, 255.0);
        CHECK(saved.data()[k] == static_cast<nst::Real>(std::round(clamped * 257) / 257));
    }
}

TEST_CASE("save_image: alpha comes back, and the image on white too") {
    const TemporaryFolder folder;
    const fs::path file = folder / "a.png";
    for (const int bits : {8, 16}) {
        nst::SaveOptions options;
        options.bits = bits;
        options.alpha = nst::Matrix::from_shape({1, 4});
        const std::vector<nst::Real> alphas = {255, 128, 51, 0};
        std::copy(alphas.begin(), alphas.end(), options.alpha.data());
        nst::Image image = nst::Image::from_shape({1, 4, 3});
        const std::vector<double> on_white = {10,  20,  30,  200, 150, 250,
                                              240, 210, 255, 255, 255, 255};
        std::copy(on_white.begin(), on_white.end(), image.data());
        nst::save_image(file, image, options);
        const nst::LoadedImage loaded = nst::read_image(file);
        CHECK(loaded.alpha == options.alpha);
        CHECK(largest_difference(loaded.image, image) <= 0.5);
    }
    nst::SaveOptions options;
    options.alpha = nst::Matrix::from_shape({1, 1});
    options.alpha(0, 0) = 100;
    nst::Image black = nst::Image::from_shape({1, 1, 3});
    black.fill(0);  // darker than any colour of this alpha on white
    nst::save_image(file, black, options);
    CHECK(nst::load_image(file)(0, 0, 0) == 155);
}

TEST_CASE("save_image: a JPEG has the image on white and no alpha") {
    const TemporaryFolder folder;
    nst::SaveOptions options;
    options.alpha = nst::Matrix::from_shape({8, 8});
    options.alpha.fill(0);
    nst::save_image(folder / "a.jpg", ramp(8, 8), options);
    nst::save_image(folder / "b.jpg", ramp(8, 8));
    CHECK(read_bytes(folder / "a.jpg") == read_bytes(folder / "b.jpg"));
}

TEST_CASE("save_image: rejects options that do not suit the image or the format") {
    const TemporaryFolder folder;
    const std::string jpeg = (folder / "a.jpg").string();
    const std::string png = (folder / "a.png").string();
    const auto message = [](const std::string& file, const nst::SaveOptions& options) {
        return message_of([&] { nst::save_image(file, ramp(2, 3), options); });
    };
    nst::SaveOptions options;
    options.bits = 16;
    const std::string line =
        "save_image: a JPEG has 8 bits per sample, not 16; expected a name that ends in .png, "
        "got " +
        jpeg;
    CHECK(message(jpeg, options) == line);
    CHECK(message_of([&] { nst::check_output_file(jpeg, options); }) == line);
    CHECK(message_of([&] { nst::check_output_file(png, options); }) == "(not refused)");
    options.bits = 12;
    CHECK(message(png, options) == "save_image: bits must be 8 or 16, got 12");
    options.bits = 8;
    options.alpha = nst::Matrix::from_shape({3, 2});
    options.alpha.fill(1);
    CHECK(message(png, options) == "save_image: alpha must be 2x3 like the image, got 3x2");
    options.alpha = nst::Matrix::from_shape({2, 3});
    options.alpha.fill(1);
    options.alpha(1, 2) = std::nan("");
    CHECK(message(png, options) == "save_image: alpha(1, 2) is not a number");
    CHECK(fs::is_empty(folder.path()));
}
