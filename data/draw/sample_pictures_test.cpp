// The committed sample pictures match what the drawing programs produce.

#include "sample_pictures.hpp"

#include <lodepng.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "support/catch.hpp"

namespace {

// A different compiler or math library may round the last bit of a position differently, which now
// and then moves a ray or a bristle to its neighbour. A change of seed, or of the colour or shape
// of anything larger than a few strokes, exceeds this.
constexpr double largest_mean_difference = 0.5;  // grey levels
constexpr int visible_difference = 8;            // grey levels; smaller changes are invisible
constexpr double largest_visible_share = 0.01;   // of the values

// A page that shows all three should load quickly.
constexpr std::uintmax_t largest_file = std::uintmax_t{400} * 1024;

const std::filesystem::path folder = NST_DATA_FOLDER;

std::vector<std::uint8_t> committed(const std::string& name) {
    std::vector<std::uint8_t> bytes;
    unsigned width = 0;
    unsigned height = 0;
    const unsigned error = lodepng::decode(bytes, width, height, (folder / name).string(), LCT_RGB);
    INFO(name << ": " << lodepng_error_text(error));
    REQUIRE(error == 0);
    REQUIRE(width == static_cast<unsigned>(draw::picture_width));
    REQUIRE(height == static_cast<unsigned>(draw::picture_height));
    return bytes;
}

void check_drawn_again(const std::string& name, const draw::Picture& picture) {
    const std::vector<std::uint8_t> before = committed(name);
    const std::vector<std::uint8_t> again = draw::to_bytes(picture);
    REQUIRE(again.size() == before.size());
    double sum = 0;
    double visible = 0;
    for (std::size_t i = 0; i < again.size(); ++i) {
        const int difference = std::abs(static_cast<int>(again[i]) - static_cast<int>(before[i]));
        sum += difference;
        visible += difference > visible_difference ? 1 : 0;
    }
    const auto count = static_cast<double>(again.size());
    INFO(name << " differs. If the drawing was meant to change: cmake --build BUILD --target "
                 "sample_pictures");
    CHECK(sum / count < largest_mean_difference);
    CHECK(visible / count < largest_visible_share);
}

}  // namespace

TEST_CASE("sample pictures: the committed glass pyramid matches its program") {
    check_drawn_again("content/glass_pyramid.png", draw::glass_pyramid());
}

TEST_CASE("sample pictures: the committed field of strokes matches its program") {
    check_drawn_again("style/field_of_strokes.png", draw::field_of_strokes());
}

TEST_CASE("sample pictures: the committed swirling night matches its program") {
    check_drawn_again("style/swirling_night.png", draw::swirling_night());
}

TEST_CASE("sample pictures: the files are small 8-bit RGB PNGs without alpha") {
    for (const std::string name :
         {"content/glass_pyramid.png", "style/field_of_strokes.png", "style/swirling_night.png"}) {
        INFO(name);
        std::vector<std::uint8_t> file;
        REQUIRE(lodepng::load_file(file, (folder / name).string()) == 0);
        CHECK(file.size() < largest_file);
        unsigned width = 0;
        unsigned height = 0;
        lodepng::State state;
        REQUIRE(lodepng_inspect(&width, &height, &state, file.data(), file.size()) == 0);
        CHECK(state.info_png.color.colortype == LCT_RGB);
        CHECK(state.info_png.color.bitdepth == 8);
    }
}
