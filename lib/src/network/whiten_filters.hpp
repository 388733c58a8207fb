#pragma once

#include <vector>

#include "nst/network.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Mixes the channels of a convolution so that no two of them correlate over `unbiased`, its
/// outputs on some images without the bias. With each filter divided by the standard deviation of
/// its output, and C the correlations of the outputs, w becomes w C^(-1/2). Of all mixtures that
/// remove the correlations, this one changes the scaled outputs least (ZCA; Bell and Sejnowski, The
/// "independent components" of natural scenes are edge filters, 1997). Eigenvalues of C below a
/// millionth of the largest are raised to it, so that linearly dependent channels stay dependent.
/// Every channel must vary.
void whiten_filters(Layer& layer, const std::vector<Tensor3>& unbiased);

}  // namespace NST_PRECISION
}  // namespace nst
