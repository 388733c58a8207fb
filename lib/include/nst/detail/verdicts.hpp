// Decides whether one component of a gradient is right, given a derivative with a known error
// bound. Included by gradcheck.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "nst/detail/estimates.hpp"

namespace nst {
namespace gradcheck_detail {

constexpr double largest_share = 0.01;  // largest error for a verdict, per component size
constexpr double veto_share = 0.25;     // the same for a step that vetoes a verdict
constexpr double clearly = 8;           // a component is wrong beyond this many errors

enum class Verdict {
    right,
    wrong,
    too_small,  // beside the largest, and below what differences resolve; 0 is such
    unclear,    // not small, but the differences are too uncertain
};

// A component of the gradient and what it is judged by.
struct Claim {
    double analytic = 0;
    double size = 0;     // 0 uses the component's own, the larger of analytic and numeric
    double largest = 0;  // the size of the largest component
    double tolerance = 0;

    double size_with(double numeric) const {
        return size > 0 ? size : std::max(std::abs(analytic), std::abs(numeric));
    }

    // The rounding of the gradient itself is part of the error; it is proportional to the largest
    // terms.
    double error_of(const Estimate& estimate) const { return estimate.error + rounding * largest; }

    // Whether the derivative is known to a fraction of the component, or where it is zero, of the
    // slopes beside it.
    bool is_known(const Estimate& estimate, double share) const {
        const double error = error_of(estimate);
        return error <= share * size_with(estimate.value) ||
               error <= tolerance * std::abs(estimate.bend);
    }

    bool fits(const Estimate& estimate) const {
        return std::abs(analytic - estimate.value) <=
               tolerance * size_with(estimate.value) + error_of(estimate);
    }

    bool contradicts(const Estimate& estimate) const {
        return std::abs(analytic - estimate.value) >
               tolerance * size_with(estimate.value) + clearly * error_of(estimate);
    }

    bool is_negligible(const Estimate& estimate) const {
        return std::abs(analytic - estimate.value) <= tolerance * largest &&
               error_of(estimate) <= tolerance * largest;
    }
};

inline Verdict judge(const Claim& claim, const Estimate& best) {
    if (claim.contradicts(best)) return Verdict::wrong;
    if (claim.fits(best) && claim.is_known(best, largest_share)) return Verdict::right;
    return claim.is_negligible(best) ? Verdict::too_small : Verdict::unclear;
}

// Returns an estimate over steps of another size that contradicts the best one and agrees with the
// gradient. Such an estimate exists where a function cancels large numbers internally: small steps
// move it by less than their rounding, so its value stays, or shows only part of the change.
inline std::optional<Estimate> veto_of(const Claim& claim, const Estimate& best,
                                       const std::vector<Estimate>& estimates) {
    const auto found = std::find_if(estimates.begin(), estimates.end(), [&](const Estimate& other) {
        return claim.is_known(other, veto_share) && claim.fits(other) &&
               std::abs(other.value - best.value) > other.error + clearly * best.error;
    });
    if (found == estimates.end()) return {};
    return *found;
}

}  // namespace gradcheck_detail
}  // namespace nst
