#include "15_lbfgs/check.hpp"

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "by_hand.hpp"

namespace check_15 {

namespace {

using by_hand::dot;
using course::numbers;
using course::Result;
using course::Value;
using nst::CostAndGradient;
using nst::Filters;
using nst::LbfgsOptions;
using nst::Tensor3;
using nst::Vector;

course::Function product(const Functions& yours, const Functions& right) {
    course::Trial<Tensor3, Tensor3> trial("dot", yours.dot, right.dot, {"a", "b"});
    trial.suspect(
        "the first value is left out: does k begin at 0?",
        [](const Tensor3& a, const Tensor3& b) { return dot(a, b) - a.data()[0] * b.data()[0]; });
    trial.suspect("the last value is left out: does k go up to a.size()?",
                  [](const Tensor3& a, const Tensor3& b) {
                      return dot(a, b) - a.data()[a.size() - 1] * b.data()[a.size() - 1];
                  });
    trial.suspect("that is a . a: is b used?",
                  [](const Tensor3& a, const Tensor3&) { return dot(a, a); });
    trial.suspect("that is the root of a . b",
                  [](const Tensor3& a, const Tensor3& b) { return std::sqrt(dot(a, b)); });
    trial.on("two values", Tensor3{{{3, 1}}}, Tensor3{{{5, -2}}});
    trial.on("2x3x2", numbers<Tensor3>({2, 3, 2}, 1), numbers<Tensor3>({2, 3, 2}, 2));
    return trial.function;
}

// ---- direction ----

// A direction in which one thing is different.
struct Recursion {
    bool newest_first = true;   // in the first loop
    bool oldest_second = true;  // in the second loop
    bool remember_a = true;
    bool change_q = true;
    bool rho_of_y = false;
    int gamma = 1;  // 0: left out, -1: its inverse, 2: of the oldest pair
    bool early_gamma = false;
    double sign = -1;
    double sign_of_a = 1;
    bool swap = false;
};

Tensor3 varied(const Recursion& variant, const Tensor3& g, const Tensors& steps,
               const Tensors& changes) {
    const Tensors& s = variant.swap ? changes : steps;
    const Tensors& y = variant.swap ? steps : changes;
    const std::size_t n = s.size();
    const auto rho = [&](std::size_t k) {
        return 1 / (variant.rho_of_y ? dot(y[k], y[k]) : dot(s[k], y[k]));
    };
    double gamma = 1;
    if (n > 0 && variant.gamma != 0) {
        const std::size_t k = variant.gamma == 2 ? 0 : n - 1;
        gamma = dot(s[k], y[k]) / dot(y[k], y[k]);
        if (variant.gamma == -1) gamma = 1 / gamma;
    }
    Tensor3 q = variant.sign * g;
    if (variant.early_gamma) q *= gamma;
    const Tensor3 first = q;
    std::vector<double> a(n);
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t k = variant.newest_first ? n - 1 - i : i;
        a[k] = rho(k) * dot(s[k], variant.change_q ? q : first);
        q -= a[k] * y[k];
    }
    if (!variant.early_gamma) q *= gamma;
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t k = variant.oldest_second ? i : n - 1 - i;
        if (!variant.remember_a) a[k] = rho(k) * dot(s[k], q);
        q += variant.sign_of_a * (a[k] - rho(k) * dot(y[k], q)) * s[k];
    }
    return q;
}

// The pairs of a 4-dimensional tensor, (pairs, H, W, C).
Tensors unpacked(const Filters& all) {
    Tensors list(all.shape(0), Tensor3::from_shape({all.shape(1), all.shape(2), all.shape(3)}));
    const double* next = all.data();
    for (Tensor3& one : list) {
        for (std::size_t k = 0; k < one.size(); ++k) one.data()[k] = *next++;
    }
    return list;
}

using DirectionTrial = course::Trial<Tensor3, Filters, Filters>;

template <class Change>
void add(DirectionTrial& trial, const std::string& words, const Change& change) {
    trial.suspect(words, [change](const Tensor3& g, const Filters& s, const Filters& y) {
        Recursion variant;
        change(variant);
        return varied(variant, g, unpacked(s), unpacked(y));
    });
}

void add_suspects(DirectionTrial& trial) {
    add(trial, "both loops are in the wrong order: newest first, then oldest first",
        [](Recursion& v) { v.newest_first = v.oldest_second = false; });
    add(trial, "the first loop begins with the oldest pair: it begins with the newest",
        [](Recursion& v) { v.newest_first = false; });
    add(trial, "the second loop begins with the newest pair: it begins with the oldest",
        [](Recursion& v) { v.oldest_second = false; });
    add(trial, "a is computed anew in the second loop: that of the first is meant, remember it",
        [](Recursion& v) { v.remember_a = false; });
    add(trial, "a is taken from -g every time: it is s . q, with q as the pairs before left it",
        [](Recursion& v) { v.change_q = false; });
    add(trial, "a and b are divided by y . y: it is s . y",
        [](Recursion& v) { v.rho_of_y = true; });
    add(trial, "the factor between the loops is missing: (s . y) / (y . y) of the newest pair",
        [](Recursion& v) { v.gamma = 0; });
    add(trial, "the factor between the loops is upside down: (s . y) / (y . y)",
        [](Recursion& v) { v.gamma = -1; });
    add(trial, "the factor between the loops is that of the oldest pair: the newest knows best",
        [](Recursion& v) { v.gamma = 2; });
    add(trial, "the factor comes before the first loop: it belongs between the two",
        [](Recursion& v) { v.early_gamma = true; });
    add(trial, "that goes up: does q begin as -g?", [](Recursion& v) { v.sign = 1; });
    add(trial, "the second loop adds (b - a) s: it is (a - b) s",
        [](Recursion& v) { v.sign_of_a = -1; });
    add(trial, "s and y are exchanged", [](Recursion& v) { v.swap = true; });
}

// What steps s change in the gradient of a bowl whose axes are not those of the numbers.
Filters changes(const Filters& s) {
    Filters y = s;
    const std::size_t n = s.shape(1) * s.shape(2) * s.shape(3);
    for (std::size_t p = 0; p < s.shape(0); ++p) {
        double sum = 0;
        for (std::size_t k = 0; k < n; ++k) sum += s.data()[p * n + k];
        for (std::size_t k = 0; k < n; ++k) {
            y.data()[p * n + k] *= static_cast<double>(k + 1);
            y.data()[p * n + k] += sum / 2;
        }
    }
    return y;
}

course::Function two_loops(const Functions& yours) {
    const auto call = [](auto direction) {
        return [direction](const Tensor3& g, const Filters& s, const Filters& y) {
            return direction(g, unpacked(s), unpacked(y));
        };
    };
    DirectionTrial trial("direction", call(yours.direction), call(by_hand::direction),
                         {"g", "s", "y"});
    add_suspects(trial);
    trial.trait({"at most one pair", "does the order of the pairs fit in both loops?", ""},
                [](const Tensor3&, const Filters& s, const Filters&) { return s.shape(0) <= 1; });
    trial.trait({"no pairs", "", "what is s.back() then?"},
                [](const Tensor3&, const Filters& s, const Filters&) { return s.shape(0) == 0; });
    const auto with_pairs = [&](const char* name, std::size_t pairs, std::size_t height,
                                std::size_t width, unsigned seed) {
        const auto s = numbers<Filters>({pairs, height, width, std::size_t{1}}, seed + 1);
        trial.on(name, numbers<Tensor3>({height, width, 1}, seed), s, changes(s));
    };
    with_pairs("no pairs", 0, 1, 3, 3);
    trial.on("one pair of one value", Tensor3{{{6}}}, Filters{{{{1}}}}, Filters{{{{2}}}});
    with_pairs("one pair, 1x3x1", 1, 1, 3, 5);
    with_pairs("two pairs, 1x3x1", 2, 1, 3, 7);
    with_pairs("four pairs, 2x3x1", 4, 2, 3, 9);
    return trial.function;
}

// ---- wolfe_step ----

// A line search in which one thing is different.
struct Search {
    bool decrease = true;
    bool curvature = true;
    bool both_sides = true;
    bool exchange = false;
    double growth = 2;
    bool halve = true;
    bool swap_ends = false;
};

double varied(const Search& variant, double f0, double slope0, const Line& line, double t,
              const LbfgsOptions& options) {
    if (!(slope0 < 0)) return 0;
    const double c1 = variant.exchange ? options.wolfe_c2 : options.armijo_c1;
    const double c2 = variant.exchange ? options.armijo_c1 : options.wolfe_c2;
    double low = 0;
    double high = INFINITY;
    for (int tries = 0; tries < options.max_evaluations; ++tries) {
        const auto [f, slope] = line(t);
        const bool decrease = !variant.decrease || f <= f0 + c1 * t * slope0;
        const double steep = variant.both_sides ? std::abs(slope) : -slope;
        if (decrease && (!variant.curvature || steep <= c2 * -slope0)) return t;
        const bool farther = decrease && slope < 0;
        (farther != variant.swap_ends ? low : high) = t;
        t = std::isinf(high) ? variant.growth * t : variant.halve ? (low + high) / 2 : t / 2;
    }
    return 0;
}

using SearchTrial = course::Trial<Vector, double>;

// The polynomial c0 + c1 t + c2 t^2 + ..., and its slope.
Line polynomial(const Vector& c, std::vector<double>& tried) {
    return [&c, &tried](double t) -> std::array<double, 2> {
        tried.push_back(t);
        double value = 0;
        double slope = 0;
        for (std::size_t k = c.size(); k-- > 0;) {
            slope = slope * t + value;
            value = value * t + c(k);
        }
        return {value, slope};
    };
}

template <class Find>
SearchTrial::Call search(Find find) {
    return [find](const Vector& c, double first) -> Result {
        std::vector<double> tried;
        const double step = find(c(0), c(1), polynomial(c, tried), first, LbfgsOptions{});
        return {Value::of("step", step), Value::of("steps tried", tried)};
    };
}

template <class Change>
void add(SearchTrial& trial, const std::string& words, const Change& change) {
    Search variant;
    change(variant);
    trial.suspect(words, search([variant](double f0, double slope0, const Line& line, double t,
                                          const LbfgsOptions& options) {
                      return varied(variant, f0, slope0, line, t, options);
                  }));
}

course::Function line_search(const Functions& yours, const Functions& right) {
    SearchTrial trial("wolfe_step", search(yours.wolfe_step), search(right.wolfe_step),
                      {"coefficients of the line", "t"});
    add(trial, "the cost is not looked at: is f <= f0 + c1 t slope0 asked?",
        [](Search& v) { v.decrease = false; });
    add(trial, "the slope is not looked at: is |slope| <= c2 |slope0| asked?",
        [](Search& v) { v.curvature = false; });
    add(trial, "a step that goes up steeply is taken: the slope counts without its sign",
        [](Search& v) { v.both_sides = false; });
    add(trial, "decrease and curvature are exchanged", [](Search& v) { v.exchange = true; });
    add(trial, "low and high are exchanged: low = t where it still goes down",
        [](Search& v) { v.swap_ends = true; });
    add(trial, "the next t is t / 2: it is halfway between low and high",
        [](Search& v) { v.halve = false; });
    add(trial, "t does not grow: while high is infinite the next is 2 t",
        [](Search& v) { v.growth = 1; });
    trial.on("a bowl, the right step at once", Vector{3, -2, 1}, 1);
    trial.on("a bowl, too far", Vector{3, -2, 1}, 5);
    trial.on("a bowl, much too near", Vector{3, -2, 1}, 0.001);
    trial.on("too near, then too far", Vector{1, -1, 0, 0, 300}, 0.001);
    trial.on("a bowl, lower but steeply up", Vector{0, -2, 1}, 1.96);
    trial.on("slope 0 at the beginning", Vector{3, 0, 1}, 1);
    return trial.function;
}

// ---- lbfgs_step ----

// A step in which one thing is different.
struct Step {
    double sign_of_y = 1;
    bool scaled = true;  // s is t d, not d
    bool forget = true;
    bool drop_newest = false;
    bool keep_pairs = true;
    bool first_length = true;
    bool move_here = true;
    bool take_gradient = false;
};

bool varied(const Step& variant, const nst::CostFunction& cost, Tensor3& x, CostAndGradient& here,
            Tensors& s, Tensors& y, const LbfgsOptions& options) {
    const Tensor3 d = by_hand::direction(here.gradient, s, y);
    CostAndGradient there;
    const Line line = [&](double t) -> std::array<double, 2> {
        there = cost(x + t * d);
        return {there.cost, dot(there.gradient, d)};
    };
    const bool first = s.empty() && variant.first_length;
    const double t =
        by_hand::wolfe_step(here.cost, dot(here.gradient, d), line,
                            first ? options.first_step / xt::mean(xt::abs(d))() : 1, options);
    if (t == 0) return false;
    x += t * d;
    s.push_back(variant.scaled ? Tensor3(t * d) : d);
    y.push_back(variant.take_gradient
                    ? there.gradient
                    : Tensor3(variant.sign_of_y * (there.gradient - here.gradient)));
    if (!variant.keep_pairs || (variant.forget && static_cast<int>(s.size()) > options.history)) {
        const std::ptrdiff_t k = variant.drop_newest ? options.history - 1 : 0;
        s.erase(s.begin() + k);
        y.erase(y.begin() + k);
    }
    if (variant.move_here) here = there;
    return true;
}

// A valley without a straight line in it: sum of (k + 1) x_k^2 + x_k^4 / 10 + x_k x_{k+1}.
const CostAndGradient& valley(const Tensor3& x, CostAndGradient& found) {
    found.cost = 0;
    found.gradient = 0 * x;
    for (std::size_t k = 0; k < x.size(); ++k) {
        const double here = x.data()[k];
        const double weight = static_cast<double>(k + 1);
        found.cost += weight * here * here + std::pow(here, 4) / 10;
        found.gradient.data()[k] += 2 * weight * here + 0.4 * std::pow(here, 3);
        if (k + 1 == x.size()) continue;
        found.cost += here * x.data()[k + 1];
        found.gradient.data()[k] += x.data()[k + 1];
        found.gradient.data()[k + 1] += here;
    }
    return found;
}

using StepTrial = course::Trial<Tensor3, double, double>;

template <class Move>
StepTrial::Call steps(Move move) {
    return [move](const Tensor3& start, double count, double history) -> Result {
        CostAndGradient found;
        int evaluations = 0;
        const nst::CostFunction cost = [&](const Tensor3& x) -> CostAndGradient {
            ++evaluations;
            return valley(x, found);
        };
        LbfgsOptions options;
        options.history = static_cast<int>(history);
        Tensor3 x = start;
        CostAndGradient here = cost(x);
        Tensors s, y;
        int moved = 0;
        for (int k = 0; k < static_cast<int>(count); ++k)
            moved += move(cost, x, here, s, y, options);
        const Tensor3 none = xt::zeros<nst::Real>(start.shape());
        return {Value::of("steps that moved", moved),
                Value::of("x", x),
                Value::of("cost in here", here.cost),
                Value::of("pairs", s.size()),
                Value::of("newest s", s.empty() ? none : s.back()),
                Value::of("newest y", y.empty() ? none : y.back()),
                Value::of("evaluations", evaluations)};
    };
}

template <class Change>
void add(StepTrial& trial, const std::string& words, const Change& change) {
    Step variant;
    change(variant);
    trial.suspect(words,
                  steps([variant](const nst::CostFunction& cost, Tensor3& x, CostAndGradient& here,
                                  Tensors& s, Tensors& y, const LbfgsOptions& options) {
                      return varied(variant, cost, x, here, s, y, options);
                  }));
}

course::Function step(const Functions& yours, const Functions& right) {
    StepTrial trial("lbfgs_step", steps(yours.lbfgs_step), steps(right.lbfgs_step),
                    {"x", "steps", "history"});
    add(trial, "y is the gradient before less the one after: it is the other way round",
        [](Step& v) { v.sign_of_y = -1; });
    add(trial, "y is the gradient after the step: it is what the step has changed in it",
        [](Step& v) { v.take_gradient = true; });
    add(trial, "s is the direction: the step is t times as long",
        [](Step& v) { v.scaled = false; });
    add(trial, "no pair is ever forgotten: at most options.history are kept",
        [](Step& v) { v.forget = false; });
    add(trial, "the second newest pair is forgotten: the oldest is at s.begin()",
        [](Step& v) { v.drop_newest = true; });
    add(trial, "no pair is remembered: that is gradient descent",
        [](Step& v) { v.keep_pairs = false; });
    add(trial, "the first step tries t = 1: without pairs it is options.first_step / mean |d|",
        [](Step& v) { v.first_length = false; });
    add(trial, "here stays that of the first x: does it get the evaluation of the new one?",
        [](Step& v) { v.move_here = false; });
    trial.trait({"one step", "are s, y and here kept for the next one?", ""},
                [](const Tensor3&, double count, double) { return count == 1; });
    // The cases' names say what `valley` is.
    trial.on("one step, J = sum (k + 1) x_k^2 + x_k^4 / 10 + x_k x_(k+1)", Tensor3{{{3, -2}}}, 1,
             10);
    trial.on("two steps, the same J", Tensor3{{{3, -2}}}, 2, 10);
    trial.on("four steps, two pairs remembered, the same J", numbers<Tensor3>({1, 5, 1}, 11), 4, 2);
    trial.on("at the bottom", Tensor3{{{0, 0}}}, 1, 10);
    return trial.function;
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    const Functions right = NST_FUNCTIONS(by_hand);
    return {product(yours, right), two_loops(yours), line_search(yours, right), step(yours, right)};
}

}  // namespace check_15
