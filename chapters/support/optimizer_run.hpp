// What an optimizer comes to, evaluation by evaluation.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

#include "nst/lbfgs.hpp"
#include "nst/objective.hpp"
#include "support/line_plot.hpp"
#include "support/stopwatch.hpp"

namespace course {

/// The lowest cost among the pictures that an optimizer has asked for so far.
struct OptimizerRun {
    Curve per_evaluation;
    Curve per_second;
    nst::Tensor3 best;  ///< the picture with the lowest cost
};

/// Calls optimize(cost, left). `cost(x)` evaluates the objective and keeps the records; `left()`
/// says whether there are evaluations left: the first `most` are recorded, at least one.
template <class Optimize>
OptimizerRun watch(const std::string& name, nst::Objective& objective, std::size_t most,
                   Optimize&& optimize) {
    OptimizerRun run{{name, {}, {}}, {name, {}, {}}, {}};
    std::vector<double>& lowest = run.per_evaluation.y;
    const Stopwatch stopwatch;
    const auto left = [&] { return lowest.size() < most; };
    const auto cost = [&](const nst::Tensor3& x) -> nst::CostAndGradient {
        const nst::Evaluation& found = objective(x);
        if (!left()) return {found.total, found.gradient};
        const bool best = lowest.empty() || found.total < lowest.back();
        if (best) run.best = x;
        lowest.push_back(best ? found.total : lowest.back());
        run.per_evaluation.x.push_back(static_cast<double>(lowest.size()));
        run.per_second.x.push_back(stopwatch.seconds());
        return {found.total, found.gradient};
    };
    optimize(cost, left);
    run.per_second.y = lowest;
    return run;
}

/// Prints within how many evaluations, in tens, a run is as low as another one at its end.
inline void print_overtaking(const OptimizerRun& run, const OptimizerRun& other) {
    const std::vector<double>& y = run.per_evaluation.y;
    const double goal = other.per_evaluation.y.back();
    const auto first = std::find_if(y.begin(), y.end(), [&](double J) { return J <= goal; });
    if (first == y.end()) return;
    std::printf("%s reaches the last J of %s, within ~%ld evaluations.\n",
                run.per_evaluation.name.c_str(), other.per_evaluation.name.c_str(),
                10 * (1 + (first - y.begin()) / 10));
}

}  // namespace course
