// Exercise 15: beyond the tutorial. L-BFGS, which guesses the curvature from its last steps.
// Leave this file as it is: yours is a copy of it.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

#include "nst/error.hpp"
#include "nst/lbfgs.hpp"
#include "nst/tensor.hpp"

namespace exercise {

using nst::Real, nst::Tensor3;
using Tensors = std::vector<Tensor3>;
/// The cost and its slope after a step t along a line: `const auto [f, slope] = line(t);`
using Line = std::function<std::array<double, 2>(double t)>;

/// The sum of a_k b_k. `a.data()[k]` is value k of `a.size()`. Sum in double.
inline double dot(const Tensor3& a, const Tensor3& b) {
    throw nst::Error("dot: not written yet");
}

/// The two-loop recursion: -H g. s are the last steps and y what they changed in the gradient, the
/// oldest first; `s.size()` may be 0.
///
///     q = -g
///     for each pair, the newest first:   a_k = (s_k . q) / (s_k . y_k),   q = q - a_k y_k
///     q = q (s . y) / (y . y)            of the newest pair, when there is one
///     for each pair, the oldest first:   b = (y_k . q) / (s_k . y_k),     q = q + (a_k - b) s_k
///
/// Whole tensors can be calculated with: `q -= a * y[k];`
inline Tensor3 direction(const Tensor3& g, const Tensors& s, const Tensors& y) {
    throw nst::Error("direction: not written yet");
}

/// A step that meets the strong Wolfe conditions, by doubling and halving; `t` is tried first, `f0`
/// and `slope0` are those of step 0. 0 when the slope is not negative or no try is good enough.
///
/// Begin with low = 0 and high = INFINITY. At most `options.max_evaluations` times ask for
/// line(t). With c1 = `options.armijo_c1` and c2 = `options.wolfe_c2`:
///
///     f <= f0 + c1 t slope0 and |slope| <= c2 |slope0|:   t it is
///     f <= f0 + c1 t slope0 and slope < 0:                low = t
///     else:                                               high = t
///     the next t: halfway between low and high, or 2 t while high is infinite
inline double wolfe_step(double f0, double slope0, const Line& line, double t,
                         const nst::LbfgsOptions& options = {}) {
    throw nst::Error("wolfe_step: not written yet");
}

/// Moves x to a lower cost. `here` has cost and gradient at x, before and after. Remembers the step
/// in s and what it changed in the gradient in y. False when no step is found.
///
/// `cost(x)` gives an nst::CostAndGradient with `.cost` and `.gradient`; keep a copy, for the next
/// call writes over it. The line is x + t d with the direction d, its slope gradient . d.
/// wolfe_step tries first t = 1, or as long as there is no pair the t with which a value moves by
/// `options.first_step` in the mean: that divided by `xt::mean(xt::abs(d))()`. When it returns, the
/// last evaluation was at the step that it found. At most `options.history` pairs are kept: the
/// oldest goes, `s.erase(s.begin())`.
inline bool lbfgs_step(const nst::CostFunction& cost, Tensor3& x, nst::CostAndGradient& here,
                       Tensors& s, Tensors& y, const nst::LbfgsOptions& options = {}) {
    throw nst::Error("lbfgs_step: not written yet");
}

}  // namespace exercise
