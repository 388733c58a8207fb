// Names the mistake in a wrong result by comparing it with the right one. Header-only and always in
// double, so that a float program, a test or an exercise can all use it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace nst {

/// The mistakes that diagnose can recognise, by how the wrong result relates to the right one.
/// Introduced in chapter 11.
enum class MistakePattern {
    none,                  ///< nothing is wrong
    unknown,               ///< wrong, but it matches no other pattern
    shape,                 ///< the shape is wrong
    not_finite,            ///< a value is NaN or infinite
    suspect,               ///< it equals one of the caller's suspects
    missing_part,          ///< the sum of only some of the caller's parts, or one part twice
    zero,                  ///< zero everywhere
    sign,                  ///< the negative
    factor,                ///< a constant times the right one
    factor_per_slice,      ///< a different constant for each row, column or channel
    offset,                ///< a constant added
    transposed,            ///< axes exchanged, by a transpose or a wrong reshape
    reversed,              ///< an axis runs backwards
    shifted,               ///< off by one along an axis
    wrong_side,            ///< zero exactly where the right one is nonzero
    misplaced,             ///< the right values in other places
    not_masked,            ///< right where the right one is nonzero, but nonzero elsewhere too
    region,                ///< right except in, or right only in, one part of the tensor
    missing_accumulation,  ///< right in some places and wrong or zero in others
    rotated_kernel,        ///< backward pass: the kernel was not rotated by 180 degrees, or twice
    transposed_kernel,     ///< backward pass: the kernel's rows and columns were transposed
    not_transposed,        ///< backward pass: the operation itself instead of its transpose
    unsteady,              ///< the reference itself cannot be trusted
};

/// A recognised mistake and a description of it for the person who made it.
/// Introduced in chapter 11.
struct Diagnosis {
    MistakePattern pattern = MistakePattern::none;
    double factor = 1;  ///< got / expected, for MistakePattern::factor and ::sign
    std::string words;  ///< one line: an observation and a question; empty when nothing is wrong
};

/// The values of a tensor in row-major order, with a name.
/// Introduced in chapter 11.
struct NamedValues {
    std::string name;
    std::vector<double> values;
};

/// A result and the right one, which may be known in some places only.
/// Introduced in chapter 11.
struct Comparison {
    std::vector<std::size_t> shape;  ///< of got; empty when the values do not form a tensor
    std::vector<double> got;         ///< all values, row-major
    std::vector<std::size_t> known;  ///< indices into got at which the right value is known, one
                                     ///< for each element of expected
    std::vector<double> expected;    ///< the right values at those indices
    double tolerance = 1e-6;         ///< largest difference that still counts as right, as a
                                     ///< fraction of the largest value
    /// The name of one slice along each axis, in the singular. Empty means "row", "column",
    /// "channel" for three axes, and similar names for other numbers of axes.
    std::vector<std::string> axes;
    /// Results of mistakes that the caller suspects, each with a name and as long as got.
    std::vector<NamedValues> suspects;
    /// Terms whose sum is right, for finding out which one is missing; each as long as got.
    std::vector<NamedValues> parts;
};

/// Names the mistake in a wrong result.
///
/// Looks for, in this order: the caller's suspects and parts; zero everywhere; a wrong sign or a
/// constant factor ("4 times too large: is the 1/4 there?"); transposed, reversed or shifted axes;
/// a mask from the wrong side; the right values in other places; a constant added; a region that
/// alone is wrong or right; a factor for each row, column or channel; a missing mask; values right
/// in some places only. Says "unknown" rather than guess. The result is only a hint for people;
/// whether the values agree is decided without it.
///
/// @return the pattern and one line of explanation; MistakePattern::none when all values agree
/// @throws Error when the comparison's sizes do not match, an expected value is not finite, or the
///         tolerance is not positive and finite
/// Introduced in chapter 11.
Diagnosis diagnose(const Comparison& comparison);

/// Names the mistake in a tensor when the whole right one is known:
///
///     std::cout << nst::diagnose(mine, nst::gram_matrix(features)).words << '\n';
///
/// @param got, expected  tensors or expressions of double, in any shape
/// @param tolerance      largest difference that still counts as right, as a fraction of the
///                       largest value
/// @return as above; MistakePattern::shape when the shapes differ
/// Introduced in chapter 11.
template <class Got, class Expected>
Diagnosis diagnose(const Got& got, const Expected& expected, double tolerance = 1e-6);

/// Says what is wrong with a shape, and whether it is the right one with its axes permuted.
/// @return MistakePattern::none when the two are equal
/// Introduced in chapter 11.
Diagnosis diagnose_shape(const std::vector<std::size_t>& got,
                         const std::vector<std::size_t>& expected);

/// Makes a Comparison of a tensor with the right one, ready for adding suspects, parts or axis
/// names.
/// @throws Error when the shapes differ
/// Introduced in chapter 11.
template <class Got, class Expected>
Comparison compare(const Got& got, const Expected& expected, double tolerance = 1e-6);

/// Names the values of a tensor or expression, for Comparison::suspects and ::parts.
/// Introduced in chapter 11.
template <class Tensor>
NamedValues named_values(const std::string& name, const Tensor& tensor);

}  // namespace nst

#include "nst/detail/diagnosis_inl.hpp"  // the definitions
