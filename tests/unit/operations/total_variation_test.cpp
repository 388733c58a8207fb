#include "nst/total_variation.hpp"

#include "16_multiscale_and_colour/by_hand.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Shape3;
using nst::Tensor3;

namespace {

// Both sum in double; only the order differs, over up to 400000 terms of one sign.
constexpr double double_sum_tolerance = 1e-12;
// Up to four differences and their sum in the library's type, in a different order.
constexpr double gradient_tolerance = 8 * epsilon;

}  // namespace

TEST_CASE("total_variation: is the sum of squared steps to the right and down") {
    const Tensor3 x = {{{1}, {3}, {6}}, {{1}, {0}, {10}}};
    // to the right 4 + 9 and 1 + 100, down 0 + 9 + 16
    CHECK(nst::total_variation(x) == 139);
    const Tensor3 gradient = {{{-4}, {4}, {-2}}, {{2}, {-28}, {28}}};
    CHECK(same_values(nst::total_variation_backward(x), gradient));
}

TEST_CASE("total_variation: channels do not mix") {
    const Tensor3 x = {{{1, 10, 100}, {2, 13, 100}}};
    CHECK(nst::total_variation(x) == 10);  // 1 + 9 + 0
    CHECK(same_values(nst::total_variation_backward(x), Tensor3{{{-2, -6, 0}, {2, 6, 0}}}));
}

TEST_CASE("total_variation: counts the existing neighbours of a single row or column") {
    const Tensor3 row = {{{1}, {3}, {6}, {6}}};
    const Tensor3 column = {{{1}}, {{3}}, {{6}}, {{6}}};
    CHECK(nst::total_variation(row) == 13);
    CHECK(nst::total_variation(column) == 13);
    CHECK(same_values(nst::total_variation_backward(row), Tensor3{{{-4}, {-2}, {6}, {0}}}));
    CHECK(
        same_values(nst::total_variation_backward(column), Tensor3{{{-4}}, {{-2}}, {{6}}, {{0}}}));
}

TEST_CASE("total_variation: of a constant image or one pixel is zero, with zero gradient") {
    for (const Shape3& shape : {Shape3{1, 1, 3}, {5, 7, 3}, {1, 9, 2}}) {
        Tensor3 x = Tensor3::from_shape(shape);
        x.fill(nst::Real(77.7));
        CHECK(nst::total_variation(x) == 0);
        CHECK(same_values(nst::total_variation_backward(x), Tensor3(xt::zeros<nst::Real>(shape))));
    }
}

TEST_CASE("total_variation: agrees with the loops on every kind of size, forward and backward") {
    // Sums are split at multiples of 16384 positions.
    for (const Shape3& shape : {Shape3{1, 1, 1},
                                {1, 5, 3},
                                {7, 1, 2},
                                {5, 7, 3},
                                {1, 16385, 1},
                                {16385, 1, 2},
                                {129, 127, 3},
                                {301, 223, 3}}) {
        CAPTURE(shape[0], shape[1], shape[2]);
        const auto x = random_tensor<Tensor3>(shape, 1, 255);
        CHECK(agree(nst::total_variation(x), by_hand::total_variation(x), double_sum_tolerance));
        CHECK(agree(nst::total_variation_backward(x), by_hand::total_variation_backward(x),
                    gradient_tolerance));
    }
}

TEST_CASE("total_variation: rejects an empty image") {
    const Tensor3 empty = Tensor3::from_shape({2, 0, 3});
    CHECK(error_of([&] { nst::total_variation(empty); }) ==
          "total_variation: the image must not be empty, got 2x0x3");
    CHECK(error_of([&] { nst::total_variation_backward(empty); }) ==
          "total_variation_backward: the image must not be empty, got 2x0x3");
}
