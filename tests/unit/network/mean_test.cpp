#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "01_image/by_hand.hpp"
#include "nst/network.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Image;
using nst::Real;
using nst::Tensor3;

namespace {

const std::array<Real, 3> mean = {Real(123.68), Real(116.779), Real(103.939)};

}  // namespace

TEST_CASE("subtract_mean: agrees with the loops, each channel with its own mean") {
    const Image image = random_image(5, 7, 1);
    CHECK(same_bits(nst::subtract_mean(image, mean), by_hand::subtract_mean(image, mean)));
    const Tensor3 input = nst::subtract_mean(Image{{{1, 2, 3}}, {{10, 20, 30}}}, {1, 20, 300});
    CHECK(same_values(input, Tensor3{{{0, -18, -297}}, {{9, 0, -270}}}));
}

TEST_CASE("add_mean: undoes subtract_mean and clamps to 0 and 255") {
    const Image image = random_image(5, 7, 1);
    constexpr double twice_rounded = 2 * epsilon;
    CHECK(agree(nst::add_mean(nst::subtract_mean(image, mean), mean), image, twice_rounded));
    CHECK(same_values(nst::add_mean(Tensor3{{{-2, 100, 300}}, {{254, -300, 0}}}, {1, 2, 3}),
                      Image{{{0, 102, 255}}, {{255, 0, 3}}}));
}

TEST_CASE("add_mean: keeps NaN, which save_image then rejects") {
    const nst::Real nan = std::numeric_limits<nst::Real>::quiet_NaN();
    CHECK(std::isnan(nst::add_mean(Tensor3{{{1, nan, 3}}}, {1, 2, 3})(0, 0, 1)));
}

TEST_CASE("subtract_mean and add_mean: reject a tensor that is not an image") {
    CHECK(error_of([] {
              nst::subtract_mean(Image::from_shape({2, 3, 4}), mean);
          }) == "subtract_mean: image must be (H, W, 3), got 2x3x4");
    CHECK(error_of([] {
              nst::add_mean(Tensor3::from_shape({2, 3, 1}), mean);
          }) == "add_mean: input must be (H, W, 3), got 2x3x1");
}

TEST_CASE("by_hand: interleaved bytes become rows, pixels and channels and then the same bytes") {
    std::vector<std::uint8_t> bytes;
    for (int k = 0; k < 2 * 3 * 3; ++k) bytes.push_back(static_cast<std::uint8_t>(10 * k));
    const Image image = by_hand::image_from_bytes(bytes, 2, 3);
    CHECK(image.shape() == nst::Shape3{2, 3, 3});
    CHECK(image(0, 0, 0) == 0);
    CHECK(image(0, 0, 2) == 20);
    CHECK(image(0, 1, 0) == 30);
    CHECK(image(1, 0, 0) == 90);
    CHECK(image(1, 2, 1) == 160);
    CHECK(by_hand::bytes_from_image(image) == bytes);
}

TEST_CASE("by_hand: saving rounds to nearest and clamps instead of wrapping around") {
    const Image image = {{{Real(-0.4), Real(-1), Real(-300)}, {Real(0.49), Real(0.5), Real(99.9)}},
                         {{Real(254.4), Real(254.5), Real(255.4)}, {Real(256), Real(1e6), 7}}};
    CHECK(by_hand::bytes_from_image(image) ==
          std::vector<std::uint8_t>{0, 0, 0, 0, 1, 100, 254, 255, 255, 255, 255, 7});
}
