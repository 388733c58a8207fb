#include "nst/lbfgs.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <memory>
#include <utility>
#include <vector>

#include "15_lbfgs/by_hand.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"
#include "support/thread_count.hpp"

using namespace nst_test;
using by_hand::dot;
using nst::CostAndGradient;
using nst::CostFunction;
using nst::Lbfgs;
using nst::LbfgsHistory;
using nst::LbfgsOptions;
using nst::LbfgsOutcome;
using nst::Real;
using nst::Tensor3;

namespace {

// A few roundings per value.
constexpr double few_roundings = 32 * epsilon;
// The accumulated rounding of a whole algorithm.
constexpr double many_roundings = 1000 * epsilon;

// Turns value(x, gradient) into a CostFunction.
CostFunction cost_function(std::function<double(const Tensor3&, Tensor3&)> value) {
    return [value = std::move(value)](const Tensor3& x) -> CostAndGradient {
        Tensor3 gradient = Tensor3::from_shape(x.shape());
        const double cost = value(x, gradient);
        return {cost, gradient};
    };
}

// Half the sum of scale_k (x_k - k)^2, with scales from 1 to `condition`.
CostFunction bowl(double condition) {
    return cost_function([condition](const Tensor3& x, Tensor3& gradient) {
        double sum = 0;
        const double last = static_cast<double>(x.size()) - 1;
        for (std::size_t k = 0; k < x.size(); ++k) {
            const double place = static_cast<double>(k);
            const double scale = std::pow(condition, place / std::max(1.0, last));
            const double away = x.data()[k] - place;
            sum += scale * away * away / 2;
            gradient.data()[k] = static_cast<Real>(scale * away);
        }
        return sum;
    });
}

// 100 (b - a^2)^2 + (1 - a)^2, lowest at (1, 1).
CostFunction rosenbrock() {
    return cost_function([](const Tensor3& x, Tensor3& gradient) {
        const double a = x.data()[0];
        const double b = x.data()[1];
        gradient.data()[0] = static_cast<Real>(-400 * a * (b - a * a) - 2 * (1 - a));
        gradient.data()[1] = static_cast<Real>(200 * (b - a * a));
        return 100 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a);
    });
}

int steps_until(Lbfgs& lbfgs, double cost, int most) {
    int steps = 0;
    while (steps < most && lbfgs.cost() > cost && lbfgs.step() == LbfgsOutcome::moved) {
        ++steps;
    }
    return steps;
}

}  // namespace

TEST_CASE("lbfgs: minimises a quadratic of n variables in n steps when the line search is exact") {
    LbfgsOptions options;
    options.wolfe_c2 = 1e-3;  // rejects everything but the minimum along the line
    for (const std::size_t n : {1u, 2u, 5u, 8u}) {
        Lbfgs lbfgs(bowl(100), Tensor3(xt::zeros<Real>({std::size_t{1}, n, std::size_t{1}}) + 20),
                    options);
        constexpr double share = 1e-8;  // of the cost at the start
        constexpr int not_quite_exact = 1;
        const double goal = share * lbfgs.cost();
        const int steps = steps_until(lbfgs, goal, 1000);
        CAPTURE(n, lbfgs.evaluations());
        CHECK(steps <= static_cast<int>(n) + not_quite_exact);
        CHECK(lbfgs.cost() <= goal);
    }
}

TEST_CASE("lbfgs: minimises Rosenbrock's function to 1e-8") {
    Lbfgs lbfgs(rosenbrock(), Tensor3{{{Real(-1.2), 1}}});
    constexpr double close = 1e-8;
    steps_until(lbfgs, 1e-18, 200);
    CAPTURE(lbfgs.evaluations(), lbfgs.cost());
    CHECK(std::abs(lbfgs.point()(0, 0, 0) - 1) < std::max(close, few_roundings));
    CHECK(std::abs(lbfgs.point()(0, 0, 1) - 1) < std::max(close, 2 * few_roundings));
    CHECK(lbfgs.evaluations() < 100);
}

TEST_CASE("lbfgs: every step meets the strong Wolfe conditions") {
    const LbfgsOptions options;
    // The step is the rounded difference of two rounded points.
    constexpr double rounding = many_roundings;
    const auto check = [&](const CostFunction& function, const Tensor3& start, int steps) {
        Lbfgs lbfgs(function, start, options);
        for (int k = 0; k < steps; ++k) {
            const Tensor3 point = lbfgs.point();
            const CostAndGradient before = {lbfgs.cost(), lbfgs.gradient()};
            REQUIRE(lbfgs.step() == LbfgsOutcome::moved);
            const Tensor3 s = lbfgs.point() - point;
            const double promised = dot(before.gradient, s);
            const double left = dot(lbfgs.gradient(), s);
            CAPTURE(k, promised, left);
            CHECK(promised < 0);
            CHECK(lbfgs.cost() <= before.cost + options.armijo_c1 * promised * (1 - rounding));
            CHECK(std::abs(left) <= -options.wolfe_c2 * promised * (1 + rounding));
        }
    };
    check(rosenbrock(), Tensor3{{{Real(-1.2), 1}}}, 20);
    check(bowl(1e4), xt::zeros<Real>({2, 3, 4}), 20);
}

TEST_CASE("lbfgs: point, evaluation and evaluation count are consistent") {
    int calls = 0;
    const CostFunction inner = rosenbrock();
    Lbfgs lbfgs(
        [&](const Tensor3& x) -> CostAndGradient {
            ++calls;
            return inner(x);
        },
        Tensor3{{{Real(-1.2), 1}}});
    CHECK(calls == 1);
    const CostFunction again = rosenbrock();
    for (int k = 0; k < 10; ++k) {
        REQUIRE(lbfgs.step() == LbfgsOutcome::moved);
        const CostAndGradient expected = again(lbfgs.point());
        CHECK(lbfgs.cost() == expected.cost);
        CHECK(same_bits(lbfgs.gradient(), expected.gradient));
        CHECK(lbfgs.evaluations() == calls);
    }
}

TEST_CASE("lbfgs: the first step changes each value by first_step on average, if acceptable") {
    LbfgsOptions options;
    options.first_step = 0.5;
    Tensor3 first;
    const CostFunction inner = bowl(1);
    int calls = 0;
    Lbfgs lbfgs(
        [&](const Tensor3& x) -> CostAndGradient {
            if (++calls == 2) first = x;
            return inner(x);
        },
        xt::zeros<Real>({1, 1, 5}), options);
    lbfgs.step();
    const Tensor3 expected = {{{0, Real(0.25), Real(0.5), Real(0.75), 1}}};  // like 0 1 2 3 4
    CHECK(agree(first, expected, few_roundings));
}

TEST_CASE("lbfgs: is invariant to a constant factor in the cost") {
    Lbfgs lbfgs(rosenbrock(), Tensor3{{{Real(-1.2), 1}}});
    const CostFunction inner = rosenbrock();
    CostAndGradient scaled;
    Lbfgs other(
        [&](const Tensor3& x) -> CostAndGradient {
            scaled = inner(x);
            scaled.cost *= 1024;
            scaled.gradient *= 1024;
            return scaled;
        },
        Tensor3{{{Real(-1.2), 1}}});
    for (int k = 0; k < 15; ++k) {
        lbfgs.step();
        other.step();
        CHECK(same_bits(lbfgs.point(), other.point()));
    }
}

TEST_CASE("lbfgs: bounds the number of evaluations per step") {
    for (const int most : {2, 3, 20}) {
        LbfgsOptions options;
        options.max_evaluations = most;
        Lbfgs lbfgs(rosenbrock(), Tensor3{{{Real(-1.2), 1}}}, options);
        for (int k = 0; k < 20; ++k) {
            const int before = lbfgs.evaluations();
            const double cost = lbfgs.cost();
            const bool moved = lbfgs.step() == LbfgsOutcome::moved;
            CHECK(lbfgs.evaluations() - before <= 2 * most);
            if (moved) CHECK(lbfgs.cost() < cost);
        }
    }
}

TEST_CASE("lbfgs: takes the best evaluated point, not the last") {
    // Descends up to a wall at 5: evaluates at 1, then at 10.
    LbfgsOptions options;
    options.max_evaluations = 3;
    Lbfgs lbfgs(cost_function([](const Tensor3& x, Tensor3& gradient) {
                    gradient.fill(-1);
                    return x(0, 0, 0) < 5 ? -double{x(0, 0, 0)}
                                          : std::numeric_limits<double>::infinity();
                }),
                Tensor3{{{0}}}, options);
    CHECK(lbfgs.step() == LbfgsOutcome::moved);
    CHECK(lbfgs.point()(0, 0, 0) == 1);
    CHECK(lbfgs.cost() == -1);
    CHECK(lbfgs.evaluations() == 1 + 3);  // the start, 1, 10, and 1 again
}

TEST_CASE("lbfgs: does not move when the gradient is zero or leads to no lower cost") {
    Lbfgs bottom(bowl(1), Tensor3{{{0, 1, 2}}});
    CHECK(bottom.step() == LbfgsOutcome::stationary);
    CHECK(bottom.evaluations() == 1);

    // A gradient with the wrong sign.
    const Tensor3 start = {{{3, 4, 5}}};
    Lbfgs misled(cost_function([](const Tensor3& x, Tensor3& gradient) {
                     gradient = -x;
                     return dot(x, x);
                 }),
                 start);
    CHECK(misled.step() == LbfgsOutcome::no_decrease);
    CHECK(same_bits(misled.point(), start));
    CHECK(misled.cost() == 50);
    CHECK(same_bits(misled.gradient(), Tensor3(-start)));
}

TEST_CASE("lbfgs: drops its pairs and tries again when they lead to no lower cost") {
    const CostFunction inner = bowl(100);
    bool wrong = false;
    CostAndGradient kept;
    const Tensor3 start = xt::zeros<Real>({1, 1, 4});
    Tensor3 first_again = start;
    // One complete search, along the direction from the pairs, finds nothing.
    int after = 0;
    Lbfgs lbfgs(
        [&](const Tensor3& x) -> CostAndGradient {
            kept = inner(x);
            if (wrong && ++after <= 19) kept.cost = std::numeric_limits<double>::infinity();
            if (after == 20) first_again = x;
            return kept;
        },
        start);
    for (int k = 0; k < 3; ++k) REQUIRE(lbfgs.step() == LbfgsOutcome::moved);
    wrong = true;
    const double cost = lbfgs.cost();
    const Tensor3 from = lbfgs.point();
    const Tensor3 gradient = lbfgs.gradient();
    CHECK(lbfgs.step() == LbfgsOutcome::moved);
    CHECK(after > 19);
    CHECK(lbfgs.cost() < cost);
    // The second search followed the negative gradient and began like the very first one.
    CHECK(xt::mean(xt::abs(first_again - from))() == Approx(LbfgsOptions().first_step));
    const Tensor3 moved = lbfgs.point() - from;
    const double along = xt::sum(moved * gradient)();
    const double lengths = std::sqrt(xt::sum(moved * moved)() * xt::sum(gradient * gradient)());
    CHECK(along == Approx(-lengths).epsilon(1e-4));
}

TEST_CASE("lbfgs: treats NaN in the cost or the gradient as a step too far") {
    // x - log x, which is not finite for x <= 0.
    const double nan = std::numeric_limits<double>::quiet_NaN();
    LbfgsOptions options;
    options.first_step = 1000;
    for (const bool of_gradient : {false, true}) {
        const auto logarithm = cost_function([&](const Tensor3& x, Tensor3& gradient) {
            const double a = x.data()[0];
            gradient.data()[0] = static_cast<Real>(a <= 0 && of_gradient ? nan : 1 - 1 / a);
            if (a > 0) return a - std::log(a);
            return of_gradient ? -1e9 : nan;
        });
        Lbfgs lbfgs(logarithm, Tensor3{{{Real(50)}}}, options);
        steps_until(lbfgs, 1 + 1e-7, 50);
        constexpr double close = 1e-3;  // the square root of twice the cost's error
        CHECK(lbfgs.point()(0, 0, 0) == Approx(1).margin(close));
    }
}

TEST_CASE("lbfgs: rejects a step from a point where the cost or the gradient is not finite") {
    const auto step_with = [](double value, Real slope) {
        return error_of([&] {
            Lbfgs(cost_function([&](const Tensor3&, Tensor3& gradient) {
                      gradient.fill(slope);
                      return value;
                  }),
                  xt::zeros<Real>({1, 1, 4}))
                .step();
        });
    };
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(step_with(nan, 1) ==
          "Lbfgs: cost and gradient must be finite where a step begins, got nan and a gradient of "
          "length 2");
    CHECK_THAT(step_with(std::numeric_limits<double>::infinity(), 1), Contains("got inf and"));
    CHECK_THAT(step_with(1, std::numeric_limits<Real>::infinity()), Contains("of length inf"));
    CHECK_THAT(step_with(1, static_cast<Real>(nan)), Contains("a gradient of length "));
}

TEST_CASE("lbfgs: rejects invalid options") {
    const auto message = [](auto change) {
        LbfgsOptions options;
        change(options);
        return error_of([&] { nst::check_options(options); });
    };
    using Options = LbfgsOptions&;
    const double nan = std::nan("");
    CHECK(message([](Options o) { o.history = 0; }) == "Lbfgs: history must be positive, got 0");
    CHECK(message([](Options o) { o.armijo_c1 = 0; }) ==
          "Lbfgs: expected 0 < armijo_c1 < wolfe_c2 < 1, got 0 and 0.9");
    CHECK(message([](Options o) { o.armijo_c1 = 0.95; }) ==
          "Lbfgs: expected 0 < armijo_c1 < wolfe_c2 < 1, got 0.95 and 0.9");
    CHECK(message([](Options o) { o.wolfe_c2 = 1; }) ==
          "Lbfgs: expected 0 < armijo_c1 < wolfe_c2 < 1, got 0.0001 and 1");
    CHECK_THAT(message([&](Options o) { o.armijo_c1 = nan; }), Contains("got nan and 0.9"));
    CHECK_THAT(message([&](Options o) { o.wolfe_c2 = nan; }), Contains("got 0.0001 and nan"));
    CHECK(message([](Options o) { o.max_evaluations = 1; }) ==
          "Lbfgs: max_evaluations must be at least 2, got 1");
    CHECK(message([](Options o) { o.first_step = 0; }) ==
          "Lbfgs: first_step must be positive and finite, got 0");
    CHECK(message([&](Options o) { o.first_step = nan; }) ==
          "Lbfgs: first_step must be positive and finite, got nan");
    CHECK(error_of([] { LbfgsHistory history(-1); }) ==
          "LbfgsHistory: size must be positive, got -1");
}

TEST_CASE("lbfgs: rejects shapes that do not match") {
    const Tensor3 one = xt::ones<Real>({1, 2, 3});
    const Tensor3 other = xt::ones<Real>({2, 1, 3});
    LbfgsHistory history;
    CHECK(error_of([&] { history.remember(one, other); }) ==
          "LbfgsHistory: s and y must be 1x2x3, got 1x2x3 and 2x1x3");
    CHECK(history.remember(one, one));
    CHECK(error_of([&] { history.remember(other, other); }) ==
          "LbfgsHistory: s and y must be 1x2x3, got 2x1x3 and 2x1x3");
    CHECK(error_of([&] { history.direction(other); }) ==
          "LbfgsHistory: gradient must be 1x2x3, got 2x1x3");
    CHECK(error_of([&] {
              CostAndGradient wrong;
              wrong.gradient = other;
              Lbfgs([&](const Tensor3&) -> CostAndGradient { return wrong; }, one);
          }) == "Lbfgs: the gradient must be 1x2x3, as the point is, got 2x1x3");
}

TEST_CASE("lbfgs: an exception of the function leaves the point unchanged") {
    const CostFunction inner = rosenbrock();
    int calls = 0;
    Lbfgs lbfgs(
        [&](const Tensor3& x) -> CostAndGradient {
            if (++calls == 5) throw nst::Error("interrupted");
            return inner(x);
        },
        Tensor3{{{Real(-1.2), 1}}});
    Tensor3 before;
    CostAndGradient evaluation;
    CHECK(error_of([&] {
              for (;;) {
                  before = lbfgs.point();
                  evaluation = {lbfgs.cost(), lbfgs.gradient()};
                  lbfgs.step();
              }
          }) == "interrupted");
    CHECK(same_bits(lbfgs.point(), before));
    CHECK(same_bits(lbfgs.gradient(), evaluation.gradient));
    CHECK(lbfgs.step() == LbfgsOutcome::moved);
}

TEST_CASE("lbfgs: five steps over several blocks give the same bits with 1, 2 and 5 threads") {
    const auto walk = [](int threads) {
        const ThreadCount guard(threads);
        Lbfgs lbfgs(bowl(50), Tensor3(random_tensor<Tensor3>({97, 131, 3}, 4, 1e5)));
        for (int k = 0; k < 5; ++k) CHECK(lbfgs.step() == LbfgsOutcome::moved);
        return lbfgs.point();
    };
    const Tensor3 alone = walk(1);
    CHECK(same_bits(walk(2), alone));
    CHECK(same_bits(walk(5), alone));
}

TEST_CASE("by_hand::lbfgs_step: minimises Rosenbrock's function with strong Wolfe steps") {
    const LbfgsOptions options;
    const CostFunction function = rosenbrock();
    Tensor3 x = {{{Real(-1.2), 1}}};
    CostAndGradient here = function(x);
    std::vector<Tensor3> s, y;
    constexpr double close = 1e-6;
    for (int k = 0; k < 100 && here.cost > close; ++k) {
        const CostAndGradient before = here;
        REQUIRE(by_hand::lbfgs_step(function, x, here, s, y));
        const double promised = dot(before.gradient, s.back());
        CHECK(here.cost <= before.cost + options.armijo_c1 * promised * (1 - many_roundings));
        CHECK(std::abs(dot(here.gradient, s.back())) <=
              -options.wolfe_c2 * promised * (1 + many_roundings));
        CHECK(s.size() == y.size());
        CHECK(s.size() <= 10);
    }
    CHECK(here.cost <= close);
}
