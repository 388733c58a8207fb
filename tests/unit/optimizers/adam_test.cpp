#include "nst/adam.hpp"

#include <cmath>
#include <limits>

#include "12_adam/by_hand.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Adam;
using nst::AdamOptions;
using nst::Shape3;
using nst::Tensor3;

namespace {

// A few roundings per step add up over 50 steps.
constexpr double fifty_steps_tolerance = 100 * epsilon;
// m / sqrt(v) is 1 up to a few roundings and up to epsilon / |g|.
constexpr double first_step_tolerance = 8 * epsilon;

// Gradients of many magnitudes that change from step to step, as during a descent.
Tensor3 gradient_of_step(const Shape3& shape, int t) {
    Tensor3 gradient = random_tensor<Tensor3>(shape, static_cast<std::uint32_t>(t));
    for (std::size_t k = 0; k < gradient.size(); ++k) {
        gradient.data()[k] *=
            static_cast<nst::Real>(std::pow(10.0, static_cast<double>(k % 7) - 3));
    }
    return gradient;
}

void check_fifty_steps(const Shape3& shape, const AdamOptions& options) {
    CAPTURE(shape[0], shape[1], shape[2], options.learning_rate, options.beta1, options.beta2);
    Tensor3 x = random_tensor<Tensor3>(shape, 99);
    Tensor3 expected = x;
    Tensor3 m = xt::zeros<nst::Real>(shape);
    Tensor3 v = xt::zeros<nst::Real>(shape);
    Adam adam(options);
    for (int t = 1; t <= 50; ++t) {
        const Tensor3 gradient = gradient_of_step(shape, t);
        adam.step(x, gradient);
        by_hand::adam_step(expected, gradient, m, v, t, options);
    }
    CHECK(agree(x, expected, fifty_steps_tolerance));
}

}  // namespace

TEST_CASE("Adam: takes 50 steps according to the formula") {
    check_fifty_steps({5, 7, 3}, {});
    check_fifty_steps({1, 1, 1}, {});
    check_fifty_steps({1, 16385, 1}, {});  // one more than a block of the parallel loop
    check_fifty_steps({5, 7, 3}, {0.1, 0.5, 0.9, 1e-8});
    check_fifty_steps({5, 7, 3}, {10, 0, 0.99, 1e-8});
    check_fifty_steps({5, 7, 3}, {1, 0.9, 0, 1e-2});
}

TEST_CASE("Adam: the first step is the learning rate against the gradient, for any magnitude") {
    Tensor3 x = xt::zeros<nst::Real>({1, 1, 6});
    Adam().step(x, Tensor3{{{1, -1, 1000, nst::Real(-1e-3), nst::Real(1e6), 0}}});
    const Tensor3 expected = {{{-2, 2, -2, 2, -2, 0}}};
    constexpr double epsilon_over_gradient = 1e-8 / (1e-3 * 0.0316);  // of the smallest
    CHECK(agree(x, expected, first_step_tolerance + epsilon_over_gradient));
}

TEST_CASE("Adam: adds epsilon to sqrt(v) before the bias correction, as in TensorFlow 1") {
    // Step 1 with g = 1: m = 0.1, v = 0.001, so x = -rate sqrt(0.001) / 0.1 * 0.1 / (sqrt(0.001) +
    // epsilon). [KB15]'s first form would divide by 1 + epsilon and give -1 instead of about -0.06.
    AdamOptions options;
    options.epsilon = 1;
    Tensor3 x = xt::zeros<nst::Real>({1, 1, 1});
    Adam(options).step(x, Tensor3{{{1}}});
    const double root = std::sqrt(0.001);
    CHECK(x(0, 0, 0) == Approx(-2 * root / (root + 1)).epsilon(first_step_tolerance));
}

TEST_CASE("Adam: finds the minimum of a bowl") {
    Tensor3 x = {{{30, -20, 10}}};
    Adam adam;
    for (int t = 0; t < 500; ++t) adam.step(x, Tensor3(x * Tensor3{{{1, 10, 100}}}));
    constexpr double close = 0.1;  // a twentieth of one step
    for (const nst::Real value : x) CHECK(std::abs(value) < close);
}

TEST_CASE("Adam: rejects invalid options") {
    const auto message = [](double rate, double beta1, double beta2, double small) {
        return error_of([&] { Adam adam({rate, beta1, beta2, small}); });
    };
    CHECK(message(0, 0.9, 0.999, 1e-8) == "Adam: learning_rate must be positive and finite, got 0");
    CHECK(message(-2, 0.9, 0.999, 1e-8) ==
          "Adam: learning_rate must be positive and finite, got -2");
    CHECK(message(std::numeric_limits<double>::infinity(), 0.9, 0.999, 1e-8) ==
          "Adam: learning_rate must be positive and finite, got inf");
    CHECK(message(std::nan(""), 0.9, 0.999, 1e-8) ==
          "Adam: learning_rate must be positive and finite, got nan");
    CHECK(message(2, 0.9, 0.999, 0) == "Adam: epsilon must be positive and finite, got 0");
    CHECK(message(2, 1, 0.999, 1e-8) == "Adam: beta1 must be in [0, 1), got 1");
    CHECK(message(2, -0.1, 0.999, 1e-8) == "Adam: beta1 must be in [0, 1), got -0.1");
    CHECK(message(2, 0.9, 1.5, 1e-8) == "Adam: beta2 must be in [0, 1), got 1.5");
    CHECK(message(2, 0.9, std::nan(""), 1e-8) == "Adam: beta2 must be in [0, 1), got nan");
}

TEST_CASE("Adam: rejects an image or a gradient whose shape differs from the first step's") {
    Adam adam;
    Tensor3 x = xt::zeros<nst::Real>({2, 3, 3});
    Tensor3 other = xt::zeros<nst::Real>({3, 2, 3});
    CHECK(error_of([&] { adam.step(x, other); }) ==
          "Adam: x and gradient must be 2x3x3, as in the first step, got 2x3x3 and 3x2x3");
    adam.step(other, other);  // the rejected step did not count
    CHECK(error_of([&] { adam.step(x, x); }) ==
          "Adam: x and gradient must be 3x2x3, as in the first step, got 2x3x3 and 2x3x3");
}
