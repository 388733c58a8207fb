#pragma once

#include <cstddef>

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Filters and bias of a convolution.
/// Introduced in chapter 18.
struct ConvFit {
    Filters filters;  ///< (3, 3, C_in, C_out)
    Vector bias;      ///< (C_out)
};

/// Finds the 3x3 convolution that turns given features into other ones, by ridge regression. A row
/// p of the matrix P has the 9 C_in values under the filter at one position, zero outside the
/// image, and a 1 for the bias; the row z of Z has the C_out values wanted there. Over all
/// positions of all features that were added,
///
///     minimise |P w - Z|^2 + lambda |w|^2,      (P^T P + lambda I) w = P^T Z
///
/// where the bias is free of lambda. Only the sums P^T P, P^T Z and Z^T Z are kept, in double, and
/// they are the same bits for any number of threads.
/// Introduced in chapter 18.
class ConvRegression {
  public:
    /// @param inputs, outputs  C_in and C_out, at least 1
    NST_API ConvRegression(std::size_t inputs, std::size_t outputs);

    /// Adds all positions of one pair.
    /// @param x  (H, W, C_in)
    /// @param z  (H, W, C_out)
    /// @throws Error when a shape does not fit
    NST_API void add(FeatureView x, FeatureView z);

    /// Solves the normal equations by Cholesky's factorisation (LAPACK).
    /// @param ridge  lambda as a share of the mean square of an input, positive
    /// @throws Error when ridge is not positive, nothing was added, every input is 0, or a value is
    ///         not finite
    NST_API ConvFit solve(double ridge = 1e-5) const;

    /// Returns |P w - Z|^2 as a share of the variance of Z, summed over the output channels: 0 is
    /// perfect, 1 no better than a bias alone. 0 if nothing varies.
    /// @throws Error when the shapes do not fit or nothing was added
    NST_API double error(const ConvFit& fit) const;

  private:
    std::size_t inputs() const { return 9 * inputs_ + 1; }  // of the regression, with the 1
    double product(std::size_t row, std::size_t column) const;

    std::size_t inputs_;
    std::size_t outputs_;
    std::size_t positions_ = 0;
    std::vector<double> products_;  // of [P Z] with itself, row-major, on and above the diagonal
};

}  // namespace NST_PRECISION
}  // namespace nst
