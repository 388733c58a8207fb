#include <cmath>

#include "15_lbfgs/by_hand.hpp"
#include "15_lbfgs/check.hpp"
#include "15_lbfgs/exercise.hpp"
#include "course/checking.hpp"

using check_15::Line;
using check_15::Tensors;
using checking::is_named;
using nst::CostAndGradient;
using nst::CostFunction;
using nst::LbfgsOptions;
using nst::Tensor3;

namespace {

namespace short_by_one {
double dot(const Tensor3& a, const Tensor3& b) {
    double sum = 0;
    for (std::size_t k = 1; k < a.size(); ++k) sum += a.data()[k] * b.data()[k];
    return sum;
}
}  // namespace short_by_one

double gamma_of(const Tensor3& s, const Tensor3& y) {
    return by_hand::dot(s, y) / by_hand::dot(y, y);
}

namespace wrong_order {
Tensor3 direction(const Tensor3& g, const Tensors& s, const Tensors& y) {
    Tensor3 q = -g;
    std::vector<double> a;
    for (std::size_t k = 0; k < s.size(); ++k) {
        a.push_back(by_hand::dot(s[k], q) / by_hand::dot(s[k], y[k]));
        q -= a[k] * y[k];
    }
    if (!s.empty()) q *= gamma_of(s.back(), y.back());
    for (std::size_t k = s.size(); k-- > 0;) {
        const double b = by_hand::dot(y[k], q) / by_hand::dot(s[k], y[k]);
        q += (a[k] - b) * s[k];
    }
    return q;
}
}  // namespace wrong_order

namespace forgets_a {
Tensor3 direction(const Tensor3& g, const Tensors& s, const Tensors& y) {
    Tensor3 q = -g;
    for (std::size_t k = s.size(); k-- > 0;) {
        q -= by_hand::dot(s[k], q) / by_hand::dot(s[k], y[k]) * y[k];
    }
    if (!s.empty()) q *= gamma_of(s.back(), y.back());
    for (std::size_t k = 0; k < s.size(); ++k) {
        q += (by_hand::dot(s[k], q) - by_hand::dot(y[k], q)) / by_hand::dot(s[k], y[k]) * s[k];
    }
    return q;
}
}  // namespace forgets_a

// rho = 1 / (y.y), or no gamma.
Tensor3 careless(const Tensor3& g, const Tensors& s, const Tensors& y, bool rho, bool gamma) {
    Tensor3 q = -g;
    std::vector<double> a(s.size());
    for (std::size_t k = s.size(); k-- > 0;) {
        a[k] = by_hand::dot(s[k], q) / by_hand::dot(rho ? s[k] : y[k], y[k]);
        q -= a[k] * y[k];
    }
    if (!s.empty() && gamma) q *= gamma_of(s.back(), y.back());
    for (std::size_t k = 0; k < s.size(); ++k) {
        q += (a[k] - by_hand::dot(y[k], q) / by_hand::dot(rho ? s[k] : y[k], y[k])) * s[k];
    }
    return q;
}

namespace rho_of_y {
Tensor3 direction(const Tensor3& g, const Tensors& s, const Tensors& y) {
    return careless(g, s, y, false, true);
}
}  // namespace rho_of_y

namespace no_gamma {
Tensor3 direction(const Tensor3& g, const Tensors& s, const Tensors& y) {
    return careless(g, s, y, true, false);
}
}  // namespace no_gamma

namespace upwards {
Tensor3 direction(const Tensor3& g, const Tensors& s, const Tensors& y) {
    return by_hand::direction(-g, s, y);
}
}  // namespace upwards

namespace exchanged {
Tensor3 direction(const Tensor3& g, const Tensors& s, const Tensors& y) {
    return by_hand::direction(g, y, s);
}
}  // namespace exchanged

namespace no_pairs_no_answer {
Tensor3 direction(const Tensor3& g, const Tensors& s, const Tensors& y) {
    return s.empty() ? g : by_hand::direction(g, s, y);
}
}  // namespace no_pairs_no_answer

namespace weak {
double wolfe_step(double f0, double slope0, const Line& line, double t,
                  const LbfgsOptions& options) {
    double low = 0, high = INFINITY;
    for (int tries = 0; slope0 < 0 && tries < options.max_evaluations; ++tries) {
        const auto [f, slope] = line(t);
        const bool lower = f <= f0 + options.armijo_c1 * t * slope0;
        if (lower && slope >= options.wolfe_c2 * slope0) return t;
        if (lower) low = t;
        if (!lower) high = t;
        t = std::isinf(high) ? 2 * t : (low + high) / 2;
    }
    return 0;
}
}  // namespace weak

namespace decrease_only {
double wolfe_step(double f0, double slope0, const Line& line, double t,
                  const LbfgsOptions& options) {
    for (int tries = 0; slope0 < 0 && tries < options.max_evaluations; ++tries) {
        if (line(t)[0] <= f0 + options.armijo_c1 * t * slope0) return t;
        t /= 2;
    }
    return 0;
}
}  // namespace decrease_only

namespace y_backwards {
bool lbfgs_step(const CostFunction& cost, Tensor3& x, CostAndGradient& here, Tensors& s, Tensors& y,
                const LbfgsOptions& options) {
    const bool moved = by_hand::lbfgs_step(cost, x, here, s, y, options);
    if (moved) y.back() *= -1;
    return moved;
}
}  // namespace y_backwards

namespace keeps_all {
bool lbfgs_step(const CostFunction& cost, Tensor3& x, CostAndGradient& here, Tensors& s, Tensors& y,
                const LbfgsOptions& options) {
    LbfgsOptions more = options;
    more.history = 1000;
    return by_hand::lbfgs_step(cost, x, here, s, y, more);
}
}  // namespace keeps_all

namespace stale {
bool lbfgs_step(const CostFunction& cost, Tensor3& x, CostAndGradient& here, Tensors& s, Tensors& y,
                const LbfgsOptions& options) {
    CostAndGradient copy = here;
    return by_hand::lbfgs_step(cost, x, copy, s, y, options);
}
}  // namespace stale

namespace descent {
bool lbfgs_step(const CostFunction& cost, Tensor3& x, CostAndGradient& here, Tensors&, Tensors&,
                const LbfgsOptions& options) {
    Tensors s, y;
    return by_hand::lbfgs_step(cost, x, here, s, y, options);
}
}  // namespace descent

template <class Member, class Wrong>
course::Exercise with(Member member, Wrong wrong) {
    return check_15::exercise(checking::replaced(NST_FUNCTIONS(by_hand), member, wrong));
}

}  // namespace

TEST_CASE("exercise 15: the stub counts as not written, the solution passes") {
    checking::passes(NST_EXERCISE(by_hand));
    checking::is_not_written(NST_EXERCISE(exercise));
}

TEST_CASE("exercise 15: mistakes in the two loops are named") {
    using F = check_15::Functions;
    is_named(with(&F::dot, short_by_one::dot), 0, "the first value is left out");
    is_named(with(&F::direction, wrong_order::direction), 1, "both loops are in the wrong order");
    is_named(with(&F::direction, forgets_a::direction), 1, "a is computed anew");
    is_named(with(&F::direction, rho_of_y::direction), 1, "a and b are divided by y . y");
    is_named(with(&F::direction, no_gamma::direction), 1,
             "the factor between the loops is missing");
    is_named(with(&F::direction, upwards::direction), 1, "that goes up");
    is_named(with(&F::direction, exchanged::direction), 1, "s and y are exchanged");
    is_named(with(&F::direction, no_pairs_no_answer::direction), 1, "wrong on no pairs only");
}

TEST_CASE("exercise 15: mistakes in the line search and in the step are named") {
    using F = check_15::Functions;
    is_named(with(&F::wolfe_step, weak::wolfe_step), 2, "a step that goes up steeply is taken");
    is_named(with(&F::wolfe_step, decrease_only::wolfe_step), 2, "the slope is not looked at");
    is_named(with(&F::lbfgs_step, y_backwards::lbfgs_step), 3, "y is the gradient before");
    is_named(with(&F::lbfgs_step, keeps_all::lbfgs_step), 3, "no pair is ever forgotten");
    is_named(with(&F::lbfgs_step, stale::lbfgs_step), 3, "here stays that of the first x");
    is_named(with(&F::lbfgs_step, descent::lbfgs_step), 3, "no pair is remembered");
}
