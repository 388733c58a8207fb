#include "nst/adam.hpp"

#include <cmath>

#include "base/require.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

Adam::Adam(const AdamOptions& options) : options_(options) {
    const auto positive = [](double value) { return std::isfinite(value) && value > 0; };
    require(positive(options.learning_rate),
            "Adam: learning_rate must be positive and finite, got ", options.learning_rate);
    require(positive(options.epsilon), "Adam: epsilon must be positive and finite, got ",
            options.epsilon);
    require(options.beta1 >= 0 && options.beta1 < 1, "Adam: beta1 must be in [0, 1), got ",
            options.beta1);
    require(options.beta2 >= 0 && options.beta2 < 1, "Adam: beta2 must be in [0, 1), got ",
            options.beta2);
}

void Adam::step(Tensor3& x, FeatureView gradient) {
    if (steps_ == 0) {
        first_moment_ = xt::zeros<Real>(x.shape());
        second_moment_ = xt::zeros<Real>(x.shape());
    }
    require(x.shape() == gradient.shape && x.shape() == first_moment_.shape(),
            "Adam: x and gradient must be ", shape_text(first_moment_.shape()),
            ", as in the first step, got ", shape_text(x.shape()), " and ",
            shape_text(gradient.shape));
    ++steps_;
    const Real rate =
        static_cast<Real>(options_.learning_rate * std::sqrt(1 - std::pow(options_.beta2, steps_)) /
                          (1 - std::pow(options_.beta1, steps_)));
    const Real keep1 = static_cast<Real>(options_.beta1);
    const Real keep2 = static_cast<Real>(options_.beta2);
    const Real new1 = static_cast<Real>(1 - options_.beta1);
    const Real new2 = static_cast<Real>(1 - options_.beta2);
    const Real epsilon = static_cast<Real>(options_.epsilon);
    parallel_ranges(x.size(), [&](std::size_t first, std::size_t last) {
        for (std::size_t k = first; k < last; ++k) {
            const Real g = gradient.data[k];
            Real& m = first_moment_.data()[k];
            Real& v = second_moment_.data()[k];
            m = keep1 * m + new1 * g;
            v = keep2 * v + new2 * g * g;
            x.data()[k] -= rate * m / (std::sqrt(v) + epsilon);
        }
    });
}

}  // namespace NST_PRECISION
}  // namespace nst
