#pragma once

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Computes the Gram matrix of a feature map, the correlations of its channels: G = F^T F, where F
/// is the map unrolled to (HW, C). Not divided by anything (tutorial, step 3.1; [GEB16] (3)). The
/// sum runs over all positions, so shuffling them leaves G unchanged.
///
/// In nst::nst the product runs in single precision over fixed blocks of positions, and the blocks
/// are added in double.
///
/// @param features  (H, W, C)
/// @return (C, C), symmetric
/// @throws Error when a size is zero
/// Introduced in chapter 07.
NST_API Matrix gram_matrix(FeatureView features);

/// Carries a gradient at gram_matrix's output back to the features: F (dG + dG^T).
/// @param d_gram    (C, C), dL/dG, not necessarily symmetric
/// @param features  (H, W, C), the input of gram_matrix
/// @return (H, W, C), dL/dF
/// @throws Error when d_gram is not (C, C)
/// Introduced in chapter 11.
NST_API Tensor3 gram_matrix_backward(const Matrix& d_gram, FeatureView features);

}  // namespace NST_PRECISION
}  // namespace nst
