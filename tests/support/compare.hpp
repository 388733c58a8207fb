// Comparisons of tensors, and the message of an error.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <ostream>
#include <sstream>
#include <string>

#include "nst/error.hpp"
#include "nst/tensor.hpp"

namespace nst_test {

/// The distance from 1 to the next larger number of the library's type: 1.2e-7 in the float build,
/// 2.2e-16 in the double build. Tolerances are multiples of it.
constexpr double epsilon = std::numeric_limits<nst::Real>::epsilon();

/// The result of a comparison; a failed CHECK prints the difference. (A CHECK cannot compare
/// tensors with a == b, because the operators of xtensor and Catch2 conflict.)
struct Agreement {
    bool holds;
    std::string text;

    explicit operator bool() const { return holds; }
    friend std::ostream& operator<<(std::ostream& out, const Agreement& agreement) {
        return out << agreement.text;
    }
};

/// The largest |actual - expected| in units of the largest |expected|; the plain difference when
/// every expected value is 0; infinity when the shapes differ or a value is NaN.
template <class Tensor>
double relative_error(const Tensor& actual, const Tensor& expected) {
    if (actual.shape() != expected.shape()) return std::numeric_limits<double>::infinity();
    double difference = 0;
    double largest = 0;
    for (std::size_t k = 0; k < expected.size(); ++k) {
        const double wanted = expected.data()[k];
        const double distance = std::abs(static_cast<double>(actual.data()[k]) - wanted);
        if (std::isnan(distance)) return std::numeric_limits<double>::infinity();
        difference = std::max(difference, distance);
        largest = std::max(largest, std::abs(wanted));
    }
    return largest > 0 ? difference / largest : difference;
}

inline double relative_error(double actual, double expected) {
    const double distance = std::abs(actual - expected);
    if (std::isnan(distance)) return std::numeric_limits<double>::infinity();
    return expected != 0 ? distance / std::abs(expected) : distance;
}

/// Whether the relative error is below the tolerance.
template <class Value>
Agreement agree(const Value& actual, const Value& expected, double tolerance) {
    const double error = relative_error(actual, expected);
    std::ostringstream text;
    text << "relative error " << error << ", tolerance " << tolerance;
    return {error < tolerance, text.str()};
}

/// Whether two tensors have the same shape and equal values; 0 equals -0.
template <class Tensor>
Agreement same_values(const Tensor& actual, const Tensor& expected) {
    if (actual.shape() != expected.shape()) return {false, "another shape"};
    std::ostringstream text;
    text << "actual, expected:";
    for (std::size_t k = 0; k < std::min<std::size_t>(actual.size(), 32); ++k) {
        text << ' ' << +actual.data()[k] << ", " << +expected.data()[k] << ';';
    }
    return {std::equal(actual.begin(), actual.end(), expected.begin()), text.str()};
}

/// Whether two tensors have the same shape and the same bits.
template <class Tensor>
Agreement same_bits(const Tensor& actual, const Tensor& expected) {
    if (actual.shape() != expected.shape()) return {false, "another shape"};
    const std::size_t bytes = expected.size() * sizeof(*expected.data());
    // Two empty tensors are equal; memcmp must not get their pointers, which may be null.
    const bool same = bytes == 0 || std::memcmp(actual.data(), expected.data(), bytes) == 0;
    return {same, "the bits of the values"};
}

/// The message of the nst::Error that the function throws; "no error" when it throws none.
template <class Function>
std::string error_of(const Function& function) {
    try {
        function();
    } catch (const nst::Error& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace nst_test
