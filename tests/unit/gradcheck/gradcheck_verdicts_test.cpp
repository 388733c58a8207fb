// Right, wrong or inconclusive: small components, large values and noise.
#include <cmath>
#include <cstddef>
#include <limits>
#include <stdexcept>
#include <string>

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
using nst::gradcheck_detail::Random;

namespace {

const auto zero = [](const Vector64& at) { return 0.0 * at; };

// 1e6 x0^2 + x1^2, with the second component of the gradient multiplied by a factor.
GradcheckReport check_uneven(double factor, const GradcheckOptions& options = {}) {
    const auto f = [](const Vector64& x) { return 1e6 * x(0) * x(0) + x(1) * x(1); };
    const auto df = [factor](const Vector64& x) { return Vector64{2e6 * x(0), factor * 2 * x(1)}; };
    return check_gradient(f, df, Vector64{1, 0.2}, options);
}

// offset + 1e-3 |x|^2 / 2, with the gradient multiplied by a factor.
GradcheckReport check_shifted(double offset, double factor, const GradcheckOptions& options = {}) {
    const auto f = [offset](const Vector64& x) { return offset + 1e-3 * xt::sum(x * x)() / 2; };
    const auto df = [factor](const Vector64& x) { return factor * 1e-3 * x; };
    return check_gradient(f, df, Vector64{0.7, -1.2, 0.4}, options);
}

// 1e12 x0^2 + 1e-12 x1^2: double has no digits left for the second term.
const auto beyond_double = [](const Vector64& x) {
    return 1e12 * x(0) * x(0) + 1e-12 * x(1) * x(1);
};

}  // namespace

// ---- right gradients ----

TEST_CASE("check_gradient: the sum of a softmax has a right gradient, zero") {
    Random random(1);
    const auto softmax_sum = [](const Vector64& x) {
        const Vector64 e = xt::exp(x);
        return xt::sum(e / xt::sum(e)())();
    };
    for (int n = 0; n < 50; ++n) {
        const Vector64 x{random.weight(), random.weight(), random.weight(), random.weight()};
        const GradcheckReport report = check_gradient(softmax_sum, zero, x);
        INFO(report);
        CHECK(report.passed());
        CHECK(report.compared == 4);
    }
}

TEST_CASE("check_gradient: sin^2 + cos^2 has a right gradient, zero") {
    Random random(2);
    const auto circles = [](const Vector64& x) {
        return xt::sum(xt::sin(x) * xt::sin(x) + xt::cos(x) * xt::cos(x))();
    };
    for (int n = 0; n < 50; ++n) {
        const Vector64 x{random.weight(), random.weight(), random.weight()};
        const GradcheckReport report = check_gradient(circles, zero, x);
        INFO(report);
        CHECK(report.passed());
    }
}

TEST_CASE("check_gradient: a large constant in the value does not make a gradient wrong") {
    for (const double offset : {0.0, 1e3, 1e6, -1e6, 1e8}) {
        const GradcheckReport right = check_shifted(offset, 1);
        INFO(right);
        CHECK(right.passed());
        CHECK(right.too_small == 0);
        for (const double factor : {-1.0, 0.0, 0.25, 0.5, 2.0}) {
            CHECK(check_shifted(offset, factor).outcome == GradcheckOutcome::wrong);
        }
    }
}

TEST_CASE("check_gradient: states the accuracy of the differences when it misses the tolerance") {
    const GradcheckReport sharp = check_shifted(0, 1);
    CHECK(sharp.precision <= sharp.tolerance);
    const GradcheckReport noisy = check_shifted(1e8, 1);
    INFO(noisy);
    CHECK(noisy.precision > noisy.tolerance);
    CHECK(noisy.precision < 0.01);
    mentions(describe(noisy), "; the differences are known to ");
}

TEST_CASE("check_gradient: does not blame a gradient for cancellation inside the function") {
    // The value does not reveal the noise of 1e-7, and small steps do not change it at all.
    const auto f = [](const Vector64& x) {
        double sum = 1e9;
        for (const double value : x) sum += value * value;
        return sum - 1e9;
    };
    const auto times = [](double factor) {
        return [factor](const Vector64& x) { return factor * 2 * x; };
    };
    Random random(3);
    int passed = 0;
    for (int n = 0; n < 50; ++n) {
        const Vector64 x{random.weight(), random.weight(), random.weight()};
        const GradcheckReport right = check_gradient(f, times(1), x);
        INFO(right);
        CHECK(right.outcome != GradcheckOutcome::wrong);
        CHECK(right.numeric_error > 0);
        passed += right.passed();
        CHECK(check_gradient(f, times(2), x).outcome == GradcheckOutcome::wrong);
    }
    CHECK(passed >= 40);
}

TEST_CASE("check_gradient: checks a function in single precision as far as its digits allow") {
    const auto in_float = [](const Vector64& at) {
        float sum = 0;
        for (const double value : at) sum += static_cast<float>(value * value * value);
        return static_cast<double>(sum / 3);
    };
    const GradcheckReport report = check_gradient(in_float, squares, Vector64{1.1, 2.3, 0.7});
    INFO(report);
    CHECK(report.passed());
    CHECK(report.precision > 1e-6);
    const auto too_large = [](const Vector64& at) { return 1.05 * at * at; };
    CHECK_FALSE(check_gradient(in_float, too_large, Vector64{1.1, 2.3, 0.7}).passed());
}

TEST_CASE("check_gradient: agrees at a point where the slope is zero by symmetry") {
    const auto bowl = [](const Vector64& x) { return xt::sum(x * x)(); };
    const auto twice = [](const Vector64& x) { return 2.0 * x; };
    const GradcheckReport report = check_gradient(bowl, twice, Vector64{0, 0, 0});
    INFO(report);
    CHECK(report.passed());
    CHECK(report.too_small == 0);
}

// ---- wrong gradients ----

TEST_CASE("check_gradient: judges a small component beside a large one by its own magnitude") {
    const GradcheckReport right = check_uneven(1);
    INFO(right);
    CHECK(right.passed());
    CHECK(right.too_small == 0);
    for (const double factor : {0.0, -1.0, 0.25, 0.5, 2.0, 1.001}) {
        const GradcheckReport report = check_uneven(factor);
        INFO(factor << ": " << report);
        CHECK(report.outcome == GradcheckOutcome::wrong);
        CHECK(report.wrong == 1);
        CHECK(report.worst_index == std::vector<std::size_t>{1});
    }
    CHECK(check_uneven(-1).diagnosis.pattern == MistakePattern::sign);
    CHECK(check_uneven(0).diagnosis.pattern == MistakePattern::zero);
    CHECK(check_uneven(4).diagnosis.words == "4 times too large: is the 1/4 there?");
}

TEST_CASE("describe: the relative error of a wrong component is relative to that component") {
    mentions(describe(check_uneven(0)),
             "WRONG in 1 of 2 components, most at (1): analytic 0, "
             "numeric 0.4, relative error 1, tolerance 1e-06");
}

TEST_CASE("check_gradient: a scale of 1e-12 hides no mistake") {
    const auto f = [](const Vector64& x) { return 1e-12 * xt::sum(x * x)(); };
    const auto times = [](double factor) {
        return [factor](const Vector64& x) { return factor * 2e-12 * x; };
    };
    const Vector64 x{1, -0.3};
    CHECK(check_gradient(f, times(1), x).passed());
    for (const double factor : {0.0, -1.0, 0.5, 2.0}) {
        CHECK(check_gradient(f, times(factor), x).outcome == GradcheckOutcome::wrong);
    }
}

// ---- no verdict possible ----

TEST_CASE("check_gradient: counts a component too small to be judged, which does not agree") {
    for (const double second : {0.0, 4e-13, -4e-13}) {
        const auto df = [second](const Vector64& x) { return Vector64{2e12 * x(0), second}; };
        const GradcheckReport report = check_gradient(beyond_double, df, Vector64{1, 0.2});
        CHECK(report.passed());
        CHECK(report.compared == 2);
        CHECK(report.too_small == 1);
        mentions(describe(report), "the gradient is right: 1 of 2 components agree");
        mentions(describe(report), "; 1 zero or too small to be judged");
    }
}

TEST_CASE("check_gradient: values too large for the derivative make the check inconclusive") {
    for (const double factor : {1.0, -1.0, 2.0}) {
        const GradcheckReport report = check_shifted(1e15, factor);
        INFO(report);
        CHECK(report.outcome == GradcheckOutcome::inconclusive);
        CHECK_FALSE(report.passed());
        CHECK(report.wrong == 0);
        CHECK(report.unclear == 3);
        CHECK(report.failure.empty());
        CHECK(report.diagnosis.pattern == MistakePattern::unsteady);
        const std::string words = describe(report);
        mentions(words, "the check is INCONCLUSIVE: 3 of 3 components cannot be judged, most at (");
        mentions(words, "rounding of values of 1e+15 hides this derivative");
        mentions(words, "subtract a constant from the value, give a larger step");
        CHECK(words.find("right") == std::string::npos);
        CHECK(words.find("WRONG") == std::string::npos);
    }
}

TEST_CASE("check_gradient: the advice of an inconclusive check leads to a verdict") {
    GradcheckOptions options = with_step(1e-9);
    const GradcheckReport report = check_shifted(1e6, 1, options);
    INFO(report);
    CHECK(report.outcome == GradcheckOutcome::inconclusive);
    mentions(describe(report), "take a larger step or 0 to choose it, or use four points");
    CHECK(check_shifted(1e6, 1, with_step(0.1)).passed());
    CHECK(check_shifted(1e6, 1).passed());
    CHECK(check_shifted(0, 1, options).passed());
}

TEST_CASE("check_gradient: a step that does not move x is inconclusive, not a passed check") {
    const GradcheckReport report = check_gradient(cubes, squares, Vector64{1, 2}, with_step(1e-20));
    INFO(report);
    CHECK(report.outcome == GradcheckOutcome::inconclusive);
    CHECK(report.unclear == 2);
}

TEST_CASE("check_gradient: noise beyond the derivative makes the check inconclusive") {
    const auto noisy = [](const Vector64& x) {
        return xt::sum(x)() + std::sin(1e12 * xt::sum(x)());
    };
    const auto ones = [](const Vector64& x) { return 0.0 * x + 1.0; };
    const GradcheckReport report = check_gradient(noisy, ones, Vector64{0.3, 0.2});
    INFO(report);
    CHECK(report.outcome == GradcheckOutcome::inconclusive);
    mentions(report.diagnosis.words, "computed in float, noisy, or bent too much");
}

TEST_CASE("check_gradient: does not evaluate a function outside its domain") {
    // Wider steps reach below 0, where one function throws and the other returns NaN.
    const auto logarithms = [](const Vector64& x) { return 1e6 + xt::sum(xt::log(x))(); };
    const auto roots = [](const Vector64& x) {
        if (xt::amin(x)() < 0) throw std::runtime_error("below 0");
        return 1e6 + xt::sum(xt::sqrt(x))();
    };
    const auto of_logarithms = [](const Vector64& x) { return 1.0 / x; };
    const auto of_roots = [](const Vector64& x) { return 0.5 / xt::sqrt(x); };
    const Vector64 x{0.05, 1, 2};
    CHECK(check_gradient(logarithms, of_logarithms, x).passed());
    CHECK(check_gradient(roots, of_roots, x).passed());
    const auto doubled = [&](const Vector64& at) { return 2.0 * of_roots(at); };
    CHECK(check_gradient(roots, doubled, x).outcome == GradcheckOutcome::wrong);
}

TEST_CASE("check_backward: counts zeros of a ReLU separately from components that agree") {
    const auto relu = [](const Vector64& x) { return Vector64(xt::maximum(x, 0.0)); };
    const auto backward = [](const Vector64& dy, const Vector64& x) {
        return Vector64(dy * xt::cast<double>(x > 0.0));
    };
    const GradcheckReport report = check_backward(relu, backward, Vector64{1, -1, 2, -0.5});
    INFO(report);
    CHECK(report.passed());
    CHECK(report.compared == 4);
    CHECK(report.too_small == 2);
}

TEST_CASE("check_gradient: when everything is zero, reports only that") {
    const auto far_hinge = [](const Vector64& x) { return 5 + relu_sum(x); };
    const GradcheckReport report = check_gradient(far_hinge, relu_sum_gradient, Vector64{-1, -2});
    INFO(report);
    CHECK_FALSE(report.outcome == GradcheckOutcome::wrong);
    CHECK(report.too_small + report.unclear == 2);
}

TEST_CASE("describe: says that only a sample was checked") {
    GradcheckOptions options = with_probes(GradientProbes::random_sample);
    options.sample_size = 5;
    const GradcheckReport report =
        check_gradient(cubes, squares, spread_tensor<Vector64>({50}), options);
    mentions(describe(report), "5 of 5 sampled components agree");
}
