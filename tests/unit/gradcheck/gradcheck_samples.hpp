// Shared by the tests of the gradient checker.
#pragma once

#include <limits>
#include <string>

#include "gradient/inputs.hpp"
#include "nst/gradcheck.hpp"
#include "support/catch.hpp"

namespace gradcheck_samples {

using nst_test::spread_tensor;

using nst::check_gradient;
using nst::DifferenceScheme;
using nst::GradcheckOptions;
using nst::GradcheckReport;
using nst::GradientProbes;

using Vector64 = xt::xtensor<double, 1>;
using Matrix64 = xt::xtensor<double, 2>;
using Tensor64 = xt::xtensor<double, 3>;

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

// A smooth function of values around 1: rounding of 1e-16 over a step of 1e-5, plus some sums.
inline constexpr double smooth_error = 1e-9;
// Errors predicted from the next derivative alone, at steps where that term dominates.
inline constexpr double prediction_margin = 0.02;
// Numbers written in a test and compared with a finite difference.
inline constexpr double difference_margin = 1e-6;

inline const auto cubes = [](const auto& x) { return xt::sum(x * x * x)() / 3; };
inline const auto squares = [](const auto& x) { return x * x; };

inline const auto relu_sum = [](const auto& x) { return xt::sum(xt::maximum(x, 0.0))(); };
inline const auto relu_sum_gradient = [](const auto& x) { return xt::cast<double>(x > 0.0); };

inline GradcheckOptions with_step(double step,
                                  DifferenceScheme scheme = DifferenceScheme::two_point) {
    GradcheckOptions options;
    options.step = step;
    options.scheme = scheme;
    return options;
}

inline GradcheckOptions with_probes(GradientProbes probes) {
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

inline void mentions(const std::string& words, const std::string& part) {
    INFO(words);
    CHECK(words.find(part) != std::string::npos);
}

}  // namespace gradcheck_samples
