#pragma once

#include <cstddef>
#include <vector>

#include "nst/api.hpp"
#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Computes how far N predictions are from their labels: the mean over n of
///
///     - sum over k of  t(n, k) log p(n, k),    p(n, k) = exp z(n, k) / sum over j of exp z(n, j)
///
/// where the target t is smoothing / K everywhere, plus 1 - smoothing at the label ([SVI16] 7). No
/// exponential overflows.
///
/// @param logits     z, (N, K), one row for each prediction
/// @param labels     N indices in 0..K-1
/// @param smoothing  0 to 1; 0 trusts the labels completely
/// @return the loss, at least 0, in double
/// @throws Error when logits is empty, the numbers of rows and labels differ, a label is not in
///         0..K-1, or smoothing is out of range
/// Introduced in chapter 18.
NST_API double cross_entropy(const Matrix& logits, const std::vector<std::size_t>& labels,
                             double smoothing = 0);

/// Computes the gradient of cross_entropy with respect to the logits: (p(n, k) - t(n, k)) / N.
/// @return (N, K)
/// @throws Error as cross_entropy
/// Introduced in chapter 18.
NST_API Matrix cross_entropy_backward(const Matrix& logits, const std::vector<std::size_t>& labels,
                                      double smoothing = 0);

}  // namespace NST_PRECISION
}  // namespace nst
