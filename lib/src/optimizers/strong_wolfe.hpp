// The line search of L-BFGS, which sees only values and slopes of the function along a line.
#pragma once

#include <functional>

#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// A point on the line: x + step d.
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

/// Returns value and slope at a step.
using Line = std::function<LinePoint(double step)>;

/// Searches for a step that meets the strong Wolfe conditions ([NW06] algorithms 3.5 and 3.6). The
/// next guess is the minimum of the cubic through the last two points ((3.59)), kept away from the
/// ends of the bracket. A value or slope that is not finite counts as too far.
///
/// @param origin  the point at step 0; its slope is negative
/// @param first   the step tried first
/// @return the point found; if the evaluations run out, the lowest with a sufficient decrease, or
///         the origin if there is none
LinePoint strong_wolfe(const Line& line, const LinePoint& origin, double first,
                       const LineSearchOptions& options);

}  // namespace NST_PRECISION
}  // namespace nst
