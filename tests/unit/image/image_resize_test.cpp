// resize_image.
#include <cmath>
#include <limits>

#include "image_samples.hpp"
#include "support/catch.hpp"

using namespace nst_test;

namespace {

// Sums are in double and rounded to single precision once per axis; its spacing below 256 is at
// most 1.6e-5.
constexpr double rounding = 3.2e-5;

nst::Image filled(std::size_t height, std::size_t width, nst::Real value) {
    nst::Image image = nst::Image::from_shape({height, width, 3});
    image.fill(value);
    return image;
}

nst::Image random_image(std::size_t height, std::size_t width) {
    nst::Image image = nst::Image::from_shape({height, width, 3});
    const auto values = noise(image.size(), 256);
    std::copy(values.begin(), values.end(), image.data());
    return image;
}

nst::Image transposed(const nst::Image& image) {
    const auto& shape = image.shape();
    nst::Image result = nst::Image::from_shape({shape[1], shape[0], 3});
    for (std::size_t i = 0; i < shape[0]; ++i) {
        for (std::size_t j = 0; j < shape[1]; ++j) {
            for (std::size_t c = 0; c < 3; ++c) result(j, i, c) = image(i, j, c);
        }
    }
    return result;
}

// A row of grey pixels.
nst::Image row_of(const std::vector<double>& greys) {
    nst::Image image = nst::Image::from_shape({1, greys.size(), 3});
    for (std::size_t k = 0; k < image.size(); ++k) {
        image.data()[k] = static_cast<nst::Real>(greys[k / 3]);
    }
    return image;
}

}  // namespace

TEST_CASE("resize_image: an image of the right size comes back unchanged") {
    const nst::Image image = random_image(7, 5);
    CHECK(largest_difference(nst::resize_image(image, 7, 5), image) == 0);
}

TEST_CASE("resize_image: does not change an axis that keeps its size") {
    const nst::Image image = random_image(6, 9);
    const nst::Image wide = nst::resize_image(image, 6, 9 * 4 + 1);
    for (std::size_t i = 0; i < 6; ++i) {
        nst::Image row = nst::Image::from_shape({1, 9, 3});
        std::copy_n(&image(i, 0, 0), 27, row.data());
        const nst::Image alone = nst::resize_image(row, 1, 37);
        for (std::size_t k = 0; k < 37 * 3; ++k) CHECK((&wide(i, 0, 0))[k] == alone.data()[k]);
    }
}

TEST_CASE("resize_image: a constant image stays constant") {
    for (const auto& [height, width] :
         {std::pair{1, 1}, {2, 3}, {17, 1}, {1, 17}, {40, 50}, {300, 2}, {5, 333}}) {
        const auto from = filled(21, 34, 77);
        const auto to_height = static_cast<std::size_t>(height);
        const auto to_width = static_cast<std::size_t>(width);
        const nst::Image result = nst::resize_image(from, to_height, to_width);
        CHECK(largest_difference(result, filled(to_height, to_width, 77)) <= rounding);
    }
}

TEST_CASE("resize_image: enlarges with Catmull-Rom weights") {
    // Around 1/4 between pixels 0 and 1 the kernel is w(3/4) = 29/128, w(7/4) = -3/128; around
    // -1/4, beyond the middle of the first pixel, w(5/4) = -9/128.
    const nst::Image result = nst::resize_image(row_of({100, 200}), 1, 4);
    CHECK(result(0, 0, 0) == Approx(100 - 100 * 9 / 128.0).margin(rounding));
    CHECK(result(0, 1, 1) == Approx(100 + 100 * 26 / 128.0).margin(rounding));
    CHECK(result(0, 2, 2) == Approx(200 - 100 * 26 / 128.0).margin(rounding));
    CHECK(result(0, 3, 0) == Approx(200 + 100 * 9 / 128.0).margin(rounding));
}

TEST_CASE("resize_image: reduces with Mitchell weights, stretched over the covered pixels") {
    // Two pixels become one: the last pixel and its repetitions lie at 5/4 and 7/4 from the first
    // result, w = -3/128 and -17/1152, each halved because the kernel is stretched by two; for the
    // second result they carry half of the kernel's weight.
    const nst::Image result = nst::resize_image(row_of({100, 100, 100, 190}), 1, 2);
    const double far = -(3 / 128.0 + 17 / 1152.0) / 2;
    CHECK(result(0, 0, 0) == Approx(100 + 90 * far).margin(rounding));
    CHECK(result(0, 1, 2) == Approx(145).margin(rounding));
}

TEST_CASE("resize_image: a ramp stays a ramp away from the edges") {
    std::vector<double> ramp;
    for (int k = 0; k < 60; ++k) ramp.push_back(4 * k);
    for (const std::size_t width : {180u, 120u, 30u, 20u}) {
        const nst::Image result = nst::resize_image(row_of(ramp), 1, width);
        const double step = 60.0 / static_cast<double>(width);
        const std::size_t margin = width / 10;  // three pixels of the larger image
        for (std::size_t o = margin; o < width - margin; ++o) {
            const double centre = (static_cast<double>(o) + 0.5) * step - 0.5;
            CHECK(result(0, o, 0) == Approx(4 * centre).margin(rounding));
        }
    }
}

TEST_CASE("resize_image: treats rows and columns alike") {
    const nst::Image image = random_image(23, 41);
    for (const auto& [height, width] : {std::pair{50u, 60u}, {9u, 13u}, {70u, 5u}, {3u, 99u}}) {
        const nst::Image result = nst::resize_image(image, height, width);
        const nst::Image other = nst::resize_image(transposed(image), width, height);
        CHECK(largest_difference(transposed(other), result) <= rounding);
    }
}

TEST_CASE("resize_image: reducing by a large factor averages, so stripes vanish") {
    nst::Image stripes = nst::Image::from_shape({400, 600, 3});
    for (std::size_t i = 0; i < 400; ++i) {
        for (std::size_t j = 0; j < 600; ++j) {
            for (std::size_t c = 0; c < 3; ++c) stripes(i, j, c) = (i + j) % 2 == 0 ? 0 : 200;
        }
    }
    const nst::Image small = nst::resize_image(stripes, 20, 30);
    for (std::size_t i = 2; i < 18; ++i) {
        for (std::size_t j = 2; j < 28; ++j) {
            CHECK(small(i, j, 1) == Approx(100).margin(rounding));
        }
    }
    const nst::Real one = nst::resize_image(random_image(500, 500), 1, 1)(0, 0, 0);
    // The standard deviation of 250000 values around 127.5, divided by the root of their number, is
    // 0.15; the repeated edges count more, as if there were about a hundred times fewer values.
    CHECK(one == Approx(127.5).margin(6));
}

TEST_CASE("resize_image: clamps overshoots to 0..255") {
    const nst::Image result = nst::resize_image(row_of({0, 0, 255, 255}), 1, 40);
    for (const nst::Real value : result) {
        CHECK(value >= 0);
        CHECK(value <= 255);
    }
    CHECK(result(0, 0, 0) == 0);
    CHECK(result(0, 39, 0) == 255);
}

TEST_CASE("resize_image: keeps NaN, which save_image then rejects") {
    const nst::Real nan = std::numeric_limits<nst::Real>::quiet_NaN();
    CHECK(std::isnan(nst::resize_image(row_of({0, nan, 255, 255}), 1, 8)(0, 2, 0)));
}

TEST_CASE("resize_image: channels do not mix") {
    nst::Image image = filled(9, 9, 0);
    for (std::size_t k = 1; k < image.size(); k += 3) image.data()[k] = 200;
    for (const std::size_t side : {4u, 20u}) {
        const nst::Image result = nst::resize_image(image, side, side);
        for (std::size_t k = 0; k < result.size(); ++k) {
            CHECK(result.data()[k] == Approx(k % 3 == 1 ? 200 : 0).margin(rounding));
        }
    }
}

TEST_CASE("resize_image: one pixel, long strips and the largest side work") {
    CHECK(nst::resize_image(filled(1, 1, 9), 3, 65535)(2, 65534, 2) == Approx(9).margin(rounding));
    CHECK(nst::resize_image(filled(1, 65535, 9), 1, 1)(0, 0, 0) == Approx(9).margin(rounding));
    CHECK(nst::resize_image(filled(65535, 2, 9), 2, 40000)(1, 39999, 0) ==
          Approx(9).margin(rounding));
    CHECK(nst::resize_image(filled(2, 65535, 9), 65535, 2)(65534, 1, 0) ==
          Approx(9).margin(rounding));
    CHECK(nst::resize_image(filled(1, 65535, 9), 1, 65534)(0, 65533, 1) ==
          Approx(9).margin(rounding));
}

TEST_CASE("resize_image: rejects wrong shapes and sizes") {
    const auto message = [](const nst::Image& image, std::size_t height, std::size_t width) {
        return message_of([&] { nst::resize_image(image, height, width); });
    };
    CHECK(message(nst::Image::from_shape({4, 4, 1}), 2, 2) ==
          "resize_image: image must be (H, W, 3) with H, W > 0, got 4x4x1");
    CHECK(message(nst::Image::from_shape({0, 4, 3}), 2, 2) ==
          "resize_image: image must be (H, W, 3) with H, W > 0, got 0x4x3");
    for (const auto& [height, width] : {std::pair<std::size_t, std::size_t>{0, 1},
                                        {1, 0},
                                        {65536, 1},
                                        {1, 65536},
                                        {1, std::size_t{0} - 1}}) {
        CHECK(message(filled(2, 2, 0), height, width) ==
              "resize_image: height and width must be 1 to 65535, got " + std::to_string(height) +
                  " and " + std::to_string(width));
    }
}
