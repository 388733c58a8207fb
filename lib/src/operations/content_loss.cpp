#include "nst/content_loss.hpp"

#include "base/require.hpp"
#include "operations/kernels.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

void require_same_shape(const char* function, FeatureView generated, FeatureView content) {
    require(generated.size() > 0 && generated.shape == content.shape, function,
            ": generated and content must have one shape, not empty, got ",
            shape_text(generated.shape), " and ", shape_text(content.shape));
}

// Returns sum (a - b)^2, summed in double.
double squared_distance(FeatureView a, FeatureView b) {
    return parallel_sum(a.size(), [&](std::size_t first, std::size_t last) {
        double sum = 0;
        for (std::size_t k = first; k < last; ++k) {
            const double difference = static_cast<double>(a.data[k]) - b.data[k];
            sum += difference * difference;
        }
        return sum;
    });
}

}  // namespace

namespace kernels {

double content_loss(FeatureView generated, FeatureView content) {
    return squared_distance(generated, content) / (4 * static_cast<double>(content.size()));
}

void add_content_loss_gradient(FeatureView generated, FeatureView content, double weight,
                               MutableFeatureView gradient) {
    const Real scale = static_cast<Real>(weight / (2 * static_cast<double>(content.size())));
    parallel_ranges(content.size(), [&](std::size_t first, std::size_t last) {
        for (std::size_t k = first; k < last; ++k) {
            gradient.data[k] += scale * (generated.data[k] - content.data[k]);
        }
    });
}

}  // namespace kernels

double content_loss(FeatureView generated, FeatureView content) {
    require_same_shape("content_loss", generated, content);
    return kernels::content_loss(generated, content);
}

Tensor3 content_loss_backward(FeatureView generated, FeatureView content) {
    require_same_shape("content_loss_backward", generated, content);
    Tensor3 gradient = Tensor3::from_shape(generated.shape);
    gradient.fill(Real(0));
    kernels::add_content_loss_gradient(generated, content, 1, gradient);
    return gradient;
}

}  // namespace NST_PRECISION
}  // namespace nst
