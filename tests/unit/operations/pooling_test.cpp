#include "nst/pooling.hpp"

#include <cstdint>
#include <vector>

#include "04_relu_and_pooling/by_hand.hpp"
#include "11_backpropagation/by_hand.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Shape3;
using nst::Tensor3;

namespace {

// A mean of at most four numbers: one or two roundings each.
constexpr double mean_tolerance = 4 * epsilon;

const std::vector<Shape3> shapes = {{1, 1, 1}, {1, 2, 3}, {2, 1, 3},  {1, 9, 2},  {9, 1, 2},
                                    {2, 2, 1}, {3, 3, 1}, {4, 6, 5},  {5, 7, 3},  {6, 5, 2},
                                    {7, 4, 2}, {8, 8, 1}, {2, 3, 70}, {301, 2, 1}};

// 1 2 3 / 4 5 6 / 7 8 9
Tensor3 one_to_nine() {
    Tensor3 x = Tensor3::from_shape({3, 3, 1});
    for (std::size_t k = 0; k < 9; ++k) x.data()[k] = static_cast<nst::Real>(k + 1);
    return x;
}

Shape3 pooled(const Shape3& x) {
    return {(x[0] + 1) / 2, (x[1] + 1) / 2, x[2]};
}

}  // namespace

TEST_CASE("average_pool: agrees with the loops on every kind of size, forward and backward") {
    for (const Shape3& shape : shapes) {
        CAPTURE(shape[0], shape[1], shape[2]);
        const auto x = random_tensor<Tensor3>(shape, 1);
        const auto dy = random_tensor<Tensor3>(pooled(shape), 2);
        CHECK(agree(nst::average_pool(x), by_hand::average_pool(x), mean_tolerance));
        CHECK(agree(nst::average_pool_backward(dy, shape),
                    by_hand::average_pool_backward(dy, shape), mean_tolerance));
    }
}

TEST_CASE("average_pool: padding does not count in the divisor") {
    CHECK(same_values(nst::average_pool(one_to_nine()), Tensor3{{{3}, {4.5}}, {{7.5}, {9}}}));
}

TEST_CASE("average_pool_backward: divides each window's gradient among its pixels") {
    const Tensor3 dy = {{{4}, {6}}, {{10}, {7}}};
    CHECK(same_values(nst::average_pool_backward(dy, {3, 3, 1}),
                      Tensor3{{{1}, {1}, {3}}, {{1}, {1}, {3}}, {{5}, {5}, {7}}}));
}

TEST_CASE("max_pool: agrees with the loops on every kind of size, forward and backward") {
    for (const Shape3& shape : shapes) {
        CAPTURE(shape[0], shape[1], shape[2]);
        const Tensor3 x = distinct_tensor(shape, 1);
        const auto dy = random_tensor<Tensor3>(pooled(shape), 2);
        const nst::MaxPooled fast = nst::max_pool(x);
        const nst::MaxPooled plain = by_hand::max_pool(x);
        CHECK(same_bits(fast.y, plain.y));
        CHECK(same_bits(fast.argmax, plain.argmax));
        CHECK(fast.x_shape == shape);
        CHECK(same_bits(nst::max_pool_backward(dy, fast), by_hand::max_pool_backward(dy, plain)));
    }
}

TEST_CASE("max_pool: padding never wins, not even over negative numbers") {
    Tensor3 x = one_to_nine();
    for (nst::Real& value : x) value = -value;
    CHECK(same_values(nst::max_pool(x).y, Tensor3{{{-1}, {-3}}, {{-7}, {-9}}}));
    CHECK(same_values(nst::max_pool(one_to_nine()).y, Tensor3{{{5}, {6}}, {{8}, {9}}}));
}

TEST_CASE("max_pool: of equal values the first in reading order wins and gets the gradient") {
    const Tensor3 x = {{{0}, {1}, {2}, {2}}, {{1}, {1}, {2}, {2}}};
    const nst::MaxPooled pooled_x = nst::max_pool(x);
    CHECK(same_values(pooled_x.argmax, xt::xtensor<std::uint8_t, 3>{{{1}, {0}}}));
    CHECK(same_values(nst::max_pool_backward(Tensor3{{{5}, {7}}}, pooled_x),
                      Tensor3{{{0}, {5}, {7}, {0}}, {{0}, {0}, {0}, {0}}}));
}

TEST_CASE("max_pool: argmax is an index into the window, also at the edges") {
    // Windows in the last column have only places 0 and 2, those in the last row only 0 and 1.
    const Tensor3 x = {{{1}, {2}, {3}}, {{4}, {0}, {9}}, {{5}, {6}, {7}}};
    CHECK(
        same_values(nst::max_pool(x).argmax, xt::xtensor<std::uint8_t, 3>{{{2}, {2}}, {{1}, {0}}}));
}

TEST_CASE("pooling: rejects empty images and gradients of the wrong shape") {
    const Tensor3 empty = Tensor3::from_shape({0, 4, 3});
    CHECK(error_of([&] { nst::average_pool(empty); }) ==
          "average_pool: x must not be empty, got 0x4x3");
    CHECK(error_of([&] { nst::max_pool(empty); }) == "max_pool: x must not be empty, got 0x4x3");
    CHECK(error_of([] {
              nst::average_pool_backward(Tensor3::from_shape({2, 3, 1}), {4, 4, 1});
          }) == "average_pool_backward: dy must be 2x2x1, what 4x4x1 is pooled to, got 2x3x1");
    CHECK(error_of([] {
              const nst::MaxPooled pooled_x = nst::max_pool(one_to_nine());
              nst::max_pool_backward(Tensor3::from_shape({3, 3, 1}), pooled_x);
          }) == "max_pool_backward: dy must be 2x2x1, what 3x3x1 is pooled to, got 3x3x1");
}
