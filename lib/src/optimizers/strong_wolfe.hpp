// The line search of L-BFGS, which sees nothing of the function but values and slopes along a line.
#pragma once

#include <functional>

#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// A point of the line: x + step d.
struct LinePoint {
    double step;
    double value;
    double slope;  // along d, per unit of step
};

struct LineSearchOptions {
    double armijo_c1;  // c1
    double wolfe_c2;   // c2
    int max_evaluations;
};

/// Value and slope at a step.
using Line = std::function<LinePoint(double step)>;

/// Looks for a step that meets the strong Wolfe conditions ([NW06] algorithms 3.5 and 3.6), with
/// the minimum of the cubic through the two last points as the next guess ((3.59)), kept away from
/// the ends of the bracket. A value or slope that is not finite counts as too far.
///
/// @param origin  at step 0; its slope is negative
/// @param first   the step tried first
/// @return the point found; when the evaluations run out, the lowest with a sufficient decrease,
///         or the origin where there is none
LinePoint strong_wolfe(const Line& line, const LinePoint& origin, double first,
                       const LineSearchOptions& options);

}  // namespace NST_PRECISION
}  // namespace nst
