#include "nst/range_penalty.hpp"

#include <algorithm>

#include "base/require.hpp"
#include "operations/kernels.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

void require_pixels(const char* function, FeatureView input) {
    require(input.size() > 0 && input.channels() == 3, function,
            ": the image must be (H, W, 3) and not empty, got ", shape_text(input.shape));
}

// Returns how far a value is above 255, or, as a negative number, below 0.
Real excess(Real value) {
    return value - std::clamp(value, Real{0}, Real{255});
}

}  // namespace

namespace kernels {

double range_penalty(FeatureView x, const std::array<Real, 3>& mean) {
    const double sum = parallel_sum(x.positions(), [&](std::size_t first, std::size_t last) {
        double part = 0;
        for (std::size_t k = 3 * first; k < 3 * last; ++k) {
            const double e = excess(x.data[k] + mean[k % 3]);
            part += e * e;
        }
        return part;
    });
    return sum / static_cast<double>(x.size());
}

void add_range_penalty_gradient(FeatureView x, const std::array<Real, 3>& mean, double scale,
                                MutableFeatureView dx) {
    const Real factor = static_cast<Real>(2 * scale / static_cast<double>(x.size()));
    parallel_ranges(x.positions(), [&](std::size_t first, std::size_t last) {
        for (std::size_t k = 3 * first; k < 3 * last; ++k) {
            dx.data[k] += factor * excess(x.data[k] + mean[k % 3]);
        }
    });
}

}  // namespace kernels

double range_penalty(FeatureView input, const std::array<Real, 3>& mean) {
    require_pixels("range_penalty", input);
    return kernels::range_penalty(input, mean);
}

Tensor3 range_penalty_backward(FeatureView input, const std::array<Real, 3>& mean) {
    require_pixels("range_penalty_backward", input);
    Tensor3 gradient = Tensor3::from_shape(input.shape);
    gradient.fill(Real(0));
    kernels::add_range_penalty_gradient(input, mean, 1, gradient);
    return gradient;
}

}  // namespace NST_PRECISION
}  // namespace nst
