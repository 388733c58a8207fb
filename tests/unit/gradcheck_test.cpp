#include "nst/gradcheck.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>
#include <stdexcept>
#include <string>
#include <tuple>

#include "gradient/inputs.hpp"
#include "support/catch.hpp"

using nst::check_backward;
using nst::check_gradient;
using nst::check_value_and_gradient;
using nst::DifferenceScheme;
using nst::GradcheckOptions;
using nst::GradcheckOutcome;
using nst::GradcheckReport;
using nst::GradientProbes;
using nst::MistakePattern;
using nst_test::spread_tensor;

namespace {

using Vector64 = xt::xtensor<double, 1>;
using Matrix64 = xt::xtensor<double, 2>;
using Tensor64 = xt::xtensor<double, 3>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// A smooth function of values around 1: rounding of 1e-16 over a step of 1e-5, with some sums.
constexpr double smooth_error = 1e-9;
// Errors that are predicted from the next derivative alone, at steps where it is by far the
// largest.
constexpr double prediction_margin = 0.02;
// Numbers that are written down in a test and come out of a difference.
constexpr double difference_margin = 1e-6;

const auto cubes = [](const auto& x) { return xt::sum(x * x * x)() / 3; };
const auto squares = [](const auto& x) { return x * x; };

const auto relu_sum = [](const auto& x) { return xt::sum(xt::maximum(x, 0.0))(); };
const auto relu_sum_gradient = [](const auto& x) { return xt::cast<double>(x > 0.0); };

GradcheckOptions with_step(double step, DifferenceScheme scheme = DifferenceScheme::two_point) {
    GradcheckOptions options;
    options.step = step;
    options.scheme = scheme;
    return options;
}

GradcheckOptions with_probes(GradientProbes probes) {
    GradcheckOptions options;
    options.probes = probes;
    return options;
}

template <class Tensor>
void passes_everywhere(const Tensor& x) {
    const GradcheckReport report = check_gradient(cubes, squares, x);
    INFO(report);
    CHECK(report.passed());
    CHECK(report.compared == x.size());
    CHECK(report.kinks == 0);
    CHECK(report.worst_index.size() == x.dimension());
    CHECK(report.relative_error < smooth_error);
}

void mentions(const std::string& words, const std::string& part) {
    INFO(words);
    CHECK(words.find(part) != std::string::npos);
}

}  // namespace

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

TEST_CASE("check_gradient: places are those of the tensor, whatever its layout in memory") {
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

TEST_CASE("check_gradient: takes an expression as the point, and lazy results") {
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
        // The largest component is 4, so this is the relative error.
        return [share](const Vector64& at) { return at * at + Vector64{4 * share, 0}; };
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
    const auto tiny = [](const Vector64& at) { return 1e-15 * at; };
    // Relative to 1e-8, not to itself: 3e-15 / 1e-8 is below the tolerance.
    CHECK(check_gradient(constant, tiny, x).passed());
    const auto small = [](const Vector64& at) { return 1e-13 * at; };
    CHECK_FALSE(check_gradient(constant, small, x).passed());
}

TEST_CASE("check_gradient: what the function or the gradient throws reaches the caller") {
    const Vector64 x{1, 2};
    const auto thrower = [](const Vector64&) -> double { throw std::runtime_error("mine"); };
    CHECK_THROWS_WITH(check_gradient(thrower, squares, x), "mine");
}

TEST_CASE("check_value_and_gradient: takes a pair, a tuple or a struct") {
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

TEST_CASE("check_gradient: the error of two points falls with the square of the step") {
    const Vector64 x{0.3};
    const auto function = [](const Vector64& at) { return std::exp(at(0)); };
    const auto gradient = [](const Vector64& at) { return xt::exp(at); };
    for (const double h : {1e-2, 5e-3, 2.5e-3}) {
        // (f(x + h) - f(x - h)) / 2h - f' = h^2 f''' / 6 + ..., and f''' = f' here.
        const GradcheckReport report = check_gradient(function, gradient, x, with_step(h));
        CHECK(report.relative_error == Approx(h * h / 6).epsilon(prediction_margin));
    }
}

TEST_CASE("check_gradient: the error of four points falls with the fourth power of the step") {
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

TEST_CASE("check_gradient: four points are more exact than two at their own default steps") {
    const Tensor64 x = spread_tensor<Tensor64>({4, 5, 3});
    const auto function = [](const Tensor64& at) { return xt::sum(xt::exp(2.0 * at))(); };
    const auto gradient = [](const Tensor64& at) { return 2.0 * xt::exp(2.0 * at); };
    GradcheckOptions four;
    four.scheme = DifferenceScheme::four_point;
    const double with_two = check_gradient(function, gradient, x).relative_error;
    const double with_four = check_gradient(function, gradient, x, four).relative_error;
    CHECK(with_two < 1e-8);  // a step of 6e-6 squared, and rounding of a sum of 60 over it
    CHECK(with_four < with_two / 10);
}

TEST_CASE("check_gradient: the default step follows the size of the values") {
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

TEST_CASE("check_gradient: the step counts as far as x really moved, after rounding") {
    // Near 1e6 numbers are 1e-10 apart: a step of 1e-6 is off by 1e-4 of itself, but exact when it
    // is taken back from x.
    const auto identity = [](const Vector64& at) { return at(0); };
    const auto one = [](const Vector64& at) { return 0.0 * at + 1.0; };
    const GradcheckReport report =
        check_gradient(identity, one, Vector64{1e6 + 0.3}, with_step(1e-6));
    CHECK(report.relative_error == 0);
}

TEST_CASE("check_gradient: one large value gets its own step and leaves the others theirs") {
    Vector64 x = spread_tensor<Vector64>({20});
    x(7) = 1e6;
    // With the others' step of 1e-5 its values of 3e17 would differ by rounding alone.
    CHECK(check_gradient(cubes, squares, x).relative_error < smooth_error);
    // With its step of 6 the others would leave what is smooth around them.
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

TEST_CASE("check_gradient: a point that is all zero has a step too") {
    const Vector64 x{0, 0, 0};
    const auto function = [](const Vector64& at) { return xt::sum(xt::exp(at))(); };
    const auto gradient = [](const Vector64& at) { return xt::exp(at); };
    CHECK(check_gradient(function, gradient, x).relative_error < smooth_error);
}

// ---- samples and directions ----

TEST_CASE("check_gradient: a sample looks at so many different components and no others") {
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
    CHECK(std::count(moved.begin(), moved.end(), 2) == 20);  // to the right and to the left
    CHECK(std::count(moved.begin(), moved.end(), 0) == 30);

    const std::vector<int> first = moved;
    std::fill(moved.begin(), moved.end(), 0);
    options.seed = 2;
    check_gradient(function, squares, x, options);
    CHECK(moved != first);
}

TEST_CASE("check_gradient: a sample as large as the tensor is all of it") {
    GradcheckOptions options = with_probes(GradientProbes::random_sample);
    options.sample_size = 1000;
    const GradcheckReport report =
        check_gradient(cubes, squares, spread_tensor<Matrix64>({3, 4}), options);
    CHECK(report.compared == 12);
}

TEST_CASE("check_gradient: a mistake is named from a sample as well") {
    GradcheckOptions options = with_probes(GradientProbes::random_sample);
    options.sample_size = 15;
    const auto transposed = [](const Matrix64& at) { return xt::transpose(Matrix64(at * at)); };
    const GradcheckReport report =
        check_gradient(cubes, transposed, spread_tensor<Matrix64>({8, 8}), options);
    CHECK(report.diagnosis.pattern == MistakePattern::transposed);
}

TEST_CASE("check_gradient: random directions take two calls each and see any one component") {
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
    CHECK(calls == 2 + 3 * 2);  // twice at x, and to either side

    for (const std::size_t place : {0, 150, 299}) {
        const auto wrong = [place](const Tensor64& at) {
            Tensor64 gradient = at * at;
            gradient.data()[place] += 1e-3;
            return gradient;
        };
        CHECK_FALSE(check_gradient(cubes, wrong, x, options).passed());
    }
}

TEST_CASE("check_gradient: along a direction errors are relative to what does not cancel") {
    // f = w x with w v = 0 along the direction v that is going to be taken.
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

TEST_CASE("check_gradient: factors, signs, suspects and parts are named along directions too") {
    const Matrix64 x = spread_tensor<Matrix64>({6, 5});
    GradcheckOptions options = with_probes(GradientProbes::random_directions);
    const auto times = [&](double factor) {
        const auto gradient = [factor](const Matrix64& at) { return factor * at * at; };
        return check_gradient(cubes, gradient, x, options).diagnosis;
    };
    CHECK(times(-1).pattern == MistakePattern::sign);
    CHECK(times(4).words == "4 times too large: is the 1/4 there?");
    CHECK(times(0).pattern == MistakePattern::zero);
    // Any number is some multiple of any other: one direction does not make it a pattern.
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

TEST_CASE("check_gradient: ReLU at zero is a kink, reported apart, whatever the gradient says") {
    const Vector64 x{1, 0, -2, 0, 3};
    for (const double at_zero : {0.0, 0.5, 1.0}) {
        const auto gradient = [at_zero](const Vector64& at) {
            return xt::where(xt::equal(at, 0.0), at_zero, xt::cast<double>(at > 0.0));
        };
        const GradcheckReport report = check_gradient(relu_sum, gradient, x);
        INFO(report);
        CHECK(report.passed());
        CHECK(report.compared == 3);
        CHECK(report.kinks == 2);
        CHECK(report.first_kink == std::vector<std::size_t>{1});
    }
}

TEST_CASE("check_gradient: a kink within the step is told from a mistake, wherever it lies") {
    constexpr double h = 1e-3;
    for (const auto scheme : {DifferenceScheme::two_point, DifferenceScheme::four_point}) {
        const double reach = scheme == DifferenceScheme::two_point ? h : 2 * h;
        for (const double share :
             {0.0, 0.05, 0.1, 0.2, 0.22, 0.25, 0.3, 1 / 3.0, 0.4, 0.5, 0.7, 0.9}) {
            for (const double side : {1, -1}) {
                const Vector64 x{side * share * reach, 5, -3};
                const GradcheckReport report =
                    check_gradient(relu_sum, relu_sum_gradient, x, with_step(h, scheme));
                INFO(share * side << ": " << report);
                CHECK(report.passed());
                CHECK(report.kinks == 1);
            }
        }
    }
}

TEST_CASE("check_gradient: a kink on a curve is a kink, and a curve is none") {
    const auto bent = [](const Vector64& at) {
        return xt::sum(xt::exp(at) + 5.0 * xt::abs(at - 1.0))();
    };
    const auto bent_gradient = [](const Vector64& at) {
        return xt::exp(at) + 5.0 * xt::sign(at - 1.0);
    };
    const Vector64 x{1 + 1e-6, 2, -1, 0.5};
    const GradcheckReport report = check_gradient(bent, bent_gradient, x);
    INFO(report);
    CHECK(report.passed());
    CHECK(report.kinks == 1);

    // Bent by a hundred times its slope within a unit: still smooth, so a mistake is a mistake.
    const auto steep = [](const Vector64& at) { return xt::sum(xt::exp(100.0 * at))(); };
    const auto wrong = [](const Vector64& at) { return 101.0 * xt::exp(100.0 * at); };
    const GradcheckReport curve = check_gradient(steep, wrong, Vector64{0.1, 0.2, 0.15});
    INFO(curve);
    CHECK(curve.outcome == GradcheckOutcome::wrong);
    CHECK(curve.kinks == 0);
}

TEST_CASE("check_gradient: a kink is counted even where the gradient happens to agree") {
    // |x| at 0: the central difference is 0, and so is this gradient.
    const auto sum_of_sizes = [](const Vector64& at) { return xt::sum(xt::abs(at))(); };
    const auto signs = [](const Vector64& at) { return xt::sign(at); };
    const GradcheckReport report = check_gradient(sum_of_sizes, signs, Vector64{0, 1, -1});
    CHECK(report.passed());
    CHECK(report.kinks == 1);
}

TEST_CASE("check_backward: a tie of a maximum is a kink") {
    const auto largest = [](const Vector64& at) { return Vector64{xt::amax(at)()}; };
    const auto to_first = [](const Vector64& dy, const Vector64& at) {
        Vector64 dx = xt::zeros_like(at);
        const auto first = std::max_element(at.begin(), at.end());
        dx(static_cast<std::size_t>(first - at.begin())) = dy(0);
        return dx;
    };
    const GradcheckReport report = check_backward(largest, to_first, Vector64{1, 3, 2, 3, 0});
    INFO(report);
    CHECK(report.passed());
    CHECK(report.kinks == 2);
    CHECK(report.first_kink == std::vector<std::size_t>{1});
}

TEST_CASE("check_gradient: a wrong gradient is found beside kinks") {
    const auto wrong = [](const Vector64& at) { return 2.0 * xt::cast<double>(at > 0.0); };
    const GradcheckReport report = check_gradient(relu_sum, wrong, Vector64{0, 1, 2, -1});
    CHECK(report.outcome == GradcheckOutcome::wrong);
    CHECK(report.kinks == 1);
    CHECK(report.wrong == 2);
    CHECK(report.diagnosis.pattern == MistakePattern::factor);
}

TEST_CASE("check_gradient: with too many kinks a check says that it says nothing") {
    const GradcheckReport all = check_gradient(relu_sum, relu_sum_gradient, Vector64{0, 0, 0});
    CHECK(all.outcome == GradcheckOutcome::too_many_kinks);
    mentions(all.failure, "3 of 3 probes cross a kink");

    GradcheckOptions options;
    const Vector64 x{0, 0, 0, 1};
    CHECK_FALSE(check_gradient(relu_sum, relu_sum_gradient, x, options).passed());
    options.largest_kink_share = 0.75;
    CHECK(check_gradient(relu_sum, relu_sum_gradient, x, options).passed());
    options.largest_kink_share = 1;  // but something must have been compared
    CHECK_FALSE(check_gradient(relu_sum, relu_sum_gradient, Vector64{0, 0}, options).passed());
}

// ---- what cannot be compared ----

TEST_CASE("check_gradient: what is not finite is a failure in words, not a passed check") {
    const Vector64 x{1, 0, 4};
    const auto outcome = [](const GradcheckReport& report, const std::string& words) {
        INFO(report);
        CHECK(report.outcome == GradcheckOutcome::not_finite);
        CHECK(report.failure == words);
    };
    outcome(check_gradient(cubes, squares, Vector64{1, not_a_number}), "x is nan at (1)");
    outcome(check_gradient([](const auto&) { return not_a_number; }, squares, x),
            "the function is nan at x");
    outcome(check_gradient([](const auto&) { return infinity; }, squares, x),
            "the function is inf at x");
    const auto bad_gradient = [](const Vector64& at) { return 1.0 / at; };
    outcome(check_gradient(cubes, bad_gradient, x), "the gradient is inf at (1)");
    const auto roots = [](const Vector64& at) { return xt::sum(xt::sqrt(at))(); };
    outcome(check_gradient(roots, squares, x, with_step(1e-4)),
            "the function is nan when x is moved by -0.0001 at (1)");
    GradcheckOptions options = with_step(1e-4);
    options.probes = GradientProbes::random_directions;
    const GradcheckReport report = check_gradient(roots, squares, x, options);
    CHECK(report.outcome == GradcheckOutcome::not_finite);
    mentions(report.failure, "along a random direction");
}

TEST_CASE("check_backward: what is not finite is a failure in words too") {
    const auto root = [](const Vector64& at) { return Vector64(xt::sqrt(at)); };
    const auto backward = [](const Vector64& dy, const Vector64&) { return dy; };
    CHECK(check_backward(root, backward, Vector64{1, -1}).failure ==
          "a value of the operation is nan at x");
}

TEST_CASE("check_gradient: a function that varies from call to call is recognised") {
    const Vector64 x{1, 2};
    int calls = 0;
    const auto varying = [&](const Vector64& at) { return cubes(at) + 1e-3 * ++calls; };
    const GradcheckReport value = check_gradient(varying, squares, x);
    CHECK(value.outcome == GradcheckOutcome::not_deterministic);
    mentions(value.failure, "two results for the same x, 0.001 apart");

    const auto varying_gradient = [&](const Vector64& at) { return at * at + 1e-3 * ++calls; };
    const GradcheckReport gradient = check_gradient(cubes, varying_gradient, x);
    CHECK(gradient.outcome == GradcheckOutcome::not_deterministic);
    mentions(gradient.failure, "came out differently the second time");

    calls = 0;
    const auto breaking = [&](const Vector64& at) {
        return ++calls > 1 ? not_a_number : cubes(at);
    };
    CHECK(check_gradient(breaking, squares, x).failure ==
          "the function is nan when called again with the same x");
}

TEST_CASE("check_gradient: a gradient buffer that is never cleared is recognised") {
    Vector64 buffer{0, 0};
    const auto adding = [&](const Vector64& at) {
        buffer += at * at;
        return buffer;
    };
    const GradcheckReport report = check_gradient(cubes, adding, Vector64{1, 2});
    CHECK(report.outcome == GradcheckOutcome::not_deterministic);
    mentions(report.failure, "added to a buffer that is never cleared");
}

TEST_CASE("check_gradient: the order of a sum may vary by rounding") {
    int calls = 0;
    const auto rounded = [&](const Vector64& at) {
        return cubes(at) * (1 + 4 * (++calls % 2) * std::numeric_limits<double>::epsilon());
    };
    CHECK(check_gradient(rounded, squares, Vector64{1, 2}).passed());
}

TEST_CASE("check_gradient: an empty tensor is no passed check, and nothing is called") {
    const auto never = [](const Matrix64&) -> double { throw std::logic_error("called"); };
    const GradcheckReport report = check_gradient(never, squares, Matrix64::from_shape({0, 3}));
    CHECK(report.outcome == GradcheckOutcome::nothing_to_check);
    CHECK_FALSE(report.passed());
    CHECK(report.failure == "x is empty, 0x3: there is nothing to check");
    const auto never_forward = [&](const Matrix64& x) -> Matrix64 { return never(x) * x; };
    const auto backward = [](const Matrix64& dy, const Matrix64&) { return dy; };
    CHECK(check_backward(never_forward, backward, Matrix64::from_shape({0, 3})).outcome ==
          GradcheckOutcome::nothing_to_check);
}

TEST_CASE("check_gradient: a gradient of another shape is reported with both shapes") {
    const Matrix64 x = spread_tensor<Matrix64>({2, 3});
    const auto transposed = [](const Matrix64& at) { return xt::transpose(at); };
    const GradcheckReport report = check_gradient(cubes, transposed, x);
    CHECK(report.outcome == GradcheckOutcome::wrong_shape);
    CHECK(report.failure == "the shape must be 2x3, got 3x2: are axes exchanged?");
    const auto flat = [](const Matrix64& at) { return xt::flatten(at); };
    CHECK(check_gradient(cubes, flat, x).failure == "the shape must be 2x3, got 6");
}

TEST_CASE("check_backward: an operation whose output changes its size is recognised") {
    int calls = 0;
    const auto growing = [&](const Vector64&) {
        return Vector64(Vector64::shape_type{static_cast<std::size_t>(++calls)}, 1.0);
    };
    const auto backward = [](const Vector64&, const Vector64& x) { return x; };
    mentions(check_backward(growing, backward, Vector64{1, 2}).failure, "another number of values");
}

TEST_CASE("check_gradient: options out of range are an error that names the option") {
    const auto error_of = [](const GradcheckOptions& options) {
        try {
            check_gradient(cubes, squares, Vector64{1, 2}, options);
        } catch (const nst::Error& error) {
            return std::string(error.what());
        }
        return std::string("no error");
    };
    CHECK(error_of(with_step(-1)) ==
          "check_gradient: options.step must be positive and finite, or 0 to choose it, got -1");
    CHECK(error_of(with_step(not_a_number)) ==
          "check_gradient: options.step must be positive and finite, or 0 to choose it, got nan");
    GradcheckOptions options;
    options.tolerance = 0;
    CHECK(error_of(options) ==
          "check_gradient: options.tolerance must be positive and finite, got 0");
    options = {};
    options.largest_kink_share = 1.5;
    CHECK(error_of(options) ==
          "check_gradient: options.largest_kink_share must be in 0..1, got 1.5");
    options = {};
    options.sample_size = 0;
    CHECK(error_of(options) == "check_gradient: options.sample_size must be at least 1, got 0");
    options = {};
    options.directions = 0;
    CHECK(error_of(options) == "check_gradient: options.directions must be at least 1, got 0");
    options = {};
    options.axes = {"row", "column"};
    CHECK(error_of(options) == "diagnose: axes must name 1 axes, got 2");
}

// ---- what is said of a wrong gradient ----

TEST_CASE("check_gradient: a function in single precision is suspected, not the gradient") {
    const auto in_float = [](const Vector64& at) {
        float sum = 0;
        for (const double value : at) sum += static_cast<float>(value * value * value);
        return static_cast<double>(sum / 3);
    };
    const GradcheckReport report = check_gradient(in_float, squares, Vector64{1.1, 2.3, 0.7});
    INFO(report);
    CHECK_FALSE(report.passed());
    CHECK(report.diagnosis.pattern == MistakePattern::unsteady);
    mentions(report.diagnosis.words, "computed in float");
}

TEST_CASE("check_gradient: a step too large for the curve is suspected, not the gradient") {
    const auto waves = [](const Vector64& at) { return xt::sum(xt::sin(100.0 * at))(); };
    const auto gradient = [](const Vector64& at) { return 100.0 * xt::cos(100.0 * at); };
    const Vector64 x{1.1, 2.3, 0.7};
    for (const auto scheme : {DifferenceScheme::two_point, DifferenceScheme::four_point}) {
        const GradcheckReport coarse = check_gradient(waves, gradient, x, with_step(3e-3, scheme));
        INFO(coarse);
        CHECK(coarse.diagnosis.pattern == MistakePattern::unsteady);
    }
    CHECK(check_gradient(waves, gradient, x, with_step(1e-6)).passed());
}

TEST_CASE("check_gradient: a jump is neither a kink nor blamed on the gradient") {
    const auto steps = [](const Vector64& at) { return xt::sum(xt::floor(at))(); };
    const auto flat = [](const Vector64& at) { return 0.0 * at; };
    const GradcheckReport report = check_gradient(steps, flat, Vector64{0.5, 2.0, 3.5});
    INFO(report);
    CHECK(report.kinks == 0);
    CHECK(report.worst_index == std::vector<std::size_t>{1});
    CHECK(report.diagnosis.pattern == MistakePattern::unsteady);
}

TEST_CASE("check_gradient: the caller's suspects and names of axes are used") {
    const Tensor64 x = spread_tensor<Tensor64>({2, 3, 4});
    GradcheckOptions options;
    options.suspects = {nst::named_values("the cube is not derived", x * x * x)};
    const auto underived = [](const Tensor64& at) { return at * at * at; };
    const GradcheckReport suspect = check_gradient(cubes, underived, x, options);
    CHECK(suspect.diagnosis.pattern == MistakePattern::suspect);
    CHECK(suspect.diagnosis.words == "the cube is not derived");

    options.axes = {"channel", "line", "sample"};
    const auto half_line = [](const Tensor64& at) {
        Tensor64 gradient = at * at;
        for (std::size_t c = 0; c < 2; ++c) {
            for (std::size_t s = 0; s < 4; ++s) gradient(c, 2, s) = 0;
        }
        return gradient;
    };
    mentions(check_gradient(cubes, half_line, x, options).diagnosis.words,
             "right except in the last line, which is zero");
}

TEST_CASE("check_backward: a matrix that is not transposed is named") {
    const Matrix64 w = spread_tensor<Matrix64>({5, 5}, 3);
    const auto product = [](const Matrix64& m, const Vector64& v) {
        return Vector64(xt::sum(m * v, {1}));
    };
    const auto forward = [&](const Vector64& x) { return product(w, x); };
    const auto right = [&](const Vector64& dy, const Vector64&) {
        return product(xt::transpose(w), dy);
    };
    const auto wrong = [&](const Vector64& dy, const Vector64&) { return product(w, dy); };
    for (const double size : {1.0, 200.0, 0.0}) {
        const Vector64 x = size * spread_tensor<Vector64>({5});
        CHECK(check_backward(forward, right, x).passed());
        const GradcheckReport report = check_backward(forward, wrong, x);
        INFO(report);
        CHECK(report.diagnosis.pattern == MistakePattern::not_transposed);
        mentions(report.diagnosis.words, "not its transpose");
    }
}

TEST_CASE("upstream_gradient: is the one that check_backward gives, and follows the seed") {
    const Matrix64 x = spread_tensor<Matrix64>({4, 3});
    const auto square = [](const Matrix64& at) { return Matrix64(at * at); };
    for (const std::uint64_t seed : {1, 2}) {
        GradcheckOptions options;
        options.seed = seed;
        Matrix64 given;
        const auto backward = [&](const Matrix64& dy, const Matrix64& at) {
            given = dy;
            return 2.0 * dy * at;
        };
        CHECK(check_backward(square, backward, x, options).passed());
        CHECK((given == nst::upstream_gradient(square(x), seed)));
    }
    const Matrix64 dy = nst::upstream_gradient(x);
    CHECK((dy != nst::upstream_gradient(x, 2)));
    CHECK(xt::amin(xt::abs(dy))() >= 0.5);
    CHECK(xt::amax(xt::abs(dy))() < 1.5);
    CHECK(xt::amin(dy)() < 0);
    CHECK(xt::amax(dy)() > 0);
}

TEST_CASE("check_backward: x and y may be of different ranks and shapes") {
    const auto column_sums = [](const Matrix64& x) { return Vector64(xt::sum(x * x, {0})); };
    const auto backward = [](const Vector64& dy, const Matrix64& x) {
        return Matrix64(2.0 * x * dy);
    };
    const GradcheckReport report =
        check_backward(column_sums, backward, spread_tensor<Matrix64>({4, 3}));
    INFO(report);
    CHECK(report.passed());
    CHECK(report.relative_error < smooth_error);
}

TEST_CASE("check_backward: code that refuses other arguments does not spoil the report") {
    int calls = 0;
    const auto forward = [](const Matrix64& x) { return Matrix64(x * x); };
    const auto touchy = [&](const Matrix64& dy, const Matrix64& x) {
        if (++calls > 2) throw std::runtime_error("touchy");
        return Matrix64(dy * xt::exp(x));
    };
    const GradcheckReport report = check_backward(forward, touchy, spread_tensor<Matrix64>({3, 3}));
    CHECK(report.outcome == GradcheckOutcome::wrong);
    CHECK(report.diagnosis.pattern == MistakePattern::unknown);
}

// ---- the words ----

TEST_CASE("describe: tells a right gradient in one line") {
    GradcheckReport report;
    report.compared = 12;
    report.relative_error = 5.25e-11;
    report.worst_index = {0, 2};
    CHECK(describe(report) ==
          "the gradient is right: 12 of 12 components agree, relative error at most 5.25e-11 at "
          "(0, 2)");
    report.kinks = 2;
    report.first_kink = {1, 1};
    CHECK_THAT(describe(report),
               Catch::Matchers::EndsWith("; 2 left out at kinks, the first at (1, 1)"));
    report = {};
    report.probes = GradientProbes::random_directions;
    report.compared = 1;
    CHECK(describe(report) ==
          "the gradient is right: 1 of 1 random direction agree, relative error at most 0");
}

TEST_CASE("describe: tells a wrong gradient with its diagnosis, and prints the same") {
    const Matrix64 x{{1, 2, 3}, {0.5, -1, -2}};
    const auto gradient = [](const Matrix64& at) { return 4.0 * at * at; };
    const GradcheckReport report = check_gradient(cubes, gradient, x);
    const std::string expected =
        "the gradient is WRONG in 6 of 6 components, most at (0, 2): analytic 36, numeric 9, "
        "relative error 0.75, tolerance 1e-06\n"
        "4 times too large: is the 1/4 there?";
    CHECK(describe(report) == expected);
    std::ostringstream stream;
    stream << report;
    CHECK(stream.str() == expected);
}

TEST_CASE("describe: tells why nothing could be compared") {
    const GradcheckReport report = check_gradient(cubes, squares, Vector64{1, infinity});
    CHECK(describe(report) == "the gradient could not be checked: x is inf at (1)");
}
