// Mistakes that show only with an operation and its backward pass together. Included by
// gradcheck.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <exception>
#include <functional>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

#include "nst/detail/places.hpp"
#include "nst/detail/probed_function.hpp"
#include "nst/diagnosis.hpp"

namespace nst {
namespace gradcheck_detail {

// An operation whose backward pass is wrong.
struct Operation {
    Flat x;
    Flat dy;
    std::function<Flat(const Values& x)> forward;
    std::function<Flat(const Values& dy, const Values& x)> backward;
};

// Reverses the first two axes of a tensor, or transposes them where they are equal. Applied twice
// it does nothing.
struct Flip {
    bool rows;
    bool columns;
    bool transposed;

    Flat operator()(const Flat& tensor) const {
        Flat flipped = tensor;
        for (std::size_t k = 0; k < tensor.values.size(); ++k) {
            std::vector<std::size_t> place = unravel(k, tensor.shape);
            if (rows) place[0] = tensor.shape[0] - 1 - place[0];
            if (columns) place[1] = tensor.shape[1] - 1 - place[1];
            if (transposed) std::swap(place[0], place[1]);
            flipped.values[k] = tensor.values[diagnosis_detail::ravel(place, tensor.shape)];
        }
        return flipped;
    }

    bool fits(const Flat& tensor) const {
        const std::vector<std::size_t>& shape = tensor.shape;
        return shape.size() >= 2 && (!transposed || shape[0] == shape[1]);
    }
};

// Whether these values would be right in place of the result.
inline bool would_be_right(const Comparison& comparison, const Flat& gradient) {
    Comparison other = comparison;
    other.suspects.clear();
    other.parts.clear();
    other.got = gradient.values;
    return diagnose(other).pattern == MistakePattern::none;
}

// A backward pass whose kernel is not rotated (or rotated twice, or transposed) becomes right when
// its input is flipped before and its output after.
inline std::optional<Diagnosis> find_flipped(const Operation& operation,
                                             const Comparison& comparison) {
    const std::pair<Flip, Diagnosis> known[] = {
        {{true, true, false},
         {MistakePattern::rotated_kernel, 1,
          "right after turning the picture by 180 degrees: is the kernel turned, exactly once?"}},
        {{true, false, false},
         {MistakePattern::rotated_kernel, 1,
          "right after reversing the rows: is the kernel turned in both directions?"}},
        {{false, true, false},
         {MistakePattern::rotated_kernel, 1,
          "right after reversing the columns: is the kernel turned in both directions?"}},
        {{false, false, true},
         {MistakePattern::transposed_kernel, 1,
          "right after exchanging rows and columns: are the kernel's rows and columns exchanged?"}},
    };
    for (const auto& [flip, diagnosis] : known) {
        if (!flip.fits(operation.x) || !flip.fits(operation.dy)) continue;
        const Flat dx = operation.backward(flip(operation.dy).values, flip(operation.x).values);
        if (dx.shape == operation.x.shape && would_be_right(comparison, flip(dx))) return diagnosis;
    }
    return {};
}

// Returns J v by differences: how the operation's output changes when x moves along v.
inline Flat output_change(const Operation& operation, const Flat& x, const Flat& v) {
    const double size = largest(x.values);
    const double h = std::cbrt(epsilon) * (size > 0 ? size : 1);
    const auto output = [&](double distance) {
        Values moved = x.values;
        for (std::size_t k = 0; k < moved.size(); ++k) moved[k] += distance * v.values[k];
        return operation.forward(moved);
    };
    Flat change = output(h);
    const Flat before = output(-h);
    for (std::size_t k = 0; k < change.values.size(); ++k) {
        change.values[k] = (change.values[k] - before.values[k]) / (2 * h);
    }
    return change;
}

// A backward pass that applies J instead of J^T, as with a matrix that is not transposed.
inline std::optional<Diagnosis> find_not_transposed(const Operation& operation,
                                                    const Comparison& comparison) {
    const auto& [x, dy, forward, backward] = operation;
    if (x.shape != dy.shape) return {};
    const auto came = [&](const Flat& values) {
        Comparison other;
        other.shape = values.shape;
        other.got = values.values;
        other.expected = comparison.got;
        other.tolerance = comparison.tolerance;
        other.known.resize(other.got.size());
        std::iota(other.known.begin(), other.known.end(), std::size_t(0));
        return diagnose(other).pattern == MistakePattern::none;
    };
    if (came(output_change(operation, x, dy))) {
        return Diagnosis{MistakePattern::not_transposed, 1,
                         "this is the operation itself applied to dy, not its transpose: is the "
                         "matrix transposed (a convolution's kernel turned by 180 degrees, its "
                         "input and output channels exchanged)?"};
    }
    const Flip rotation{true, true, false};
    if (!rotation.fits(x) || !came(rotation(output_change(operation, rotation(x), rotation(dy)))))
        return {};
    return Diagnosis{MistakePattern::not_transposed, 1,
                     "the kernel is turned, but this is not the transpose: are input and output "
                     "channels exchanged?"};
}

inline bool is_vague(MistakePattern pattern) {
    return pattern == MistakePattern::unknown || pattern == MistakePattern::missing_accumulation ||
           pattern == MistakePattern::factor_per_slice;
}

inline std::optional<Diagnosis> explain_operation(const Operation& operation,
                                                  const Comparison& comparison) {
    // This calls the user's code with other arguments than the user asked for; if it rejects them,
    // there is no diagnosis.
    try {
        if (const auto found = find_flipped(operation, comparison)) return found;
        return find_not_transposed(operation, comparison);
    } catch (const std::exception&) {
        return {};
    }
}

}  // namespace gradcheck_detail
}  // namespace nst
