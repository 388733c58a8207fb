// Right and wrong gradients, the steps of the differences, samples and directions.
#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <tuple>

#include "gradcheck_samples.hpp"

using namespace gradcheck_samples;
using nst::check_gradient;
using nst::check_value_and_gradient;
using nst::DifferenceScheme;
using nst::GradcheckOptions;
using nst::GradcheckOutcome;
using nst::GradcheckReport;
using nst::GradientProbes;
using nst::MistakePattern;

TEST_CASE("check_gradient: a right gradient passes for tensors of every kind and shape") {
    passes_everywhere(spread_tensor<xt::xtensor<double, 0>>({}));
    passes_everywhere(spread_tensor<Vector64>({1}));
    passes_everywhere(spread_tensor<Vector64>({7}));
    passes_everywhere(spread_tensor<Matrix64>({3, 4}));
    passes_everywhere(spread_tensor<Tensor64>({3, 1, 5}));
    passes_everywhere(spread_tensor<xt::xtensor<double, 4>>({2, 3, 2, 3}));
    passes_everywhere(spread_tensor<xt::xtensor<double, 5>>({2, 1, 2, 3, 2}));
    passes_everywhere(spread_tensor<xt::xarray<double>>({4, 3}));
}

TEST_CASE("check_gradient: reports places by tensor index for any memory layout") {
    const auto x = spread_tensor<xt::xtensor<double, 2, xt::layout_type::column_major>>({3, 4});
    passes_everywhere(x);
    const auto wrong_at_one_place = [](const auto& at) {
        auto gradient = xt::eval(at * at);
        gradient(2, 1) += 0.5;
        return gradient;
    };
    const GradcheckReport report = check_gradient(cubes, wrong_at_one_place, x);
    CHECK(report.worst_index == std::vector<std::size_t>{2, 1});
}

TEST_CASE("check_gradient: accepts an expression as the point, and lazy results") {
    const Matrix64 x = spread_tensor<Matrix64>({3, 4});
    const auto lazy_cubes = [](const Matrix64& at) { return xt::sum(at * at * at / 3.0); };
    const GradcheckReport report = check_gradient(lazy_cubes, squares, 2.0 * x + 0.25);
    INFO(report);
    CHECK(report.passed());
}

TEST_CASE("check_gradient: reports the worst place, both values there and the relative error") {
    Matrix64 x{{1, 2, 3}, {-1, 0.5, -2}};
    const auto gradient = [](const Matrix64& at) {
        Matrix64 result = at * at;
        result(1, 1) += 0.1;
        result(0, 2) -= 0.9;
        return result;
    };
    const GradcheckReport report = check_gradient(cubes, gradient, x);
    CHECK(report.outcome == GradcheckOutcome::wrong);
    CHECK_FALSE(report.passed());
    CHECK(report.compared == 6);
    CHECK(report.wrong == 2);
    CHECK(report.worst_index == std::vector<std::size_t>{0, 2});
    CHECK(report.analytic == Approx(8.1).margin(difference_margin));
    CHECK(report.numeric == Approx(9).margin(difference_margin));
    CHECK(report.relative_error == Approx(0.9 / 8.1).margin(difference_margin));
    CHECK(report.tolerance == GradcheckOptions().tolerance);
}

TEST_CASE("check_gradient: an error beyond the tolerance fails, one below it passes") {
    const Vector64 x{1, 2};
    const auto off_by = [](double share) {
        // The component is 1, so this is its relative error, regardless of the larger component.
        return [share](const Vector64& at) { return at * at + Vector64{share, 0}; };
    };
    CHECK(check_gradient(cubes, off_by(0.9e-6), x).passed());
    CHECK_FALSE(check_gradient(cubes, off_by(1.1e-6), x).passed());
    GradcheckOptions strict;
    strict.tolerance = 1e-8;
    CHECK_FALSE(check_gradient(cubes, off_by(1.1e-8), x, strict).passed());
    CHECK(check_gradient(cubes, off_by(0.9e-8), x, strict).passed());
}

TEST_CASE("check_gradient: a function that does not change has a right gradient, zero") {
    const Vector64 x{1, 2, 3};
    const auto constant = [](const Vector64&) { return 7.0; };
    const auto zero = [](const Vector64& at) { return 0.0 * at; };
    const GradcheckReport report = check_gradient(constant, zero, x);
    CHECK(report.passed());
    CHECK(report.relative_error == 0);
    // Too small to move the last digit of 7.
    const auto tiny = [](const Vector64& at) { return 1e-15 * at; };
    CHECK(check_gradient(constant, tiny, x).outcome == GradcheckOutcome::inconclusive);
    const auto small = [](const Vector64& at) { return 1e-12 * at; };
    CHECK(check_gradient(constant, small, x).outcome == GradcheckOutcome::wrong);
}

TEST_CASE("check_gradient: an exception of the function or the gradient reaches the caller") {
    const Vector64 x{1, 2};
    const auto thrower = [](const Vector64&) -> double { throw std::runtime_error("mine"); };
    CHECK_THROWS_WITH(check_gradient(thrower, squares, x), "mine");
}

TEST_CASE("check_value_and_gradient: accepts a pair, a tuple or a struct") {
    struct Both {
        double value;
        Vector64 gradient;
    };
    const Vector64 x{1, -2, 0.5};
    const auto pair = [](const Vector64& at) { return std::pair(cubes(at), Vector64(at * at)); };
    const auto tuple = [](const Vector64& at) { return std::tuple(cubes(at), Vector64(at * at)); };
    const auto both = [](const Vector64& at) { return Both{cubes(at), at * at}; };
    const auto wrong = [](const Vector64& at) { return Both{cubes(at), -at * at}; };
    CHECK(check_value_and_gradient(pair, x).passed());
    CHECK(check_value_and_gradient(tuple, x).passed());
    CHECK(check_value_and_gradient(both, x).passed());
    CHECK(check_value_and_gradient(wrong, x).diagnosis.pattern == MistakePattern::sign);
}

// ---- steps ----

TEST_CASE("check_gradient: the two-point error falls with the square of the step") {
    const Vector64 x{0.3};
    const auto function = [](const Vector64& at) { return std::exp(at(0)); };
    const auto gradient = [](const Vector64& at) { return xt::exp(at); };
    for (const double h : {1e-2, 5e-3, 2.5e-3}) {
        // (f(x + h) - f(x - h)) / 2h - f' = h^2 f''' / 6 + ..., and f''' = f' here.
        const GradcheckReport report = check_gradient(function, gradient, x, with_step(h));
        CHECK(report.relative_error == Approx(h * h / 6).epsilon(prediction_margin));
    }
}

TEST_CASE("check_gradient: the four-point error falls with the fourth power of the step") {
    const Vector64 x{0.3};
    const auto function = [](const Vector64& at) { return std::exp(at(0)); };
    const auto gradient = [](const Vector64& at) { return xt::exp(at); };
    for (const double h : {4e-2, 2e-2, 1e-2}) {
        // The next term of the series: h^4 f''''' / 30.
        const GradcheckReport report =
            check_gradient(function, gradient, x, with_step(h, DifferenceScheme::four_point));
        CHECK(report.relative_error == Approx(std::pow(h, 4) / 30).epsilon(prediction_margin));
    }
}

TEST_CASE("check_gradient: four points are more accurate than two at their default steps") {
    const Tensor64 x = spread_tensor<Tensor64>({4, 5, 3});
    const auto function = [](const Tensor64& at) { return xt::sum(xt::exp(2.0 * at))(); };
    const auto gradient = [](const Tensor64& at) { return 2.0 * xt::exp(2.0 * at); };
    GradcheckOptions four;
    four.scheme = DifferenceScheme::four_point;
    const double with_two = check_gradient(function, gradient, x).relative_error;
    const double with_four = check_gradient(function, gradient, x, four).relative_error;
    CHECK(with_two < 1e-8);  // (6e-6)^2, and the rounding of a sum of 60 over the step
    CHECK(with_four < with_two / 10);
}

TEST_CASE("check_gradient: the default step follows the magnitude of the values") {
    for (const double size : {1e-12, 1e-3, 1.0, 255.0, 1e9}) {
        const Vector64 x = size * Vector64{0.4, -1.3, 2.1, 0.0};
        const auto function = [size](const Vector64& at) {
            return xt::sum(xt::sin(at / size))() * size;
        };
        const auto gradient = [size](const Vector64& at) { return xt::cos(at / size); };
        for (const auto scheme : {DifferenceScheme::two_point, DifferenceScheme::four_point}) {
            GradcheckOptions options;
            options.scheme = scheme;
            const GradcheckReport report = check_gradient(function, gradient, x, options);
            INFO(report);
            CHECK(report.relative_error < smooth_error);
        }
    }
}

TEST_CASE("check_gradient: divides by the actual distance that x moved, after rounding") {
    // Near 1e6 numbers are 1e-10 apart: a step of 1e-6 has a relative error of 1e-4, but the
    // distance computed back from x is exact.
    const auto identity = [](const Vector64& at) { return at(0); };
    const auto one = [](const Vector64& at) { return 0.0 * at + 1.0; };
    const GradcheckReport report =
        check_gradient(identity, one, Vector64{1e6 + 0.3}, with_step(1e-6));
    CHECK(report.relative_error == 0);
}

TEST_CASE("check_gradient: one large value gets its own step and does not affect the others") {
    Vector64 x = spread_tensor<Vector64>({20});
    x(7) = 1e6;
    // With the others' step of 1e-5, the values of 3e17 would differ only by rounding.
    CHECK(check_gradient(cubes, squares, x).relative_error < smooth_error);
    // With the large value's step of 6, the others would leave their smooth neighbourhood.
    const auto exponentials = [](const Vector64& at) {
        double sum = 1e-6 * at(7);
        for (std::size_t k = 0; k < at.size(); ++k) sum += k == 7 ? 0 : std::exp(at(k));
        return sum;
    };
    const auto gradient = [](const Vector64& at) {
        Vector64 result = at;
        for (std::size_t k = 0; k < at.size(); ++k) result(k) = k == 7 ? 1e-6 : std::exp(at(k));
        return result;
    };
    const GradcheckReport report = check_gradient(exponentials, gradient, x);
    INFO(report);
    CHECK(report.passed());
}

TEST_CASE("check_gradient: a point of all zeros has a step too") {
    const Vector64 x{0, 0, 0};
    const auto function = [](const Vector64& at) { return xt::sum(xt::exp(at))(); };
    const auto gradient = [](const Vector64& at) { return xt::exp(at); };
    CHECK(check_gradient(function, gradient, x).relative_error < smooth_error);
}

// ---- samples and directions ----

TEST_CASE("check_gradient: a sample checks the requested number of distinct components") {
    const Vector64 x = spread_tensor<Vector64>({50});
    std::vector<int> moved(x.size());
    const auto function = [&](const Vector64& at) {
        for (std::size_t k = 0; k < x.size(); ++k) moved[k] += at(k) != x(k);
        return cubes(at);
    };
    GradcheckOptions options = with_probes(GradientProbes::random_sample);
    options.sample_size = 20;
    const GradcheckReport report = check_gradient(function, squares, x, options);
    CHECK(report.passed());
    CHECK(report.compared == 20);
    CHECK(std::count(moved.begin(), moved.end(), 2) == 20);  // once in each direction
    CHECK(std::count(moved.begin(), moved.end(), 0) == 30);

    const std::vector<int> first = moved;
    std::fill(moved.begin(), moved.end(), 0);
    options.seed = 2;
    check_gradient(function, squares, x, options);
    CHECK(moved != first);
}

TEST_CASE("check_gradient: a sample as large as the tensor covers the whole tensor") {
    GradcheckOptions options = with_probes(GradientProbes::random_sample);
    options.sample_size = 1000;
    const GradcheckReport report =
        check_gradient(cubes, squares, spread_tensor<Matrix64>({3, 4}), options);
    CHECK(report.compared == 12);
}

TEST_CASE("check_gradient: names a mistake from a sample too") {
    GradcheckOptions options = with_probes(GradientProbes::random_sample);
    options.sample_size = 15;
    const auto transposed = [](const Matrix64& at) { return xt::transpose(Matrix64(at * at)); };
    const GradcheckReport report =
        check_gradient(cubes, transposed, spread_tensor<Matrix64>({8, 8}), options);
    CHECK(report.diagnosis.pattern == MistakePattern::transposed);
}

TEST_CASE("check_gradient: random directions take two calls each and detect any single component") {
    const Tensor64 x = spread_tensor<Tensor64>({10, 10, 3});
    int calls = 0;
    const auto function = [&](const Tensor64& at) {
        ++calls;
        return cubes(at);
    };
    GradcheckOptions options = with_probes(GradientProbes::random_directions);
    options.directions = 3;
    const GradcheckReport right = check_gradient(function, squares, x, options);
    INFO(right);
    CHECK(right.passed());
    CHECK(right.compared == 3);
    CHECK(right.worst_index.empty());
    CHECK(calls == 2 + 3 * 2);  // twice at x, and on either side

    for (const std::size_t place : {0U, 150U, 299U}) {
        const auto wrong = [place](const Tensor64& at) {
            Tensor64 gradient = at * at;
            gradient.data()[place] += 1e-3;
            return gradient;
        };
        CHECK_FALSE(check_gradient(cubes, wrong, x, options).passed());
    }
}

TEST_CASE(
    "check_gradient: errors along a direction are relative to the terms before cancellation") {
    // f = w x with w v = 0 along the direction v that the check will use.
    const Vector64 x{1, 2, 3};
    const Vector64 v = nst::upstream_gradient(x);
    const Vector64 w{v(1), -v(0), 0};
    const double size = std::sqrt(2.0) * std::abs(v(0) * v(1));  // of the terms w_k v_k
    const auto function = [&](const Vector64& at) { return xt::sum(w * at)(); };
    const auto off_by = [&](double error) {
        return [&w, error](const Vector64&) { return Vector64{w(0), w(1), error}; };
    };
    const GradcheckOptions options = with_probes(GradientProbes::random_directions);
    CHECK(check_gradient(function, off_by(0), x, options).relative_error < smooth_error);
    const GradcheckReport report = check_gradient(function, off_by(1e-5), x, options);
    CHECK_FALSE(report.passed());
    CHECK(report.relative_error == Approx(1e-5 * std::abs(v(2)) / size).epsilon(prediction_margin));
}

TEST_CASE("check_gradient: names factors, signs, suspects and parts along directions too") {
    const Matrix64 x = spread_tensor<Matrix64>({6, 5});
    GradcheckOptions options = with_probes(GradientProbes::random_directions);
    const auto times = [&](double factor) {
        const auto gradient = [factor](const Matrix64& at) { return factor * at * at; };
        return check_gradient(cubes, gradient, x, options).diagnosis;
    };
    CHECK(times(-1).pattern == MistakePattern::sign);
    CHECK(times(4).words == "4 times too large: is the 1/4 there?");
    CHECK(times(0).pattern == MistakePattern::zero);
    // Any number is a multiple of any other, so one direction does not establish a pattern.
    CHECK(times(1.2345).pattern == MistakePattern::unknown);
    options.directions = 3;
    CHECK(times(1.2345).pattern == MistakePattern::factor);

    options.suspects = {nst::named_values("the square is not taken", 2.0 * x)};
    const auto linear = [](const Matrix64& at) { return 2.0 * at; };
    CHECK(check_gradient(cubes, linear, x, options).diagnosis.words == "the square is not taken");

    options.parts = {nst::named_values("one", x * x - x), nst::named_values("two", x)};
    const auto only_two = [](const Matrix64& at) { return 1.0 * at; };
    const GradcheckReport report = check_gradient(cubes, only_two, x, options);
    CHECK(report.diagnosis.pattern == MistakePattern::missing_part);
    mentions(report.diagnosis.words, "only the part of two is there, one is missing");
}

// ---- kinks ----
