#include "nst/noise_image.hpp"

#include <array>

#include "01_image/by_hand.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Tensor3;

TEST_CASE("noise_image: is the course's noise for a 300x400 image") {
    const Tensor3 nothing = xt::zeros<nst::Real>({300, 400, 3});
    const Tensor3 noise = nst::noise_image(nothing, 1, 3);
    const std::array<double, 6> first = {-8.363810443482226, 0.4331042079065206,
                                         15.717878173906186, 15.851723557337522,
                                         -14.97658758144655, -11.71028487447253};
    const std::array<double, 3> last = {-0.10961550167932188, 4.386879923170149,
                                        -18.559944659092587};
    // The course rounds its noise to float32.
    for (std::size_t k = 0; k < 6; ++k) CHECK(noise.data()[k] == static_cast<float>(first[k]));
    for (std::size_t k = 0; k < 3; ++k) {
        CHECK(noise.data()[noise.size() - 3 + k] == static_cast<float>(last[k]));
    }
}

TEST_CASE("noise_image: agrees with the loops, for any ratio and seed") {
    const auto content = random_tensor<Tensor3>({5, 7, 3}, 1, 120);
    CHECK(same_bits(nst::noise_image(content), by_hand::noise_image(content)));
    for (const double ratio : {0.0, 0.1, 0.6, 1.0}) {
        for (const std::uint32_t seed : {0u, 3u, 77u, 4294967295u}) {
            CHECK(same_bits(nst::noise_image(content, ratio, seed),
                            by_hand::noise_image(content, ratio, seed)));
        }
    }
}

TEST_CASE("noise_image: ratio 0 is the content image itself, ratio 1 is noise alone") {
    const auto content = random_tensor<Tensor3>({4, 3, 3}, 1);
    CHECK(same_bits(nst::noise_image(content, 0), content));
    const Tensor3 nothing = xt::zeros<nst::Real>({4, 3, 3});
    CHECK(same_bits(nst::noise_image(content, 1), nst::noise_image(nothing, 1)));
}

TEST_CASE("noise_image: mixes 0.6 noise and 0.4 content by default") {
    const auto content = random_tensor<Tensor3>({4, 3, 3}, 1);
    const Tensor3 noise = nst::noise_image(content, 1);
    const Tensor3 mix = nst::noise_image(content);
    constexpr double mix_tolerance = 2 * epsilon;  // two products and a sum
    constexpr double noise_rounding = 1e-7;  // the noise part is rounded to float in any build
    CHECK(agree(mix, Tensor3(nst::Real(0.6) * noise + nst::Real(0.4) * content),
                mix_tolerance + noise_rounding));
}

TEST_CASE("noise_image: rejects a ratio outside 0 to 1") {
    const Tensor3 content = xt::zeros<nst::Real>({2, 2, 3});
    CHECK(error_of([&] { nst::noise_image(content, -0.1); }) ==
          "noise_image: ratio must be in 0..1, got -0.1");
    CHECK(error_of([&] { nst::noise_image(content, 1.5); }) ==
          "noise_image: ratio must be in 0..1, got 1.5");
    CHECK(error_of([&] { nst::noise_image(content, std::nan("")); }) ==
          "noise_image: ratio must be in 0..1, got nan");
}
