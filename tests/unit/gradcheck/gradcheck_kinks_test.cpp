// Kinks, and conditions that prevent a verdict.
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include "gradcheck_samples.hpp"

using namespace gradcheck_samples;
using nst::check_backward;
using nst::check_gradient;
using nst::DifferenceScheme;
using nst::GradcheckOptions;
using nst::GradcheckOutcome;
using nst::GradcheckReport;
using nst::GradientProbes;
using nst::MistakePattern;

TEST_CASE("check_gradient: ReLU at zero is a kink, reported separately for any gradient") {
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

TEST_CASE("check_gradient: tells a kink within the step from a mistake, wherever the kink lies") {
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

TEST_CASE("check_gradient: a kink on a curve is a kink, and a smooth curve is not") {
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

    // The slope changes a hundredfold within one unit: still smooth, so a mistake is a mistake.
    const auto steep = [](const Vector64& at) { return xt::sum(xt::exp(100.0 * at))(); };
    const auto wrong = [](const Vector64& at) { return 101.0 * xt::exp(100.0 * at); };
    const GradcheckReport curve = check_gradient(steep, wrong, Vector64{0.1, 0.2, 0.15});
    INFO(curve);
    CHECK(curve.outcome == GradcheckOutcome::wrong);
    CHECK(curve.kinks == 0);
}

TEST_CASE("check_gradient: counts a kink even where the gradient happens to agree") {
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

TEST_CASE("check_gradient: finds a wrong gradient in the presence of kinks") {
    const auto wrong = [](const Vector64& at) { return 2.0 * xt::cast<double>(at > 0.0); };
    const GradcheckReport report = check_gradient(relu_sum, wrong, Vector64{0, 1, 2, -1});
    CHECK(report.outcome == GradcheckOutcome::wrong);
    CHECK(report.kinks == 1);
    CHECK(report.wrong == 2);
    CHECK(report.diagnosis.pattern == MistakePattern::factor);
}

TEST_CASE("check_gradient: with too many kinks the check is inconclusive") {
    const GradcheckReport all = check_gradient(relu_sum, relu_sum_gradient, Vector64{0, 0, 0});
    CHECK(all.outcome == GradcheckOutcome::too_many_kinks);
    mentions(all.failure, "3 of 3 probes cross a kink");

    GradcheckOptions options;
    const Vector64 x{0, 0, 0, 1};
    CHECK_FALSE(check_gradient(relu_sum, relu_sum_gradient, x, options).passed());
    options.largest_kink_share = 0.75;
    CHECK(check_gradient(relu_sum, relu_sum_gradient, x, options).passed());
    options.largest_kink_share = 1;  // but at least one component must be compared
    CHECK_FALSE(check_gradient(relu_sum, relu_sum_gradient, Vector64{0, 0}, options).passed());
}

// ---- no comparison possible ----

TEST_CASE("check_gradient: a value that is not finite fails with a message") {
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

TEST_CASE("check_backward: a value that is not finite fails with a message") {
    const auto root = [](const Vector64& at) { return Vector64(xt::sqrt(at)); };
    const auto backward = [](const Vector64& dy, const Vector64&) { return dy; };
    CHECK(check_backward(root, backward, Vector64{1, -1}).failure ==
          "a value of the operation is nan at x");
}

TEST_CASE("check_gradient: recognises a function that varies from call to call") {
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

TEST_CASE("check_gradient: recognises a gradient buffer that is never cleared") {
    Vector64 buffer{0, 0};
    const auto adding = [&](const Vector64& at) {
        buffer += at * at;
        return buffer;
    };
    const GradcheckReport report = check_gradient(cubes, adding, Vector64{1, 2});
    CHECK(report.outcome == GradcheckOutcome::not_deterministic);
    mentions(report.failure, "added to a buffer that is never cleared");
}

TEST_CASE("check_gradient: accepts rounding differences from the order of a sum") {
    int calls = 0;
    const auto rounded = [&](const Vector64& at) {
        return cubes(at) * (1 + 4 * (++calls % 2) * std::numeric_limits<double>::epsilon());
    };
    CHECK(check_gradient(rounded, squares, Vector64{1, 2}).passed());
}

TEST_CASE("check_gradient: an empty tensor does not pass, and nothing is called") {
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

TEST_CASE("check_gradient: reports a gradient of a different shape with both shapes") {
    const Matrix64 x = spread_tensor<Matrix64>({2, 3});
    const auto transposed = [](const Matrix64& at) { return xt::transpose(at); };
    const GradcheckReport report = check_gradient(cubes, transposed, x);
    CHECK(report.outcome == GradcheckOutcome::wrong_shape);
    CHECK(report.failure == "the shape must be 2x3, got 3x2: are axes exchanged?");
    const auto flat = [](const Matrix64& at) { return xt::flatten(at); };
    CHECK(check_gradient(cubes, flat, x).failure == "the shape must be 2x3, got 6");
}

TEST_CASE("check_backward: recognises an operation whose output size varies") {
    int calls = 0;
    const auto growing = [&](const Vector64&) {
        return Vector64(Vector64::shape_type{static_cast<std::size_t>(++calls)}, 1.0);
    };
    const auto backward = [](const Vector64&, const Vector64& x) { return x; };
    mentions(check_backward(growing, backward, Vector64{1, 2}).failure, "another number of values");
}

TEST_CASE("check_gradient: an option out of range is an error that names the option") {
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

// ---- reports on a wrong gradient ----

TEST_CASE("check_gradient: suspects a function in single precision, not the gradient") {
    // Next to 1000, float has four digits left for the cubes.
    const auto in_float = [](const Vector64& at) {
        float sum = 3000;
        for (const double value : at) sum += static_cast<float>(value * value * value);
        return static_cast<double>(sum / 3);
    };
    const Vector64 x{1.1, 2.3, 0.7};
    const GradcheckReport report = check_gradient(in_float, squares, x, with_step(1e-3));
    INFO(report);
    CHECK(report.outcome == GradcheckOutcome::inconclusive);
    CHECK(report.diagnosis.pattern == MistakePattern::unsteady);
    mentions(report.diagnosis.words, "computed in float");
}

TEST_CASE("check_gradient: suspects a step too large for the curvature, not the gradient") {
    const auto waves = [](const Vector64& at) { return xt::sum(xt::sin(100.0 * at))(); };
    const auto gradient = [](const Vector64& at) { return 100.0 * xt::cos(100.0 * at); };
    const Vector64 x{1.1, 2.3, 0.7};
    for (const auto& [scheme, step] : {std::pair(DifferenceScheme::two_point, 3e-3),
                                       std::pair(DifferenceScheme::four_point, 1e-2)}) {
        const GradcheckReport coarse = check_gradient(waves, gradient, x, with_step(step, scheme));
        INFO(coarse);
        CHECK(coarse.outcome == GradcheckOutcome::inconclusive);
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
