#include "nst/noise_image.hpp"

#include <array>

#include "01_image/by_hand.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::NumpyRandom;
using nst::Tensor3;

TEST_CASE("NumpyRandom: draws what NumPy's legacy generator draws") {
    NumpyRandom uniform(0);
    CHECK(uniform.uniform(0, 1) == 0.5488135039273248);
    CHECK(uniform.uniform(0, 1) == 0.7151893663724195);
    CHECK(uniform.uniform(0, 1) == 0.6027633760716439);
    NumpyRandom normal(0);
    for (const double expected : {1.764052345967664, 0.4001572083672233, 0.9787379841057392,
                                  2.240893199201458, 1.8675579901499675}) {
        CHECK(normal.normal() == expected);
    }
}

TEST_CASE("NumpyRandom: draws uniform and normal numbers from one stream") {
    // np.random.seed(4294967295); uniform(), randn(), randn(), uniform(2, 5)
    NumpyRandom random(4294967295u);
    CHECK(random.uniform(0, 1) == 0.0976320289940138);
    CHECK(random.normal() == 0.0813036681172692);
    CHECK(random.normal() == 0.4096851233481656);
    CHECK(random.uniform(2, 5) == 2.438351467981815);
}

TEST_CASE("NumpyRandom: normal numbers come in pairs, and the second waits") {
    NumpyRandom straight(3);
    const double first = straight.normal();
    const double second = straight.normal();
    const double after = straight.uniform(0, 1);
    NumpyRandom mixed(3);
    CHECK(mixed.normal() == first);
    CHECK(mixed.uniform(0, 1) == after);
    CHECK(mixed.normal() == second);
}

TEST_CASE("noise_image: is the course's noise for a picture of 300x400") {
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

TEST_CASE("noise_image: ratio 0 is the content itself, ratio 1 has nothing of it") {
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

TEST_CASE("noise_image: refuses a ratio outside 0 to 1") {
    const Tensor3 content = xt::zeros<nst::Real>({2, 2, 3});
    CHECK(error_of([&] { nst::noise_image(content, -0.1); }) ==
          "noise_image: ratio must be in 0..1, got -0.1");
    CHECK(error_of([&] { nst::noise_image(content, 1.5); }) ==
          "noise_image: ratio must be in 0..1, got 1.5");
    CHECK(error_of([&] { nst::noise_image(content, std::nan("")); }) ==
          "noise_image: ratio must be in 0..1, got nan");
}
