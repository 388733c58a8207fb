// Names the mistake in a wrong result by what it has in common with the right one. Header-only and
// always in double, so that a float program, a test or an exercise can use it alike.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace nst {

/// What a wrong result can have in common with the right one.
/// Introduced in chapter 11.
enum class MistakePattern {
    none,                  ///< nothing is wrong
    unknown,               ///< wrong, and like nothing in this list
    shape,                 ///< another shape
    not_finite,            ///< a value is not a number or infinite
    suspect,               ///< one of the caller's suspects
    missing_part,          ///< a sum of some of the caller's parts, or of one twice
    zero,                  ///< zero everywhere
    sign,                  ///< the negative
    factor,                ///< a constant times the right one
    factor_per_slice,      ///< another constant for each row, column or channel
    offset,                ///< a constant added
    transposed,            ///< axes exchanged, in place or in memory
    reversed,              ///< an axis runs backwards
    shifted,               ///< off by one along an axis
    wrong_side,            ///< zero exactly where the right one is not
    misplaced,             ///< the right values in other places
    not_masked,            ///< right where the right one is not zero, but not zero elsewhere
    region,                ///< right except in, or right only in, one part of the tensor
    missing_accumulation,  ///< right in some places and wrong or zero in others
    turned_kernel,         ///< backward pass: kernel not turned by 180 degrees, or turned twice
    exchanged_kernel,      ///< backward pass: the kernel's rows and columns are exchanged
    not_transposed,        ///< backward pass: the operation itself instead of its transpose
    unsteady,              ///< it is the reference that cannot be trusted
};

/// The name of a mistake, and words for the person who made it.
/// Introduced in chapter 11.
struct Diagnosis {
    MistakePattern pattern = MistakePattern::none;
    double factor = 1;  ///< got / expected, of MistakePattern::factor and ::sign
    std::string words;  ///< one line: what is seen, and a question; empty when nothing is wrong
};

/// The values of a tensor in row-major order, with a name.
/// Introduced in chapter 11.
struct NamedValues {
    std::string name;
    std::vector<double> values;
};

/// A result beside the right one. The right one may be known in some places only.
/// Introduced in chapter 11.
struct Comparison {
    std::vector<std::size_t> shape;  ///< of got; empty when the values have no places in a tensor
    std::vector<double> got;         ///< all values, row-major
    std::vector<std::size_t> known;  ///< where in got the right value is known, one for each of
                                     ///< expected
    std::vector<double> expected;    ///< the right values there
    double tolerance = 1e-6;         ///< largest difference of a right value, as a share of the
                                     ///< largest value
    /// What one step along each axis is called, in the singular. Empty: "row", "column", "channel"
    /// for three axes, and the like for other numbers of axes.
    std::vector<std::string> axes;
    /// Results of mistakes that the caller knows of, named in words. Each as long as got.
    std::vector<NamedValues> suspects;
    /// Terms whose sum is right, for finding out which is missing. Each as long as got.
    std::vector<NamedValues> parts;
};

/// Names the mistake in a wrong result.
///
/// Looks for, in this order: the caller's suspects and parts; zero everywhere; a wrong sign or a
/// constant factor ("4 times too large: is the 1/4 there?"); transposed, reversed or shifted axes;
/// a mask from the wrong side; the right values in other places; a constant added; a region that
/// alone is wrong or right; a factor for each row, column or channel; a missing mask; values right
/// in some places only. Says "unknown" rather than guess. It is a hint for people: that something
/// is wrong is known before.
///
/// @return the pattern and one line of words; MistakePattern::none when all values agree
/// @throws Error when the comparison's sizes do not fit each other, an expected value is not
///         finite, or the tolerance is not positive and finite
/// Introduced in chapter 11.
Diagnosis diagnose(const Comparison& comparison);

/// Names the mistake in a tensor of which the whole right one is known:
///
///     std::cout << nst::diagnose(mine, nst::gram_matrix(features)).words << '\n';
///
/// @param got, expected  tensors or expressions of double, in any shape
/// @param tolerance      largest difference of a right value, as a share of the largest value
/// @return as above; MistakePattern::shape when the shapes differ
/// Introduced in chapter 11.
template <class Got, class Expected>
Diagnosis diagnose(const Got& got, const Expected& expected, double tolerance = 1e-6);

/// Says what is wrong with a shape, and whether it is the right one with its axes in another order.
/// @return MistakePattern::none when the two are equal
/// Introduced in chapter 11.
Diagnosis diagnose_shape(const std::vector<std::size_t>& got,
                         const std::vector<std::size_t>& expected);

/// Makes the comparison of a tensor with the right one, to add suspects, parts or names of axes to.
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
