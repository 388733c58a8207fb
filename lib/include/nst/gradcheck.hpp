// Checks a hand-derived gradient against finite differences of the function itself. Header-only and
// always in double: a float program can include it, and checking a layer of your own needs nothing
// else from this library.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

#include "nst/diagnosis.hpp"

// These names are in nst itself, not in its f32 or f64 namespace: they mean double in both builds,
// and a program that uses both libraries has a single checker.
namespace nst {

/// The directions in which the function is differentiated.
/// Introduced in chapter 11.
enum class GradientProbes {
    every_component,  ///< each component of x, at two or four calls each
    random_sample,    ///< some components of x, chosen at random
    /// All components at once, along random directions: for whole networks. A mistake in a
    /// component that is much smaller than the others goes unnoticed.
    random_directions,
};

/// The finite-difference formula.
/// Introduced in chapter 11.
enum class DifferenceScheme {
    two_point,   ///< (f(x + h) - f(x - h)) / 2h, error h^2
    four_point,  ///< (8 f(x + h) - 8 f(x - h) - f(x + 2h) + f(x - 2h)) / 12h, error h^4
};

/// How to check. The defaults suit a tensor of a few thousand components.
/// Introduced in chapter 11.
struct GradcheckOptions {
    GradientProbes probes = GradientProbes::every_component;
    std::size_t sample_size = 100;  ///< how many components GradientProbes::random_sample checks
    std::size_t directions = 1;     ///< how many GradientProbes::random_directions takes
    DifferenceScheme scheme = DifferenceScheme::two_point;
    /// h, the step. 0 chooses it for each component: s times |x_k|, or times the median size of the
    /// nonzero values where that is larger, or s where x is all zero. For two points s = 6.1e-6,
    /// the cube root of double's epsilon; for four points s = 7.4e-4, its fifth root. A smaller
    /// step loses digits to rounding (epsilon |f| / h), a larger one to curvature (h^2 or h^4). At
    /// these roots the two errors balance for a function that varies on the scale of its argument.
    /// A component that disagrees, or drowns in rounding, is measured again over steps from 1/64 of
    /// the chosen one to half the size of x. If you give a step, that step decides; smaller steps
    /// only tell how far to trust it.
    double step = 0;
    /// Largest error of a right component, as a fraction of the component itself; along a direction
    /// v, of the root of sum (g_k v_k)^2. The noise of the differences is allowed on top.
    double tolerance = 1e-6;
    double largest_kink_share = 0.5;    ///< fraction of the probes that may cross a kink; above it
                                        ///< the check gives no verdict
    std::uint64_t seed = 1;             ///< for samples, directions and the upstream gradient
    std::vector<std::string> axes;      ///< see Comparison::axes
    std::vector<NamedValues> suspects;  ///< gradients with mistakes that you suspect, each named
    std::vector<NamedValues> parts;     ///< gradients whose sum is right, for finding a missing one
};

/// The outcome of a check.
/// Introduced in chapter 11.
enum class GradcheckOutcome {
    passed,
    wrong,              ///< a component differs by more than the tolerance and the noise
    wrong_shape,        ///< the gradient's shape is not x's
    not_finite,         ///< x, a value or the gradient is NaN or infinite
    not_deterministic,  ///< the same x gave two results
    nothing_to_check,   ///< x is empty
    too_many_kinks,     ///< most probes cross a kink, or the function is noise
    inconclusive,       ///< no component is wrong, but noise hides some that are not small
};

/// The result of a check. Print it: `std::cout << report`.
/// Introduced in chapter 11.
struct GradcheckReport {
    GradcheckOutcome outcome = GradcheckOutcome::passed;
    std::string failure;             ///< why nothing could be compared; else empty
    std::vector<std::size_t> shape;  ///< of x
    GradientProbes probes = GradientProbes::every_component;
    std::size_t compared = 0;  ///< how many components, or directions, without the kinks
    std::size_t wrong = 0;     ///< how many of them are wrong
    /// How many of them finite differences cannot tell from 0, or from a wrong value, and are at
    /// most tolerance times the largest |analytic|. They count neither against the gradient nor for
    /// it.
    std::size_t too_small = 0;
    std::size_t unclear = 0;               ///< how many are not small but cannot be judged either
    std::size_t kinks = 0;                 ///< how many were left out for lack of a derivative
    std::vector<std::size_t> first_kink;   ///< its index in x
    std::vector<std::size_t> worst_index;  ///< the index of the largest error; empty for directions
    double analytic = 0;                   ///< the derivative at worst_index, from the gradient
    double numeric = 0;                    ///< the derivative at worst_index, from differences
    double numeric_error = 0;              ///< how far the true derivative may be from numeric
    /// At worst_index: |analytic - numeric| / max(1e-8, largest |analytic| in the tensor). Along a
    /// direction v, where single derivatives may cancel, the root of sum (g_k v_k)^2 replaces the
    /// largest.
    double relative_error = 0;
    double tolerance = 0;
    /// Largest uncertainty of a numeric derivative among the components that agree, as a fraction
    /// of the component. Where it is above the tolerance, the check is only as good as this; it is
    /// never above 0.01.
    double precision = 0;
    Diagnosis diagnosis;  ///< of a wrong gradient; of an inconclusive check, what would help

    bool passed() const { return outcome == GradcheckOutcome::passed; }
};

/// Checks the gradient of a function of a tensor by central differences, in double.
///
///     // f(x) = sum x^3 / 3
///     const auto f = [](const xt::xtensor<double, 2>& x) { return xt::sum(x * x * x)() / 3; };
///     const auto df = [](const xt::xtensor<double, 2>& x) { return x * x; };
///     const xt::xtensor<double, 2> x = {{1, 2, 3}, {0.5, -1, -2}};
///     const nst::GradcheckReport report = nst::check_gradient(f, df, x);
///     std::cout << report << '\n';
///     return report.passed() ? 0 : 1;
///
/// prints
///
///     the gradient is right: 6 of 6 components agree, relative error at most 1.4e-11 at (0, 2)
///
/// and, had df returned 4 * x * x,
///
///     the gradient is WRONG in 6 of 6 components, most at (0, 2): analytic 36, numeric 9,
///     relative error 0.75, tolerance 1e-06
///     4 times too large: is the 1/4 there?
///
/// A component g is right when |g - d| <= tolerance max(|g|, |d|) + e, where d is its derivative by
/// differences and e the error of d: the rounding of the values over the step (at least 4 epsilon
/// |f| / h), plus the noise and curvature that steps of different sizes reveal. A component is
/// wrong when it is off by more than 8 e. A right component counts when e is at most 1 % of it.
/// Where e is larger, a component that is tiny beside the largest is counted in `too_small`; any
/// other makes the check inconclusive, which is neither passed nor wrong:
///
///     the check is INCONCLUSIVE: 3 of 3 components cannot be judged, most at (1):
///     analytic -0.0012, numeric 0, which may be off by 9.325
///     differences cannot tell: rounding of values of 1e+15 hides this derivative. What helps: ...
///
/// A gradient that is 0 everywhere is right if the function stays the same however far x moves.
///
/// One-sided slopes reveal kinks, such as ReLU at 0 or a tie in max pooling. The function has no
/// derivative there, and the value that the gradient gives is a convention, so such a component is
/// left out and counted in `kinks`. The function and the gradient are called twice at x, to notice
/// results that vary.
///
/// @param function  x to a number
/// @param gradient  x to a tensor of x's shape
/// @param at        the point: an xtensor container or expression of double, of any shape
/// @param options   see GradcheckOptions
/// @return the report; a wrong gradient, a value that is not finite or an empty x is reported, not
///         thrown
/// @throws Error when an option is out of range; and anything that function and gradient throw at x
///         and over the step. Where function throws further away, its domain is taken to end there
/// Introduced in chapter 11.
template <class Function, class Gradient, class Tensor>
GradcheckReport check_gradient(const Function& function, const Gradient& gradient, const Tensor& at,
                               const GradcheckOptions& options = {});

/// Checks a function that returns value and gradient together: x to a pair of a number and a tensor
/// of x's shape (or any two values that a structured binding can unpack). The gradients computed
/// along with the differences are discarded. Otherwise as check_gradient.
/// Introduced in chapter 11.
template <class Evaluate, class Tensor>
GradcheckReport check_value_and_gradient(const Evaluate& evaluate, const Tensor& at,
                                         const GradcheckOptions& options = {});

/// Checks the backward pass of an operation from tensor to tensor. Takes a random upstream gradient
/// dy, with 0.5 <= |dy| <= 1.5, and checks that backward returns the gradient of sum dy y:
///
///     const auto forward = [](const auto& x) { return nst::relu(x); };
///     const auto backward = [](const auto& dy, const auto& x) {
///         return nst::relu_backward(dy, nst::relu(x));
///     };
///     std::cout << nst::check_backward(forward, backward, x) << '\n';
///
/// Because it can call the operation again, it names mistakes that the gradient alone does not
/// reveal: a kernel that is not rotated, or is transposed; a matrix that is not transposed.
///
/// @param forward   x to y, tensors of any two shapes
/// @param backward  (dy, x) to dx, of x's shape; dy has y's shape and type
/// @param at        the point x, as in check_gradient
/// @return, @throws  as check_gradient
/// Introduced in chapter 11.
template <class Forward, class Backward, class Tensor>
GradcheckReport check_backward(const Forward& forward, const Backward& backward, const Tensor& at,
                               const GradcheckOptions& options = {});

/// Returns the upstream gradient dy that check_backward uses for an operation's output y, so that
/// you can compute GradcheckOptions::suspects and ::parts for a check_backward.
/// @param seed  GradcheckOptions::seed
/// @return a tensor of y's shape, its values 0.5 to 1.5 in size and of random sign
/// Introduced in chapter 11.
template <class Tensor>
auto upstream_gradient(const Tensor& y, std::uint64_t seed = 1);

/// Describes a report in one to three lines, without a newline at the end.
/// Introduced in chapter 11.
std::string describe(const GradcheckReport& report);

/// Writes describe(report).
/// Introduced in chapter 11.
std::ostream& operator<<(std::ostream& stream, const GradcheckReport& report);

}  // namespace nst

#include "nst/detail/gradcheck_inl.hpp"  // the definitions
