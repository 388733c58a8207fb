// The derivative of a function along a line through x, by differences. Included by gradcheck.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "nst/detail/places.hpp"
#include "nst/detail/probed_function.hpp"
#include "nst/gradcheck.hpp"

namespace nst {
namespace gradcheck_detail {

constexpr double bend_slack = 0.2;  // see is_kink

// A line through x: along one component, or along a direction in which all move.
struct Line {
    std::size_t place = 0;  // of the component in x
    Values direction;       // empty for a component
};

// Over a step to either side.
struct Slopes {
    double central = 0;
    double bend = 0;   // the right slope less the left one
    double noise = 0;  // what rounding alone may make of the bend
};

// A step to the right, at half and at a quarter of it. The bend of a smooth function halves with
// the step. At a kink it stays; beside one within the step it falls to nothing, but not by half and
// half again. A bend that grows is noise, or a jump.
inline bool is_kink(const Slopes& whole, const Slopes& half, const Slopes& quarter) {
    const auto halves = [](const Slopes& a, const Slopes& b) {
        return std::abs(b.bend - a.bend / 2) <= bend_slack * std::abs(a.bend) + a.noise + b.noise;
    };
    const auto grows = [](const Slopes& a, const Slopes& b) {
        return std::abs(b.bend) > (1 + bend_slack) * std::abs(a.bend) + a.noise + b.noise;
    };
    if (halves(whole, half) && halves(half, quarter)) return false;
    return !grows(whole, half) && !grows(half, quarter);
}

struct Derivative {
    double value = 0;
    Slopes widest;  // over the largest step that it was made of
};

// Of the values that are not zero; 0 when all are. A few large ones do not change it.
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

    // What the slopes to either side are taken from: the output at x.
    void set_output(Values output) { output_ = std::move(output); }

    // The derivative along the line, over the wanted step divided by a number.
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
        return is_kink(widest, slopes(line, h / 2), slopes(line, h / 4));
    }

    // Which value could not be used, and where; empty when all could.
    const std::string& failure() const { return failure_; }

  private:
    double origin(std::size_t place) const { return function_.at.values[place]; }

    double step(const Line& line) const {
        if (fixed_step_ > 0) return fixed_step_;
        const double share = four_points_ ? std::pow(epsilon, 1.0 / 5) : std::cbrt(epsilon);
        double size = typical_;
        if (line.direction.empty()) size = std::max(size, std::abs(origin(line.place)));
        return size > 0 ? share * size : share;
    }

    // Moves x from the origin along the line; returns how far it really went, after rounding.
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
        const Gap across = function_.gap(right_output, left_output);
        const Gap after = function_.gap(right_output, output_);
        const Gap before = function_.gap(left_output, output_);
        return {across.value / (right - left), after.value / right - before.value / left,
                rounding * (after.size + before.size) / h};
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
