// The input of the mistake patterns: a comparison, sorted into right and wrong values.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "nst/detail/places.hpp"
#include "nst/diagnosis.hpp"

namespace nst {
namespace diagnosis_detail {

constexpr std::size_t min_evidence = 2;  // values that must agree before places are compared

struct Case {
    explicit Case(const Comparison& comparison)
        : facts(comparison),
          axes(comparison.axes.empty() ? axis_names(comparison.shape.size()) : comparison.axes),
          allowed(comparison.tolerance *
                  std::max(largest(comparison.got), largest(comparison.expected))) {
        for (std::size_t k = 0; k < facts.known.size(); ++k) {
            if (!facts.shape.empty()) places.push_back(unravel(facts.known[k], facts.shape));
            if (zero(got(k)) && zero(expected(k))) continue;
            (std::abs(got(k) - expected(k)) <= allowed ? right : wrong).push_back(k);
            telling.push_back(k);
        }
    }

    std::size_t size() const { return facts.known.size(); }
    double got(std::size_t k) const { return facts.got[facts.known[k]]; }
    double expected(std::size_t k) const { return facts.expected[k]; }
    bool zero(double value) const { return std::abs(value) <= allowed; }
    bool equal(double a, double b) const { return std::abs(a - b) <= 2 * allowed; }
    std::size_t rank() const { return facts.shape.size(); }
    bool equals(const std::vector<double>& values) const {
        for (std::size_t k = 0; k < facts.got.size(); ++k) {
            if (!equal(facts.got[k], values[k])) return false;
        }
        return true;
    }

    const Comparison& facts;
    std::vector<std::string> axes;
    double allowed;
    std::vector<Place> places;
    // Indices of compared values. Values that are zero in both results carry no information and are
    // in neither list.
    std::vector<std::size_t> right;
    std::vector<std::size_t> wrong;
    std::vector<std::size_t> telling;  // right and wrong
};

using Finding = std::optional<Diagnosis>;

inline Finding found(MistakePattern pattern, const std::string& words, double factor = 1) {
    return Diagnosis{pattern, factor, words};
}

}  // namespace diagnosis_detail
}  // namespace nst
