// Chapter 15 by hand: beyond the tutorial. L-BFGS, which guesses the curvature from its last steps.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

#include "nst/lbfgs.hpp"
#include "nst/tensor.hpp"

namespace by_hand {

using nst::Real, nst::Tensor3;
using Tensors = std::vector<Tensor3>;
/// The cost and its slope after a step t along a line.
using Line = std::function<std::array<double, 2>(double t)>;

/// The sum of a_k b_k.
inline double dot(const Tensor3& a, const Tensor3& b) {
    double sum = 0;
    for (std::size_t k = 0; k < a.size(); ++k) sum += double{a.data()[k]} * b.data()[k];
    return sum;
}

/// The two-loop recursion: -H g. s are the last steps and y what they changed in the gradient, the
/// oldest first.
inline Tensor3 direction(const Tensor3& g, const Tensors& s, const Tensors& y) {
    Tensor3 q = -g;
    std::vector<double> a(s.size());
    for (std::size_t k = s.size(); k-- > 0;) {  // from the newest to the oldest
        a[k] = dot(s[k], q) / dot(s[k], y[k]);
        q -= static_cast<Real>(a[k]) * y[k];
    }
    if (!s.empty()) q *= static_cast<Real>(dot(s.back(), y.back()) / dot(y.back(), y.back()));
    for (std::size_t k = 0; k < s.size(); ++k) {  // and back
        const double b = dot(y[k], q) / dot(s[k], y[k]);
        q += static_cast<Real>(a[k] - b) * s[k];
    }
    return q;
}

/// A step that meets the strong Wolfe conditions, by doubling and halving; `t` is tried first, `f0`
/// and `slope0` are those of step 0. 0 when the slope is not negative or no try is good enough.
inline double wolfe_step(double f0, double slope0, const Line& line, double t,
                         const nst::LbfgsOptions& options = {}) {
    if (!(slope0 < 0)) return 0;
    double low = 0;          // lower than promised, and it still goes down steeply
    double high = INFINITY;  // too high, or it goes up steeply
    for (int tries = 0; tries < options.max_evaluations; ++tries) {
        const auto [f, slope] = line(t);
        const bool decrease = f <= f0 + options.armijo_c1 * t * slope0;
        if (decrease && std::abs(slope) <= options.wolfe_c2 * -slope0) return t;
        const bool farther = decrease && slope < 0;
        if (farther) low = t;
        if (!farther) high = t;
        t = std::isinf(high) ? 2 * t : (low + high) / 2;
    }
    return 0;
}

/// Moves x to a lower cost. `here` has cost and gradient at x, before and after. Remembers the step
/// in s and what it changed in the gradient in y. False when no step is found.
inline bool lbfgs_step(const nst::CostFunction& cost, Tensor3& x, nst::CostAndGradient& here,
                       Tensors& s, Tensors& y, const nst::LbfgsOptions& options = {}) {
    const Tensor3 d = direction(here.gradient, s, y);
    nst::CostAndGradient there;
    const Line line = [&](double t) -> std::array<double, 2> {
        there = cost(x + static_cast<Real>(t) * d);
        return {there.cost, dot(there.gradient, d)};
    };
    const double first = s.empty() ? options.first_step / xt::mean(xt::abs(d))() : 1;
    const double t = wolfe_step(here.cost, dot(here.gradient, d), line, first, options);
    if (t == 0) return false;
    s.push_back(static_cast<Real>(t) * d);
    y.push_back(there.gradient - here.gradient);
    if (s.size() > static_cast<std::size_t>(options.history)) {  // the oldest pair goes
        s.erase(s.begin());
        y.erase(y.begin());
    }
    x += s.back();
    here = there;
    return true;
}

}  // namespace by_hand
