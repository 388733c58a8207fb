#include "nst/relu.hpp"

#include <cmath>
#include <limits>

#include "04_relu_and_pooling/by_hand.hpp"
#include "11_backpropagation/by_hand.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Shape3;
using nst::Tensor3;

TEST_CASE("relu: agrees with the loop, forward and backward, to the last bit") {
    // Work is split at multiples of 16384 values, and into larger blocks above 256 of them.
    for (const Shape3& shape : {Shape3{1, 1, 1},
                                {1, 5, 3},
                                {7, 1, 2},
                                {5, 7, 3},
                                {1, 16383, 1},
                                {1, 16384, 1},
                                {1, 16385, 1},
                                {5, 10007, 1},
                                {2049, 2049, 1}}) {
        CAPTURE(shape[0], shape[1], shape[2]);
        const auto x = random_tensor<Tensor3>(shape, 1);
        const auto dy = random_tensor<Tensor3>(shape, 2);
        const Tensor3 y = nst::relu(x);
        CHECK(same_bits(y, by_hand::relu(x)));
        CHECK(same_bits(nst::relu_backward(dy, y), by_hand::relu_backward(dy, y)));
    }
}

TEST_CASE("relu: keeps positive values and passes their gradient, but not at 0") {
    const Tensor3 x = {{{-2, -0.5, 0, 0.5, 3}}};
    const Tensor3 y = nst::relu(x);
    CHECK(same_values(y, Tensor3{{{0, 0, 0, 0.5, 3}}}));
    CHECK(same_values(nst::relu_backward(Tensor3{{{1, 2, 3, -4, 5}}}, y),
                      Tensor3{{{0, 0, 0, -4, 5}}}));
}

TEST_CASE("relu: keeps NaN") {
    const nst::Real nan = std::numeric_limits<nst::Real>::quiet_NaN();
    const Tensor3 y = nst::relu(Tensor3{{{nan, -nan, 1}}});
    CHECK(std::isnan(y(0, 0, 0)));
    CHECK(std::isnan(y(0, 0, 1)));
    CHECK(y(0, 0, 2) == 1);
}

TEST_CASE("relu_backward: rejects a gradient of the wrong shape") {
    CHECK(error_of([] {
              nst::relu_backward(Tensor3::from_shape({2, 3, 4}), Tensor3::from_shape({2, 4, 3}));
          }) == "relu_backward: dy must have the shape of y, 2x4x3, got 2x3x4");
}

TEST_CASE("relu_backward: where the output is NaN the gradient passes, as in PyTorch") {
    const nst::Real nan = std::numeric_limits<nst::Real>::quiet_NaN();
    const Tensor3 dy = {{{1, 2, 3, 4}}};
    const Tensor3 y = {{{nan, 0, -1, 5}}};
    CHECK(same_bits(nst::relu_backward(dy, y), Tensor3{{{1, 0, 0, 4}}}));
}
