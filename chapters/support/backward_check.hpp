// A backward pass checked in two ways, for the chapters that derive one.
#pragma once

#include <cstdio>
#include <utility>

#include "nst/gradcheck.hpp"
#include "support/chapter.hpp"
#include "support/picture_cost.hpp"

namespace course {

/// Prints a gradient check in one line, or in more when it failed.
inline bool print_check(const char* name, const nst::GradcheckReport& report, const char* probes) {
    std::printf("  %-16s %s, %zu of %zu %s, relative error ~%.1e\n", name,
                report.passed() ? "right" : "WRONG", report.compared - report.wrong,
                report.compared, probes, report.relative_error);
    if (!report.passed()) std::printf("%s\n", nst::describe(report).c_str());
    return report.passed();
}

/// Checks a backward pass by hand, (dy, x) to dx, against differences of the operation, and against
/// the library's.
template <class Tensor, class Forward, class ByHand, class Library>
bool check_backward(const char* name, const Tensor& x, const Forward& forward,
                    const ByHand& by_hand, const Library& library) {
    const bool right = print_check(name, nst::check_backward(forward, by_hand, x), "components");
    const auto dy = nst::upstream_gradient(forward(x));
    return agree(name, by_hand(dy, x), library(dy, x)) && right;
}

/// The same for a loss, which gives a number, and its gradient, x to dx.
template <class Tensor, class Loss, class ByHand, class Library>
bool check_gradient(const char* name, const Tensor& x, const Loss& loss, const ByHand& by_hand,
                    const Library& library) {
    const bool right = print_check(name, nst::check_gradient(loss, by_hand, x), "components");
    return agree(name, by_hand(x), library(x)) && right;
}

/// Checks a function with its gradient along five random directions: all its numbers at once.
inline bool check_directions(const char* name, const Function& f, const nst::Tensor3& x) {
    nst::GradcheckOptions options;
    options.probes = nst::GradientProbes::random_directions;
    options.directions = 5;
    const auto evaluate = [&](const nst::Tensor3& at) {
        nst::Tensor3 gradient;
        const double value = f(at, gradient);
        return std::pair(value, gradient);
    };
    return print_check(name, nst::check_value_and_gradient(evaluate, x, options), "directions");
}

}  // namespace course
