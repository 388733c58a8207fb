// The gradient checker's view of the user's function, without its types: tensors are shapes and
// lists of values. Included by gradcheck.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "nst/detail/places.hpp"

namespace nst {
namespace gradcheck_detail {

using diagnosis_detail::join;
using diagnosis_detail::largest;
using diagnosis_detail::place_text;
using diagnosis_detail::shape_of;
using diagnosis_detail::shape_text;
using diagnosis_detail::text;
using diagnosis_detail::unravel;
using diagnosis_detail::values_of;

using Values = std::vector<double>;

constexpr double epsilon = std::numeric_limits<double>::epsilon();
constexpr double unbounded = std::numeric_limits<double>::infinity();
constexpr double rounding = 64 * epsilon;  // of a number that is computed in two ways

// Random numbers that are the same on every platform, unlike those of <random>'s distributions.
class Random {
  public:
    explicit Random(std::uint64_t seed) : bits_(seed) {}

    double fraction() { return static_cast<double>(bits_() >> 11) * 0x1p-53; }
    std::size_t below(std::size_t count) { return static_cast<std::size_t>(bits_() % count); }

    // Returns 0.5 to 1.5 with a random sign, so that every component matters.
    double weight() {
        const double sign = fraction() < 0.5 ? -1 : 1;
        return sign * (0.5 + fraction());
    }

    Values weights(std::size_t count) {
        Values values(count);
        for (double& value : values) value = weight();
        return values;
    }

    // Returns `count` different numbers from 0 to size - 1, sorted.
    std::vector<std::size_t> sample(std::size_t size, std::size_t count) {
        std::vector<std::size_t> all(size);
        std::iota(all.begin(), all.end(), std::size_t(0));
        if (count >= size) return all;
        for (std::size_t k = 0; k < count; ++k) std::swap(all[k], all[k + below(size - k)]);
        all.resize(count);
        std::sort(all.begin(), all.end());
        return all;
    }

  private:
    std::mt19937_64 bits_;
};

struct Flat {
    std::vector<std::size_t> shape;
    Values values;
};

template <class Tensor>
Flat flat(const Tensor& tensor) {
    return {shape_of(tensor), values_of(tensor)};
}

// A difference of two numbers, and the magnitude of its terms.
struct Gap {
    double value = 0;
    double size = 0;
};

// The number sum w y of an operation's output y. A function that returns one number is an operation
// with one output and weight 1.
struct ProbedFunction {
    Flat at;
    std::function<Values(const Values& x)> output;
    std::function<Flat(const Values& x)> gradient;  // of sum w y
    Values weights;
    std::string noun;  // the name of a value of the output

    // Unchanged outputs cancel exactly, so this is more accurate than a difference of sums.
    Gap gap(const Values& a, const Values& b) const {
        Gap sum;
        for (std::size_t k = 0; k < a.size(); ++k) {
            if (a[k] == b[k]) continue;
            sum.value += weights[k] * (a[k] - b[k]);
            sum.size += std::abs(weights[k]) * (std::abs(a[k]) + std::abs(b[k]));
        }
        return sum;
    }

    // Returns the sum of the sizes of the terms of sum w y.
    double size(const Values& y) const {
        double sum = 0;
        for (std::size_t k = 0; k < y.size(); ++k) sum += std::abs(weights[k] * y[k]);
        return sum;
    }

    std::optional<std::string> unusable(const Values& y) const {
        if (y.size() != weights.size()) return "the operation gives another number of values";
        for (const double value : y) {
            if (!std::isfinite(value)) return noun + " is " + text(value);
        }
        return {};
    }
};

}  // namespace gradcheck_detail
}  // namespace nst
