// Estimates the derivative along a line, with error bounds, from steps of several sizes. Included
// by gradcheck.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <vector>

#include "nst/detail/slopes.hpp"

namespace nst {
namespace gradcheck_detail {

constexpr double step_ratio = 4;     // ratio of a step to the next smaller one
constexpr int smaller_steps = 3;     // number of steps below the chosen one
constexpr double widest_step = 0.5;  // upper limit of the steps, relative to the size of x

struct Estimate {
    double value = 0;
    double error = unbounded;  // how far the derivative may be from value
    double floor = unbounded;  // the part of error due to the rounding of values alone
    double bend = 0;           // right slope minus left slope over this step
};

// Rounding disturbs a difference by noise / h and curvature by h^2: small steps are too noisy and
// large ones too coarse, and the noise of a user's function is unknown. Neighbouring steps reveal
// both. Two differences d, over h and 4h, cancel the h^2 term (Richardson extrapolation):
//
//     r(h) = (16 d(h) - d(4h)) / 15
//
// The distance of r(h) from r(h / 4), which has 4 times the noise and hardly any curvature, bounds
// its error. Two neighbours may agree by chance, so the distances of all smaller steps count as
// well, each divided by the ratio of the steps, as noise is.
inline std::vector<Estimate> estimates_of(const std::vector<Slopes>& rungs) {
    std::vector<double> refined;
    for (std::size_t j = 0; j + 1 < rungs.size(); ++j) {
        constexpr double square = step_ratio * step_ratio;
        refined.push_back((square * rungs[j].central - rungs[j + 1].central) / (square - 1));
    }
    std::vector<Estimate> estimates;
    double distance = 0;
    for (std::size_t j = 1; j < refined.size(); ++j) {
        distance = std::max(distance / step_ratio, std::abs(refined[j] - refined[j - 1]));
        if (j == 1) continue;
        const double floor = rungs[j].floor + rungs[j + 1].floor;
        estimates.push_back({refined[j], 2 * distance + floor, floor, rungs[j].bend});
    }
    return estimates;
}

// Returns the estimate with the smallest error.
inline Estimate best_of(const std::vector<Estimate>& estimates) {
    Estimate best;
    for (const Estimate& estimate : estimates) {
        if (estimate.error < best.error) best = estimate;
    }
    return best;
}

// Takes steps along the line from the smallest to the largest, but none above a step that the
// caller fixed. Stops when enough(estimates).
template <class Enough>
std::vector<Estimate> climb(Differences& differences, const Line& line, bool fixed_step,
                            const Enough& enough) {
    const double step = differences.step(line);
    const double top = fixed_step ? step : std::max(step, widest_step * differences.size(line));
    std::vector<Slopes> rungs;
    std::vector<Estimate> estimates;
    for (double h = step / std::pow(step_ratio, smaller_steps); h <= top; h *= step_ratio) {
        const std::optional<Slopes> slopes = differences.explore(line, h);
        if (!slopes) break;
        rungs.push_back(*slopes);
        estimates = estimates_of(rungs);
        if (enough(estimates)) break;
    }
    return estimates;
}

}  // namespace gradcheck_detail
}  // namespace nst
