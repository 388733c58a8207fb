#include "nst/range_penalty.hpp"

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Shape3;
using nst::Tensor3;

TEST_CASE("range_penalty: is the mean of the squared excess over 0 to 255") {
    const std::array<nst::Real, 3> mean = {100, 50, 0};
    // the pixels' values are 255, 0, 128, then 257, -3, 259
    const Tensor3 x = {{{155, -50, 128}, {157, -53, 259}}};
    CHECK(nst::range_penalty(x, mean) == (4.0 + 9 + 16) / 6);
    const Tensor3 gradient = nst::range_penalty_backward(x, mean);
    const std::vector<double> expected = {0, 0, 0, 4.0 / 6, -6.0 / 6, 8.0 / 6};
    for (std::size_t k = 0; k < expected.size(); ++k) {
        CHECK(gradient.data()[k] == Approx(expected[k]).epsilon(4 * epsilon));
    }
}

TEST_CASE("range_penalty: agrees with the loops at any size") {
    const std::array<nst::Real, 3> mean = {123, 116, 103};
    // Sums are split at multiples of 16384 positions.
    for (const Shape3& shape : {Shape3{1, 1, 3}, {5, 7, 3}, {1, 16385, 3}, {301, 223, 3}}) {
        auto x = random_tensor<Tensor3>(shape, 1, 300);
        double sum = 0;
        for (std::size_t k = 0; k < x.size(); ++k) {
            const nst::Real value = x.data()[k] + mean[k % 3];
            const double below = std::min(double{value}, 0.0);
            const double above = std::max(double{value} - 255, 0.0);
            sum += below * below + above * above;
        }
        CHECK(agree(nst::range_penalty(x, mean), sum / static_cast<double>(x.size()), 1e-6));
    }
}

TEST_CASE("range_penalty: rejects an empty image and one without three channels") {
    CHECK(error_of([] {
              nst::range_penalty(Tensor3::from_shape({2, 0, 3}), {});
          }) == "range_penalty: the image must be (H, W, 3) and not empty, got 2x0x3");
    CHECK(error_of([] {
              nst::range_penalty_backward(Tensor3::from_shape({2, 2, 1}), {});
          }) == "range_penalty_backward: the image must be (H, W, 3) and not empty, got 2x2x1");
}
