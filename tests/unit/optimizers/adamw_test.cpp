#include "nst/adamw.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace nst_test;
using nst::adamw_step;
using nst::AdamWOptions;
using nst::AdamWState;
using nst::Parameters;
using nst::Real;

TEST_CASE("adamw_step: takes three steps as computed by hand") {
    // One weight and one bias, with the algorithm of [LH19] in double.
    const double rate = 0.1;
    const AdamWOptions options;
    std::vector<Real> weight = {Real(2)};
    std::vector<Real> bias = {Real(-1)};
    double expected[2] = {2, -1};
    double m[2] = {0, 0};
    double v[2] = {0, 0};
    AdamWState state;
    for (int t = 1; t <= 3; ++t) {
        const std::vector<Real> gradient = {Real(0.5 * t), Real(-3)};
        adamw_step({{weight.data(), &gradient[0], 1, true}, {bias.data(), &gradient[1], 1, false}},
                   state, rate, options);
        for (int p = 0; p < 2; ++p) {
            const double g = gradient[static_cast<std::size_t>(p)];
            m[p] = 0.9 * m[p] + 0.1 * g;
            v[p] = 0.999 * v[p] + 0.001 * g * g;
            if (p == 0) expected[p] *= 1 - rate * options.weight_decay;
            expected[p] -= rate * m[p] / (1 - std::pow(0.9, t)) /
                           (std::sqrt(v[p] / (1 - std::pow(0.999, t))) + 1e-8);
        }
        // a few roundings per step
        CHECK(agree(static_cast<double>(weight[0]), expected[0], 100 * epsilon));
        CHECK(agree(static_cast<double>(bias[0]), expected[1], 100 * epsilon));
    }
    CHECK(state.steps == 3);
}

TEST_CASE("adamw_step: a rate of 0 moves nothing but updates the moments") {
    std::vector<Real> x = {Real(1)};
    const std::vector<Real> gradient = {Real(4)};
    AdamWState state;
    adamw_step({{x.data(), gradient.data(), 1, true}}, state, 0);
    CHECK(x[0] == Real(1));
    CHECK(agree(static_cast<double>(state.first_moments[0][0]), 0.4, 10 * epsilon));
}

TEST_CASE("adamw_step: rejects shapes that do not match") {
    std::vector<Real> x = {1, 2};
    const std::vector<Real> gradient = {1, 1};
    AdamWState state;
    adamw_step({{x.data(), gradient.data(), 2, true}}, state, 0.1);
    CHECK(error_of([&] {
              adamw_step({{x.data(), gradient.data(), 1, true}}, state, 0.1);
          }) == "adamw_step: parameters 0 must have 2 numbers, as in the first step, got 1");
    CHECK(error_of([&] { adamw_step({}, state, 0.1); }) ==
          "adamw_step: the state is of 1 parameters, got 0");
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(error_of([&] {
              adamw_step({{x.data(), gradient.data(), 2, true}}, state, nan);
          }) == "adamw_step: rate must be finite and at least 0, got nan");
    AdamWOptions options;
    options.beta2 = 1;
    CHECK(error_of([&] {
              adamw_step({{x.data(), gradient.data(), 2, true}}, state, 0.1, options);
          }) == "adamw_step: beta1 and beta2 must be in [0, 1), got 0.9 and 1");
}
