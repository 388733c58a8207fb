#include "nst/content_loss.hpp"

#include "06_content_loss/by_hand.hpp"
#include "11_backpropagation/by_hand.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Shape3;
using nst::Tensor3;

namespace {

// Both sum in double; only the order differs, over up to four million terms of one sign.
constexpr double double_sum_tolerance = 1e-12;
// One subtraction and one product in the library's type.
constexpr double gradient_tolerance = 4 * epsilon;

}  // namespace

TEST_CASE("content_loss: agrees with the loops on every kind of size, forward and backward") {
    // Sums are split at multiples of 16384 values, and into larger blocks above 256 of them.
    for (const Shape3& shape : {Shape3{1, 1, 1},
                                {1, 5, 3},
                                {7, 1, 2},
                                {5, 7, 3},
                                {2, 2, 130},
                                {1, 16383, 1},
                                {1, 16384, 1},
                                {1, 16385, 1},
                                {2049, 2049, 1}}) {
        CAPTURE(shape[0], shape[1], shape[2]);
        const auto generated = random_tensor<Tensor3>(shape, 1);
        const auto content = random_tensor<Tensor3>(shape, 2);
        CHECK(agree(nst::content_loss(generated, content),
                    by_hand::content_loss(generated, content), double_sum_tolerance));
        CHECK(agree(nst::content_loss_backward(generated, content),
                    by_hand::content_loss_backward(generated, content), gradient_tolerance));
    }
}

TEST_CASE("content_loss: is the sum of squares divided by 4 H W C") {
    const Tensor3 generated = {{{1, 2}, {3, 4}, {5, 6}}};
    const Tensor3 content = {{{1, 2}, {3, 4}, {5, 0}}};
    CHECK(nst::content_loss(generated, content) == 1.5);  // 36 / (4 * 6)
    CHECK(nst::content_loss(generated, generated) == 0);
    CHECK(same_values(nst::content_loss_backward(generated, content),
                      Tensor3{{{0, 0}, {0, 0}, {0, 0.5}}}));
}

TEST_CASE("content_loss: unrolling the features changes nothing") {
    const auto generated = random_tensor<Tensor3>({5, 7, 3}, 1);
    const auto content = random_tensor<Tensor3>({5, 7, 3}, 2);
    const nst::Matrix rows = by_hand::unroll(generated);
    CHECK(rows.shape() == std::array<std::size_t, 2>{35, 3});
    CHECK(rows(2 * 7 + 4, 1) == generated(2, 4, 1));
    CHECK(by_hand::content_loss(rows, by_hand::unroll(content)) ==
          by_hand::content_loss(generated, content));
}

TEST_CASE("content_loss: sums in double for any number of positions") {
    // In float, a running sum of ones would stop at 2^24 and squares of 0.1 drift long before.
    const Shape3 shape = {3000, 2000, 1};
    const Tensor3 generated = xt::ones<nst::Real>(shape);
    const Tensor3 content = xt::zeros<nst::Real>(shape);
    CHECK(nst::content_loss(generated, content) == 0.25);
}

TEST_CASE("content_loss: rejects different shapes and empty features") {
    const Tensor3 a = Tensor3::from_shape({2, 3, 4});
    const Tensor3 b = Tensor3::from_shape({3, 2, 4});
    const Tensor3 empty = Tensor3::from_shape({2, 0, 4});
    CHECK(
        error_of([&] { nst::content_loss(a, b); }) ==
        "content_loss: generated and content must have one shape, not empty, got 2x3x4 and 3x2x4");
    CHECK(
        error_of([&] { nst::content_loss(empty, empty); }) ==
        "content_loss: generated and content must have one shape, not empty, got 2x0x4 and 2x0x4");
    CHECK(error_of([&] { nst::content_loss_backward(a, b); }) ==
          "content_loss_backward: generated and content must have one shape, not empty, got 2x3x4 "
          "and 3x2x4");
}
