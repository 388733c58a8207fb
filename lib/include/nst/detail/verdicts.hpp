// Whether one component of a gradient is right, from a derivative that is known with an error.
// Included by gradcheck.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

#include "nst/detail/estimates.hpp"

namespace nst {
namespace gradcheck_detail {

constexpr double largest_share = 0.01;  // of a component that its error may be, for a verdict
constexpr double veto_share = 0.25;     // the same for a step that speaks against a verdict
constexpr double clearly = 8;           // errors beyond which a component is wrong

enum class Verdict {
    right,
    wrong,
    too_small,  // beside the largest component, and below what differences show: 0 is such a one
    unclear,    // not small, but the differences are too uncertain
};

// What a component of the gradient is judged by.
struct Claim {
    double analytic = 0;
    double size = 0;     // 0 takes the component's own, the larger one of analytic and numeric
    double largest = 0;  // the size of the largest component
    double tolerance = 0;

    double size_with(double numeric) const {
        return size > 0 ? size : std::max(std::abs(analytic), std::abs(numeric));
    }

    // The rounding of the gradient itself is part of the error: it goes with the largest terms.
    double error_of(const Estimate& estimate) const { return estimate.error + rounding * largest; }

    // Known to a share of the component; or where it is zero, of the slopes beside it.
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

// An estimate over steps of another size that contradicts the best one and goes with the gradient.
// There is one where a function cancels large numbers inside: small steps move it by less than
// their rounding, and its value stays, or shows only a part of the change.
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
