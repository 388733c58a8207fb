// The committed sample pictures match what the drawing programs produce.

#include "sample_pictures.hpp"

#include <lodepng.h>

#include <cmath>
#include <filesystem>
#include <string>

#include "nst/image.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

namespace {

// A different compiler or math library may round the last bit of a position differently, which now
// and then moves a ray or a bristle to its neighbour. A change of seed, or of the colour or shape
// of anything larger than a few strokes, exceeds this.
constexpr double largest_mean_difference = 0.5;  // grey levels
constexpr double visible_difference = 8;         // grey levels; smaller changes are invisible
constexpr double largest_visible_share = 0.01;   // of the values

// A page that shows several should load quickly.
constexpr std::uintmax_t largest_file = std::uintmax_t{400} * 1024;

const std::filesystem::path folder = NST_DATA_FOLDER;

using Save = void (*)(const std::filesystem::path&, const draw::Picture&);

// Compares the committed file with the picture, saved and read like it: JPEG changes both alike.
void check_drawn_again(const std::string& name, const draw::Picture& picture, Save save) {
    const nst_test::TemporaryFolder temporary;
    const std::filesystem::path drawn = temporary.path() / std::filesystem::path(name).filename();
    save(drawn, picture);
    const nst::Image before = nst::load_image(folder / name);
    const nst::Image again = nst::load_image(drawn);
    REQUIRE(before.shape() == again.shape());
    double sum = 0;
    double visible = 0;
    for (std::size_t i = 0; i < again.size(); ++i) {
        const double difference = std::abs(again.data()[i] - before.data()[i]);
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
    check_drawn_again("content/glass_pyramid.png", draw::glass_pyramid(), draw::save_png);
}

TEST_CASE("sample pictures: the committed harbour matches its program") {
    check_drawn_again("content/harbour.jpg", draw::harbour(), draw::save_jpeg);
}

TEST_CASE("sample pictures: the committed portrait matches its program") {
    check_drawn_again("content/portrait.jpg", draw::portrait(), draw::save_jpeg);
}

TEST_CASE("sample pictures: the committed field of strokes matches its program") {
    check_drawn_again("style/field_of_strokes.png", draw::field_of_strokes(), draw::save_png);
}

TEST_CASE("sample pictures: the committed swirling night matches its program") {
    check_drawn_again("style/swirling_night.png", draw::swirling_night(), draw::save_png);
}

TEST_CASE("sample pictures: the committed woodcut matches its program") {
    check_drawn_again("style/woodcut_bay.jpg", draw::woodcut_bay(), draw::save_jpeg);
}

TEST_CASE("sample pictures: the committed mosaic matches its program") {
    check_drawn_again("style/mosaic_peacock.jpg", draw::mosaic_peacock(), draw::save_jpeg);
}

TEST_CASE("sample pictures: the committed still life matches its program") {
    check_drawn_again("style/cubist_still_life.jpg", draw::cubist_still_life(), draw::save_jpeg);
}

TEST_CASE("sample pictures: the files are small; the PNGs are 8-bit RGB without alpha") {
    for (const std::string kind : {"content", "style"}) {
        for (const auto& entry : std::filesystem::directory_iterator(folder / kind)) {
            const std::filesystem::path& path = entry.path();
            INFO(path.filename().string());
            CHECK(entry.file_size() < largest_file);
            const nst::ImageSize size = nst::image_size(path);
            if (path.extension() == ".jpg") {
                CHECK(size.width * size.height ==
                      std::size_t{draw::large_width} * draw::large_height);
                continue;
            }
            CHECK(path.extension() == ".png");
            CHECK(size.width == std::size_t{draw::picture_width});
            CHECK(size.height == std::size_t{draw::picture_height});
            std::vector<std::uint8_t> file;
            REQUIRE(lodepng::load_file(file, path.string()) == 0);
            unsigned width = 0;
            unsigned height = 0;
            lodepng::State state;
            REQUIRE(lodepng_inspect(&width, &height, &state, file.data(), file.size()) == 0);
            CHECK(state.info_png.color.colortype == LCT_RGB);
            CHECK(state.info_png.color.bitdepth == 8);
        }
    }
}
