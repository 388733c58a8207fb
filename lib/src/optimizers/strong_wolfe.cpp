#include "optimizers/strong_wolfe.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nst {
inline namespace NST_PRECISION {

namespace {

// While the slope is still steep, a step grows at least twofold and at most tenfold.
constexpr double min_growth = 2;
constexpr double max_growth = 10;
// A guess stays at least this fraction of the bracket away from its ends.
constexpr double margin = 0.1;
// If a guess leaves more than this fraction of the bracket, the next guess is its middle.
constexpr double slow = 2.0 / 3;

// Returns the minimum of the cubic with the values and slopes of a and b; NaN if it has none.
double cubic_minimum(const LinePoint& a, const LinePoint& b) {
    const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.step - b.step);
    const double d2 = std::copysign(std::sqrt(d1 * d1 - a.slope * b.slope), b.step - a.step);
    return b.step - (b.step - a.step) * (b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2);
}

class Search {
  public:
    Search(const Line& line, const LinePoint& origin, const LineSearchOptions& options)
        : line_(line), origin_(origin), options_(options), left_(options.max_evaluations) {}

    // [NW06] algorithm 3.5: increases the step until a bracket is found.
    LinePoint run(double step) {
        LinePoint previous = origin_;
        while (left_ > 0) {
            const LinePoint point = look(step);
            if (too_high(point, previous)) return zoom(previous, point);
            if (flat(point)) return point;
            if (point.slope >= 0) return zoom(point, previous);
            const double guess = cubic_minimum(previous, point);
            step = std::isfinite(guess) && guess > point.step
                       ? std::clamp(guess, min_growth * point.step, max_growth * point.step)
                       : max_growth * point.step;
            previous = point;
        }
        return previous;
    }

  private:
    LinePoint look(double step) {
        --left_;
        return line_(step);
    }

    // Not a sufficient decrease, or not lower than the lowest so far.
    bool too_high(const LinePoint& point, const LinePoint& lowest) const {
        const double allowed = origin_.value + options_.armijo_c1 * point.step * origin_.slope;
        return !std::isfinite(point.value) || !std::isfinite(point.slope) ||
               point.value > allowed || point.value >= lowest.value;
    }

    bool flat(const LinePoint& point) const {
        return std::abs(point.slope) <= -options_.wolfe_c2 * origin_.slope;
    }

    // [NW06] algorithm 3.6: low is the lowest point with a sufficient decrease, and between it and
    // high there are steps that meet both conditions.
    LinePoint zoom(LinePoint low, LinePoint high) {
        bool halve = false;
        while (left_ > 0 && low.step != high.step) {
            const double width = high.step - low.step;
            double step = halve ? low.step + width / 2 : cubic_minimum(low, high);
            if (!std::isfinite(step)) step = low.step + width / 2;
            step = low.step + width * std::clamp((step - low.step) / width, margin, 1 - margin);
            const LinePoint point = look(step);
            if (too_high(point, low)) {
                high = point;
            } else {
                if (flat(point)) return point;
                if (point.slope * width >= 0) high = low;
                low = point;
            }
            halve = std::abs(high.step - low.step) > slow * std::abs(width);
        }
        return low;
    }

    const Line& line_;
    LinePoint origin_;
    LineSearchOptions options_;
    int left_;
};

}  // namespace

LinePoint strong_wolfe(const Line& line, const LinePoint& origin, double first,
                       const LineSearchOptions& options) {
    return Search(line, origin, options).run(first);
}

}  // namespace NST_PRECISION
}  // namespace nst
