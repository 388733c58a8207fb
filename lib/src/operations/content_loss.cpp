#include "nst/content_loss.hpp"

#include "base/require.hpp"
#include "operations/kernels.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

void require_same_shape(const char* function, const Tensor3& generated, const Tensor3& content) {
    require(generated.size() > 0 && generated.shape() == content.shape(), function,
            ": generated and content must have one shape, not empty, got ",
            shape_text(generated.shape()), " and ", shape_text(content.shape()));
}

}  // namespace

namespace kernels {

double squared_distance(ConstFeatures a, ConstFeatures b) {
    return parallel_sum(a.size(), [&](std::size_t first, std::size_t last) {
        double sum = 0;
        for (std::size_t k = first; k < last; ++k) {
            const double difference = static_cast<double>(a.data[k]) - b.data[k];
            sum += difference * difference;
        }
        return sum;
    });
}

void add_scaled_difference(ConstFeatures a, ConstFeatures b, double scale, Features y) {
    const Real factor = static_cast<Real>(scale);
    parallel_ranges(a.size(), [&](std::size_t first, std::size_t last) {
        for (std::size_t k = first; k < last; ++k) y.data[k] += factor * (a.data[k] - b.data[k]);
    });
}

}  // namespace kernels

double content_loss(const Tensor3& generated, const Tensor3& content) {
    require_same_shape("content_loss", generated, content);
    return kernels::squared_distance(const_view(generated), const_view(content)) /
           (4 * static_cast<double>(content.size()));
}

Tensor3 content_loss_backward(const Tensor3& generated, const Tensor3& content) {
    require_same_shape("content_loss_backward", generated, content);
    Tensor3 gradient = Tensor3::from_shape(generated.shape());
    gradient.fill(Real(0));
    kernels::add_scaled_difference(const_view(generated), const_view(content),
                                   1 / (2 * static_cast<double>(content.size())), view(gradient));
    return gradient;
}

}  // namespace NST_PRECISION
}  // namespace nst
