// The definitions for diagnosis.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string>
#include <vector>

#include "nst/detail/mistake_patterns.hpp"
#include "nst/detail/places.hpp"
#include "nst/diagnosis.hpp"
#include "nst/error.hpp"

namespace nst {
namespace diagnosis_detail {

inline void require_sizes(const Comparison& comparison) {
    const auto require = [](bool holds, const std::string& line) {
        if (!holds) throw Error("diagnose: " + line);
    };
    const std::size_t size = comparison.got.size();
    const bool placed = !comparison.shape.empty();
    require(!placed || volume(comparison.shape) == size,
            join("got must have the values of a tensor of shape ", shape_text(comparison.shape),
                 ", got ", size));
    require(comparison.known.size() == comparison.expected.size(),
            join("known must name a place for each of the ", comparison.expected.size(),
                 " expected values, got ", comparison.known.size()));
    for (const std::size_t place : comparison.known) {
        require(place < size, join("known must be below ", size, ", got ", place));
    }
    require(
        comparison.axes.empty() || comparison.axes.size() == comparison.shape.size(),
        join("axes must name ", comparison.shape.size(), " axes, got ", comparison.axes.size()));
    require(std::all_of(comparison.expected.begin(), comparison.expected.end(),
                        [](double value) { return std::isfinite(value); }),
            "expected values must be finite");
    require(std::isfinite(comparison.tolerance) && comparison.tolerance > 0,
            join("tolerance must be positive and finite, got ", comparison.tolerance));
    require(comparison.parts.size() <= max_parts,
            join("expected at most ", max_parts, " parts, got ", comparison.parts.size()));
    for (const auto& named : {comparison.suspects, comparison.parts}) {
        for (const NamedValues& values : named) {
            require(values.values.size() == size,
                    join(values.name, " must have ", size, " values, got ", values.values.size()));
        }
    }
}

}  // namespace diagnosis_detail

inline Diagnosis diagnose(const Comparison& comparison) {
    using namespace diagnosis_detail;
    require_sizes(comparison);
    for (std::size_t k = 0; k < comparison.got.size(); ++k) {
        if (std::isfinite(comparison.got[k])) continue;
        const std::string where =
            comparison.shape.empty() ? "" : " at " + place_text(unravel(k, comparison.shape));
        return {MistakePattern::not_finite, 1, text(comparison.got[k]) + where};
    }
    const Case c(comparison);
    if (c.wrong.empty()) return {};
    if (const Finding finding = find_pattern(c)) return *finding;
    return {MistakePattern::unknown, 1, "the error has no known pattern"};
}

template <class Got, class Expected>
Diagnosis diagnose(const Got& got, const Expected& expected, double tolerance) {
    using namespace diagnosis_detail;
    Diagnosis shape = diagnose_shape(shape_of(got), shape_of(expected));
    if (shape.pattern != MistakePattern::none) return shape;
    return diagnose(compare(got, expected, tolerance));
}

inline Diagnosis diagnose_shape(const std::vector<std::size_t>& got,
                                const std::vector<std::size_t>& expected) {
    using namespace diagnosis_detail;
    if (got == expected) return {};
    std::string words = "the shape must be " + shape_text(expected) + ", got " + shape_text(got);
    if (std::is_permutation(got.begin(), got.end(), expected.begin(), expected.end())) {
        words += ": are axes exchanged?";
    }
    return {MistakePattern::shape, 1, words};
}

template <class Got, class Expected>
Comparison compare(const Got& got, const Expected& expected, double tolerance) {
    using namespace diagnosis_detail;
    if (shape_of(got) != shape_of(expected)) {
        throw Error("compare: got must have the shape of expected, " +
                    shape_text(shape_of(expected)) + ", got " + shape_text(shape_of(got)));
    }
    Comparison comparison;
    comparison.shape = shape_of(got);
    comparison.got = values_of(got);
    comparison.expected = values_of(expected);
    comparison.known.resize(comparison.got.size());
    std::iota(comparison.known.begin(), comparison.known.end(), std::size_t(0));
    comparison.tolerance = tolerance;
    return comparison;
}

template <class Tensor>
NamedValues named_values(const std::string& name, const Tensor& tensor) {
    return {name, diagnosis_detail::values_of(tensor)};
}

}  // namespace nst
