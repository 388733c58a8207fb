// Views of feature maps that the caller owns: what the kernels read and write.
#pragma once

#include <algorithm>
#include <cstdint>

#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// A feature map to write.
using MutableFeatureView = BasicFeatureView<Real>;

/// Returns a tensor with the numbers of a view.
inline Tensor3 copy_of(FeatureView x) {
    Tensor3 copy = Tensor3::from_shape(x.shape);
    std::copy(x.begin(), x.end(), copy.begin());
    return copy;
}

/// Returns the bytes that the values of a feature map or image take.
inline std::uint64_t bytes_of(const Shape3& shape) {
    return static_cast<std::uint64_t>(shape[0]) * shape[1] * shape[2] * sizeof(Real);
}

}  // namespace NST_PRECISION
}  // namespace nst
