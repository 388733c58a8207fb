#include "nst/cross_entropy.hpp"

#include <cmath>

#include "18_where_the_weights_come_from/by_hand.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::cross_entropy;
using nst::cross_entropy_backward;
using nst::Matrix;

namespace {

constexpr double tolerance = 100 * epsilon;  // rounding of a few logarithms and sums

}  // namespace

TEST_CASE("cross_entropy: agrees with the formula by hand") {
    const auto logits = random_tensor<Matrix>({5, 7}, 1, 3);
    const std::vector<std::size_t> labels = {0, 6, 3, 3, 1};
    CHECK(agree(cross_entropy(logits, labels), by_hand::cross_entropy(logits, labels), tolerance));
    CHECK(agree(cross_entropy_backward(logits, labels),
                by_hand::cross_entropy_backward(logits, labels), tolerance));
}

TEST_CASE("cross_entropy: equal logits cost log K") {
    const Matrix logits = xt::zeros<nst::Real>({2, 8});
    CHECK(agree(cross_entropy(logits, {5, 2}), std::log(8.0), tolerance));
    CHECK(agree(cross_entropy(logits, {5, 2}, 0.3), std::log(8.0), tolerance));
}

TEST_CASE("cross_entropy: smoothing mixes the label with the uniform distribution") {
    const auto logits = random_tensor<Matrix>({1, 4}, 2, 2);
    double even = 0;
    for (std::size_t k = 0; k < 4; ++k) even += cross_entropy(logits, {k}) / 4;
    CHECK(agree(cross_entropy(logits, {2}, 0.25), 0.75 * cross_entropy(logits, {2}) + 0.25 * even,
                tolerance));
}

TEST_CASE("cross_entropy: logits of a thousand neither overflow nor give NaN") {
    const Matrix logits = {{1000, 0, -1000}};
    CHECK(cross_entropy(logits, {0}) == 0);
    CHECK(agree(cross_entropy(logits, {1}), 1000.0, tolerance));
    CHECK(std::isfinite(cross_entropy_backward(logits, {2})(0, 2)));
}

TEST_CASE("cross_entropy: handles a row of large logits beside a row of small ones") {
    const Matrix logits = {{0, 0}, {1000, 0}};
    CHECK(agree(cross_entropy(logits, {0, 0}), std::log(2.0) / 2, tolerance));
}

TEST_CASE("cross_entropy_backward: each row sums to 0") {
    const Matrix gradient =
        cross_entropy_backward(random_tensor<Matrix>({3, 5}, 3), {0, 4, 2}, 0.1);
    for (std::size_t n = 0; n < 3; ++n) {
        double sum = 0;
        for (std::size_t k = 0; k < 5; ++k) sum += gradient(n, k);
        CHECK(std::abs(sum) < tolerance);
    }
}

TEST_CASE("cross_entropy: rejects invalid logits and labels") {
    const Matrix logits = xt::zeros<nst::Real>({2, 3});
    CHECK(error_of([&] { cross_entropy(logits, {0}); }) ==
          "cross_entropy: logits must have a row for each of 1 labels, got 2x3");
    CHECK(error_of([&] {
              cross_entropy(logits, {0, 3});
          }) == "cross_entropy: a label must be below 3, the columns of logits, got 3");
    CHECK(error_of([&] {
              cross_entropy_backward(logits, {0, 1}, 1.5);
          }) == "cross_entropy_backward: smoothing must be in 0 to 1, got 1.5");
    CHECK(error_of([&] { cross_entropy(Matrix(), {}); }) ==
          "cross_entropy: logits must have a row for each of 0 labels, got 0x0");
}
