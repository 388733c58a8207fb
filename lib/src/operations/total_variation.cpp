#include "nst/total_variation.hpp"

#include "base/require.hpp"
#include "operations/kernels.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

void require_pixels(const char* function, FeatureView image) {
    require(image.size() > 0, function, ": the image must not be empty, got ",
            shape_text(image.shape));
}

// Returns the sum of (a - b)^2 over the channels of two pixels.
double squared_step(const Real* a, const Real* b, std::size_t channels) {
    double sum = 0;
    for (std::size_t c = 0; c < channels; ++c) {
        const double difference = static_cast<double>(a[c]) - b[c];
        sum += difference * difference;
    }
    return sum;
}

// Computes y += factor (a - b) over the channels of a pixel.
void add_step(Real factor, const Real* a, const Real* b, std::size_t channels, Real* y) {
    for (std::size_t c = 0; c < channels; ++c) y[c] += factor * (a[c] - b[c]);
}

}  // namespace

namespace kernels {

double total_variation(FeatureView x) {
    const std::size_t channels = x.channels();
    return parallel_sum(x.positions(), [&](std::size_t first, std::size_t last) {
        double sum = 0;
        for (std::size_t p = first; p < last; ++p) {
            const std::size_t i = p / x.width();
            const std::size_t j = p % x.width();
            const Real* pixel = x.at(i, j);
            if (j + 1 < x.width()) sum += squared_step(x.at(i, j + 1), pixel, channels);
            if (i + 1 < x.height()) sum += squared_step(x.at(i + 1, j), pixel, channels);
        }
        return sum;
    });
}

void add_total_variation_gradient(FeatureView x, double scale, MutableFeatureView dx) {
    const Real factor = static_cast<Real>(2 * scale);
    const std::size_t channels = x.channels();
    parallel_ranges(x.positions(), [&](std::size_t first, std::size_t last) {
        for (std::size_t p = first; p < last; ++p) {
            const std::size_t i = p / x.width();
            const std::size_t j = p % x.width();
            const Real* pixel = x.at(i, j);
            Real* y = dx.at(i, j);
            if (j > 0) add_step(factor, pixel, x.at(i, j - 1), channels, y);
            if (j + 1 < x.width()) add_step(factor, pixel, x.at(i, j + 1), channels, y);
            if (i > 0) add_step(factor, pixel, x.at(i - 1, j), channels, y);
            if (i + 1 < x.height()) add_step(factor, pixel, x.at(i + 1, j), channels, y);
        }
    });
}

}  // namespace kernels

double total_variation(FeatureView image) {
    require_pixels("total_variation", image);
    return kernels::total_variation(image);
}

Tensor3 total_variation_backward(FeatureView image) {
    require_pixels("total_variation_backward", image);
    Tensor3 gradient = Tensor3::from_shape(image.shape);
    gradient.fill(Real(0));
    kernels::add_total_variation_gradient(image, 1, gradient);
    return gradient;
}

}  // namespace NST_PRECISION
}  // namespace nst
