// The derivative of a function along a line through x, by differences. Included by gradcheck.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "nst/detail/places.hpp"
#include "nst/detail/probed_function.hpp"
#include "nst/gradcheck.hpp"

namespace nst {
namespace gradcheck_detail {

constexpr double bend_slack = 0.2;           // see is_kink
constexpr double value_noise = 4 * epsilon;  // relative to a value: a few roundings
constexpr double constant = 8 * epsilon;     // how far a constant's values may be apart
// In units of the size of x: only a constant function stays the same over all of these.
constexpr double far_moves[] = {1, 4, 16, 64, 256, 1e3, 1e6};

// A line through x: along one component, or along a direction in which all components move.
struct Line {
    std::size_t place = 0;  // index of the component in x
    Values direction;       // empty for a component
};

// The slopes over a step to either side.
struct Slopes {
    double central = 0;
    double bend = 0;      // right slope minus left slope
    double noise = 0;     // how much of the bend rounding alone may cause
    double rounding = 0;  // how much of central it may cause, in the outputs that changed
    double floor = 0;     // the same over all outputs: an unchanged one may have hidden a change
};

// Compares the bends over a step, half of it and a quarter. The bend of a smooth function halves
// with the step. A bend that grows is noise, or a jump. A kink at a fraction q of the step bends by
// J (1 - q), J (1 - 2q) and J (1 - 4q), or by 0 where it lies outside the step.
inline bool is_kink(const Slopes& whole, const Slopes& half, const Slopes& quarter) {
    const auto near = [&](double bend, double wanted, const Slopes& a, const Slopes& b) {
        return std::abs(bend - wanted) <= bend_slack * std::abs(a.bend) + a.noise + b.noise;
    };
    const auto halves = [&](const Slopes& a, const Slopes& b) {
        return near(b.bend, a.bend / 2, a, b);
    };
    const auto grows = [](const Slopes& a, const Slopes& b) {
        return std::abs(b.bend) > (1 + bend_slack) * std::abs(a.bend) + a.noise + b.noise;
    };
    if (halves(whole, half) && halves(half, quarter)) return false;
    if (grows(whole, half) || grows(half, quarter)) return false;
    if (near(half.bend, 0, whole, half)) return near(quarter.bend, 0, whole, quarter);
    const double jump = 2 * whole.bend - half.bend;
    const double left = 4 * whole.bend - 3 * jump;  // J (1 - 4q)
    return near(quarter.bend, left * jump > 0 ? left : 0, whole, quarter);
}

// Whether the bend over twice the step, J (1 - q / 2), agrees with those over the step and its
// half. A bend from rounding falls, one from a kink does not. If the half step does not reach the
// kink, q is only known to be above 1/2, and the bend grows.
inline bool goes_on(const Slopes& twice, const Slopes& whole, const Slopes& half) {
    if (std::abs(half.bend) <= bend_slack * std::abs(whole.bend)) {
        return twice.bend * whole.bend > 0 &&
               std::abs(twice.bend) > (1 + bend_slack) * std::abs(whole.bend);
    }
    const double wanted = (3 * whole.bend - half.bend) / 2;
    return std::abs(twice.bend - wanted) <=
           bend_slack * std::abs(wanted) + twice.noise + whole.noise;
}

struct Derivative {
    double value = 0;
    Slopes widest;  // over the largest step used
};

// Returns the median size of the nonzero values, or 0 if there are none. A few large values do not
// affect it.
inline double median_size(const Values& values) {
    Values sizes;
    for (const double value : values) {
        if (value != 0) sizes.push_back(std::abs(value));
    }
    if (sizes.empty()) return 0;
    const auto middle = sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2);
    std::nth_element(sizes.begin(), middle, sizes.end());
    return *middle;
}

// Moves x along lines and takes differences of the function's values.
class Differences {
  public:
    Differences(const ProbedFunction& function, const GradcheckOptions& options)
        : function_(function),
          four_points_(options.scheme == DifferenceScheme::four_point),
          fixed_step_(options.step),
          x_(function.at.values),
          typical_(median_size(function.at.values)) {}

    // Sets the output at x, from which the slopes to either side start.
    void set_output(Values output) { output_ = std::move(output); }

    // Returns the derivative along the line, over the given or chosen step divided by `divisor`.
    Derivative derivative(const Line& line, double divisor = 1) {
        const double h = step(line) / divisor;
        const Slopes near = slopes(line, h);
        if (!four_points_) return {near.central, near};
        const Slopes far = slopes(line, 2 * h);
        return {(4 * near.central - far.central) / 3, far};
    }

    // Whether the derivative's widest step crosses a kink.
    bool crosses_kink(const Line& line, const Slopes& widest) {
        const double h = four_points_ ? 2 * step(line) : step(line);
        const Slopes half = slopes(line, h / 2);
        if (!is_kink(widest, half, slopes(line, h / 4))) return false;
        const std::optional<Slopes> twice = explore(line, 2 * h);
        return !twice || goes_on(*twice, widest, half);
    }

    // Returns the slopes over a step that the caller did not ask for, or nothing if the function
    // cannot be evaluated there.
    std::optional<Slopes> explore(const Line& line, double h) {
        if (!failure_.empty()) return {};
        std::optional<Slopes> found;
        try {
            found = slopes(line, h);
        } catch (const std::exception&) {
            move(line, 0);
        }
        if (!failure_.empty()) found.reset();
        failure_.clear();
        return found;
    }

    // Whether the value stays the same however far x moves along the line, as far as can be seen.
    bool is_constant(const Line& line) {
        bool seen = false;
        for (const double times : far_moves) {
            seen = false;
            for (const double side : {-1.0, 1.0}) {
                const std::optional<Values> output = far_output(line, side * times * size(line));
                if (!output) continue;
                seen = true;
                const Gap gap = function_.gap(*output, output_);
                if (std::abs(gap.value) > constant * gap.size) return false;
            }
        }
        return seen;
    }

    // Returns the step that was given or chosen; size() returns the size of x along the line.
    double step(const Line& line) const {
        if (fixed_step_ > 0) return fixed_step_;
        return (four_points_ ? std::pow(epsilon, 1.0 / 5) : std::cbrt(epsilon)) * size(line);
    }
    double size(const Line& line) const {
        double found = typical_;
        if (line.direction.empty()) found = std::max(found, std::abs(origin(line.place)));
        return found > 0 ? found : 1;
    }

    // Describes which value could not be used, and where; empty if all could.
    const std::string& failure() const { return failure_; }

  private:
    double origin(std::size_t place) const { return function_.at.values[place]; }

    // Moves x from the origin along the line; returns how far it actually moved, after rounding.
    double move(const Line& line, double distance) {
        if (line.direction.empty()) {
            x_[line.place] = origin(line.place) + distance;
            return x_[line.place] - origin(line.place);
        }
        for (std::size_t k = 0; k < x_.size(); ++k) {
            x_[k] = origin(k) + distance * line.direction[k];
        }
        return distance;
    }

    Slopes slopes(const Line& line, double h) {
        const double right = move(line, h);
        const Values right_output = function_.output(x_);
        const double left = move(line, -h);
        const Values left_output = function_.output(x_);
        move(line, 0);
        if (!usable(right_output, line, h) || !usable(left_output, line, -h)) return {};
        // Where x is too large for the step to change it, differences tell nothing.
        if (right <= 0 || left >= 0) return {0, 0, 0, unbounded, unbounded};
        const Gap across = function_.gap(right_output, left_output);
        const Gap after = function_.gap(right_output, output_);
        const Gap before = function_.gap(left_output, output_);
        const double both = function_.size(right_output) + function_.size(left_output);
        return {across.value / (right - left), after.value / right - before.value / left,
                rounding * (after.size + before.size) / h,
                value_noise * across.size / (right - left), value_noise * both / (right - left)};
    }

    std::optional<Values> far_output(const Line& line, double distance) {
        std::optional<Values> output;
        try {
            move(line, distance);
            output = function_.output(x_);
            if (function_.unusable(*output)) output.reset();
        } catch (const std::exception&) {
            output.reset();
        }
        move(line, 0);
        return output;
    }

    bool usable(const Values& output, const Line& line, double distance) {
        const auto words = function_.unusable(output);
        if (!words) return true;
        const std::string where = line.direction.empty()
                                      ? "at " + place_text(unravel(line.place, function_.at.shape))
                                      : "along a random direction";
        failure_ = join(*words, " when x is moved by ", text(distance), " ", where);
        return false;
    }

    const ProbedFunction& function_;
    const bool four_points_;
    const double fixed_step_;
    Values x_;
    const double typical_;  // size of a value of x
    Values output_;
    std::string failure_;
};

}  // namespace gradcheck_detail
}  // namespace nst
