// Chapter 12 by hand: Adam, in the form that TensorFlow 1 gives it (tutorial, step 5).
#pragma once

#include <cmath>
#include <cstddef>

#include "nst/adam.hpp"
#include "nst/tensor.hpp"

namespace by_hand {

using nst::Real;
using nst::Tensor3;

/// Moves x by step number t, counted from 1, value by value:
///
///     m = beta1 m + (1 - beta1) g           where the gradient points lately
///     v = beta2 v + (1 - beta2) g^2         how large its square is lately
///     x = x - rate_t m / (sqrt(v) + epsilon)
///     rate_t = rate sqrt(1 - beta2^t) / (1 - beta1^t)
///
/// m and v begin as zeros, which makes them too small in the first steps; rate_t corrects that. In
/// step 1, m / sqrt(v) is 0.1 g / sqrt(0.001 g^2), and times sqrt(0.001) / 0.1 it is 1 or -1: every
/// value moves by the rate itself, however large its gradient is.
inline void adam_step(Tensor3& x, const Tensor3& gradient, Tensor3& m, Tensor3& v, int t,
                      const nst::AdamOptions& options = {}) {
    const double beta1 = options.beta1;
    const double beta2 = options.beta2;
    const double rate =
        options.learning_rate * std::sqrt(1 - std::pow(beta2, t)) / (1 - std::pow(beta1, t));
    for (std::size_t k = 0; k < x.size(); ++k) {
        const double g = gradient.data()[k];
        const double new_m = beta1 * m.data()[k] + (1 - beta1) * g;
        const double new_v = beta2 * v.data()[k] + (1 - beta2) * g * g;
        m.data()[k] = static_cast<Real>(new_m);
        v.data()[k] = static_cast<Real>(new_v);
        x.data()[k] -= static_cast<Real>(rate * new_m / (std::sqrt(new_v) + options.epsilon));
    }
}

}  // namespace by_hand
