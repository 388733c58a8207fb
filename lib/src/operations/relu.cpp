#include "nst/relu.hpp"

#include <algorithm>

#include "base/require.hpp"
#include "operations/kernels.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace kernels {

void relu(MutableFeatureView y) {
    parallel_ranges(y.size(), [&](std::size_t first, std::size_t last) {
        for (std::size_t k = first; k < last; ++k) y.data[k] = std::max(y.data[k], Real(0));
    });
}

void relu_backward(MutableFeatureView dy, FeatureView y) {
    parallel_ranges(y.size(), [&](std::size_t first, std::size_t last) {
        for (std::size_t k = first; k < last; ++k) {
            dy.data[k] = y.data[k] <= 0 ? Real(0) : dy.data[k];
        }
    });
}

}  // namespace kernels

Tensor3 relu(FeatureView x) {
    Tensor3 y = copy_of(x);
    kernels::relu(y);
    return y;
}

Tensor3 relu_backward(FeatureView dy, FeatureView y) {
    require(dy.shape == y.shape, "relu_backward: dy must have the shape of y, ",
            shape_text(y.shape), ", got ", shape_text(dy.shape));
    Tensor3 dx = copy_of(dy);
    kernels::relu_backward(dx, y);
    return dx;
}

}  // namespace NST_PRECISION
}  // namespace nst
