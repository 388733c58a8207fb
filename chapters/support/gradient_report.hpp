// Gradient checks for the chapters: what one found, in a line, and the check of a whole cost.
#pragma once

#include <cstdio>
#include <string>
#include <utility>

#include "nst/gradcheck.hpp"
#include "support/picture_cost.hpp"

namespace course {

/// Prints in one line how many numbers were compared, how many were left out as kinks, and the
/// largest error. Below it the whole report when the gradient is wrong. Returns whether it is
/// right.
inline bool print_gradient(const std::string& name, const nst::GradcheckReport& report) {
    std::printf("  %-16s %6zu compared %4zu at kinks    relative error ~%.0e\n", name.c_str(),
                report.compared, report.kinks, report.relative_error);
    if (!report.passed()) std::printf("%s\n", nst::describe(report).c_str());
    return report.passed();
}

/// Checks the gradient of a cost of a picture along a random direction. Thousands of ReLUs and more
/// lie between picture and cost, and each has a kink somewhere: the step is small enough that few
/// of them change sides, and what they do stays below the tolerance.
inline nst::GradcheckReport check_cost(const Function& cost, const nst::Tensor3& x) {
    nst::GradcheckOptions options;
    options.probes = nst::GradientProbes::random_directions;
    options.step = 1e-7;
    options.tolerance = 1e-4;
    const auto evaluate = [&](const nst::Tensor3& at) {
        std::pair<double, nst::Tensor3> value_and_gradient;
        value_and_gradient.first = cost(at, value_and_gradient.second);
        return value_and_gradient;
    };
    return nst::check_value_and_gradient(evaluate, x, options);
}

}  // namespace course
