// Squares cut out of a picture.
#include "nst/random_crops.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Image;

namespace {

// A picture whose red is the column and whose green is the row; blue is 200.
Image coordinates(std::size_t height, std::size_t width) {
    Image image = Image::from_shape({height, width, 3});
    for (std::size_t i = 0; i < height; ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            image(i, j, 0) = static_cast<nst::Real>(j);
            image(i, j, 1) = static_cast<nst::Real>(i);
            image(i, j, 2) = 200;
        }
    }
    return image;
}

}  // namespace

TEST_CASE("random_crops: squares of the picture, upright or mirrored, some with changed colours") {
    constexpr std::size_t side = 8;
    const Image picture = coordinates(20, 30);  // below 400 pixels: used as it is
    nst::NumpyRandom random(1);
    const std::vector<Image> crops = nst::random_crops(picture, 400, side, random);
    REQUIRE(crops.size() == 400);
    std::size_t plain = 0;
    std::size_t mirrored = 0;
    std::size_t other_order = 0;
    std::size_t noisy = 0;
    std::set<std::pair<double, double>> corners;
    for (const Image& crop : crops) {
        REQUIRE(crop.shape() == std::array<std::size_t, 3>{side, side, 3});
        CHECK(std::all_of(crop.begin(), crop.end(), [](double v) { return v >= 0 && v <= 255; }));
        if (crop(0, 0, 2) == 200 && crop(0, 0, 0) != crop(0, 1, 0)) {
            const double step = crop(0, 1, 0) - crop(0, 0, 0);
            CHECK(std::abs(step) == 1);
            step > 0 ? ++plain : ++mirrored;
            corners.insert({std::min(crop(0, 0, 0), crop(0, side - 1, 0)), crop(0, 0, 1)});
            CHECK(crop(side - 1, 0, 1) - crop(0, 0, 1) == side - 1);
        } else if (crop(0, 0, 0) == 200 || crop(0, 0, 1) == 200 || crop(0, 0, 2) == 200) {
            ++other_order;
        } else {
            ++noisy;
        }
    }
    // Of 400: 0.8 (1 - 0.2 5/6) / 2 = 1/3 each, 0.133 and 0.2, within four deviations.
    CHECK(plain > 95);
    CHECK(plain < 171);
    CHECK(mirrored > 95);
    CHECK(mirrored < 171);
    CHECK(other_order > 26);
    CHECK(other_order < 80);
    CHECK(noisy > 48);
    CHECK(noisy < 112);
    for (const auto& corner : corners) {
        CHECK(corner.first <= 22);
        CHECK(corner.second <= 12);
    }
    CHECK(corners.size() > 150);  // of 23 x 13 places
}

TEST_CASE("random_crops: reduces large pictures, but not below the square") {
    nst::NumpyRandom random(2);
    // 900 pixels wide: to 400, 800, or as it is. 300 high would become 133, 267, 300.
    for (const Image& crop : nst::random_crops(random_image(300, 900, 1), 9, 200, random)) {
        CHECK(crop.shape(0) == 200);
    }
    const Image whole = random_image(64, 64, 3);
    const std::vector<Image> crops = nst::random_crops(whole, 20, 64, random);
    CHECK(std::any_of(crops.begin(), crops.end(),
                      [&](const Image& crop) { return bool(same_bits(crop, whole)); }));
}

TEST_CASE("random_crops: the same seed gives the same squares, and none are none") {
    const Image picture = random_image(50, 60, 4);
    const auto crops = [&](std::uint32_t seed) {
        nst::NumpyRandom random(seed);
        return nst::random_crops(picture, 3, 16, random);
    };
    for (std::size_t k = 0; k < 3; ++k) {
        CHECK(same_bits(crops(5)[k], crops(5)[k]));
        CHECK_FALSE(same_bits(crops(5)[k], crops(6)[k]));
    }
    nst::NumpyRandom random(7);
    CHECK(nst::random_crops(picture, 0, 16, random).empty());
}

TEST_CASE("random_crops: rejects a picture that is too small or has no three channels") {
    nst::NumpyRandom random(8);
    const auto message = [&](const Image& picture, std::size_t side) {
        return error_of([&] { nst::random_crops(picture, 1, side, random); });
    };
    CHECK(message(random_image(15, 40, 1), 16).find("shorter side, got 16 for 15x40x3") !=
          std::string::npos);
    CHECK(message(random_image(15, 40, 1), 0).find("got 0") != std::string::npos);
    CHECK(message(Image::from_shape({20, 20, 1}), 16).find("(H, W, 3)") != std::string::npos);
}
