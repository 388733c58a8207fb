#pragma once

#include <cstddef>
#include <vector>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// How far N predictions are from their labels: the mean over n of
///
///     - sum over k of  t(n, k) log p(n, k),    p(n, k) = exp z(n, k) / sum over j of exp z(n, j)
///
/// where the target t is 1 - smoothing at the label, and smoothing / K more everywhere ([SVI16] 7).
/// Computed so that no exponential overflows.
///
/// @param logits     z, (N, K), one row for each prediction
/// @param labels     N indices in 0..K-1
/// @param smoothing  0 to 1; 0 trusts the labels wholly
/// @return the loss, at least 0, in double
/// @throws Error when logits is empty, the numbers of rows and labels differ, a label is no column,
///         or smoothing is out of range
/// Introduced in chapter 18.
double cross_entropy(const Matrix& logits, const std::vector<std::size_t>& labels,
                     double smoothing = 0);

/// Gradient of cross_entropy at the logits: (p(n, k) - t(n, k)) / N.
/// @return (N, K)
/// @throws Error as cross_entropy
/// Introduced in chapter 18.
Matrix cross_entropy_backward(const Matrix& logits, const std::vector<std::size_t>& labels,
                              double smoothing = 0);

}  // namespace NST_PRECISION
}  // namespace nst
