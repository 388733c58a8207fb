#include "optimizers/strong_wolfe.hpp"

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"

using nst::LinePoint;
using nst::LineSearchOptions;
using nst::strong_wolfe;

namespace {

// Value and slope at a step.
using Curve = std::function<LinePoint(double)>;

constexpr double infinity = std::numeric_limits<double>::infinity();

LinePoint parabola(double t) {
    return {t, (t - 1) * (t - 1), 2 * (t - 1)};
}

// [NW06]'s and Moré and Thuente's typical cases: long flat tails, narrow minima, many minima.
LinePoint tail(double t) {
    const double below = t * t + 2;
    return {t, -t / below, (t * t - 2) / (below * below)};
}

LinePoint narrow(double t) {
    const double u = t + 0.1;
    return {t, std::pow(u, 5) - 2 * std::pow(u, 4), 5 * std::pow(u, 4) - 8 * std::pow(u, 3)};
}

LinePoint waves(double t) {
    const double angle = 8 * t + 2;
    return {t, -t + 0.3 * std::sin(angle) + 0.05 * t * t, -1 + 2.4 * std::cos(angle) + 0.1 * t};
}

LinePoint sharp(double t) {
    return {t, std::sqrt(1e-4 + (t - 1) * (t - 1)), (t - 1) / std::sqrt(1e-4 + (t - 1) * (t - 1))};
}

// Falls forever, up to a wall.
LinePoint cliff(double t) {
    return {t, t < 5 ? -t : infinity, -1};
}

}  // namespace

TEST_CASE("strong_wolfe: the step meets both conditions on curves of many kinds") {
    const auto check = [](const std::string& name, const Curve& curve, double first, double c2) {
        int looks = 0;
        const LinePoint origin = curve(0);
        constexpr double c1 = 1e-4;
        constexpr int most = 40;
        const LinePoint found = strong_wolfe(
            [&](double step) {
                ++looks;
                return curve(step);
            },
            origin, first, {c1, c2, most});
        CAPTURE(name, first, c2, found.step, found.slope, looks);
        CHECK(looks < most);
        CHECK(found.step > 0);
        CHECK(found.value <= origin.value + c1 * found.step * origin.slope);
        CHECK(std::abs(found.slope) <= -c2 * origin.slope);
    };
    for (const double first : {1e-3, 0.1, 1.0, 1.97, 10.0, 1e3}) {
        for (const double c2 : {0.9, 0.1, 1e-3}) {
            check("parabola", parabola, first, c2);
            check("tail", tail, first, c2);
            check("narrow", narrow, first, c2);
            check("sharp", sharp, first, c2);
            check("waves", waves, first, c2);
        }
    }
}

TEST_CASE("strong_wolfe: accepts a first step that meets both conditions") {
    for (const double first : {0.2, 1.0, 1.8}) {
        CHECK(strong_wolfe(parabola, parabola(0), first, {1e-4, 0.9, 20}).step == first);
    }
    // Here the cost decreases sufficiently, but the slope is too steep, up or down.
    for (const double first : {0.02, 1.97}) {
        CHECK(strong_wolfe(parabola, parabola(0), first, {1e-4, 0.9, 20}).step != first);
    }
}

TEST_CASE("strong_wolfe: finds the minimum of a parabola at the second evaluation") {
    for (const double first : {0.3, 1.5, 5.0}) {
        const LinePoint found = strong_wolfe(parabola, parabola(0), first, {1e-4, 1e-6, 2});
        constexpr double roundings = 1e-12;  // of the cubic's root
        CHECK(found.step == Approx(1).epsilon(roundings));
    }
}

TEST_CASE("strong_wolfe: after the last evaluation, returns the lowest with sufficient decrease") {
    std::vector<double> looks;
    const auto look = [&](double step) {
        looks.push_back(step);
        return cliff(step);
    };
    CHECK(strong_wolfe(look, cliff(0), 1, {1e-4, 0.9, 2}).step == 1);
    CHECK((looks == std::vector<double>{1, 10}));
    CHECK(strong_wolfe(look, cliff(0), 1, {1e-4, 0.9, 1}).step == 1);
    CHECK(strong_wolfe(cliff, cliff(0), 100, {1e-4, 0.9, 1}).step == 0);
    const double far = strong_wolfe(cliff, cliff(0), 1, {1e-4, 0.9, 60}).step;
    constexpr double close = 1e-6;  // of the wall, after halving the bracket some thirty times
    CHECK(far == Approx(5).epsilon(close));
    CHECK(far < 5);
}

TEST_CASE("strong_wolfe: returns the origin when no point is lower") {
    const auto rises = [](double t) { return LinePoint{t, t, -1}; };
    CHECK(strong_wolfe(rises, rises(0), 1, {1e-4, 0.9, 20}).step == 0);
    const auto level = [](double t) { return LinePoint{t, 7, -1e-30}; };  // below any rounding
    CHECK(strong_wolfe(level, level(0), 1, {1e-4, 0.9, 20}).step == 0);
    const auto nothing = [](double t) { return LinePoint{t, t > 0 ? std::nan("") : 0, -1}; };
    CHECK(strong_wolfe(nothing, nothing(0), 1, {1e-4, 0.9, 20}).step == 0);
}
