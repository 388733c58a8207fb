#pragma once

#include <vector>

#include "nst/network.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Mixes the channels of a convolution so that no two of them correlate over `unbiased`, its
/// outputs on some pictures without the bias: with each output o divided by its deviation and C the
/// correlations, w becomes w C^(-1/2). Of all mixtures that do so this one changes the outputs
/// least (ZCA; Bell and Sejnowski, The "independent components" of natural scenes are edge filters,
/// 1997). Eigenvalues of C below a millionth of the largest count as such, so that channels that
/// depend on each other still do afterwards. Every channel must vary.
void whiten_filters(Layer& layer, const std::vector<Tensor3>& unbiased);

}  // namespace NST_PRECISION
}  // namespace nst
