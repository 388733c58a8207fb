#pragma once

#include <cstddef>
#include <vector>

#include "nst/api.hpp"
#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// PyTorch's defaults; the learning rate is an argument of each step.
/// Introduced in chapter 18.
struct AdamWOptions {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0.01;
};

/// An array of trained numbers and the gradient of the loss with respect to it.
/// Introduced in chapter 18.
struct Parameters {
    Real* values;
    const Real* gradient;
    std::size_t size;
    bool decay;  ///< weights decay, biases do not
};

/// The state of AdamW between steps: plain data, so that training can be saved and resumed.
/// Introduced in chapter 18.
struct AdamWState {
    long steps = 0;
    std::vector<std::vector<Real>> first_moments;  ///< one for each element of `parameters`
    std::vector<std::vector<Real>> second_moments;
};

/// Moves the parameters one step against their gradients, by Adam with decoupled weight decay
/// ([LH19] algorithm 2, [KB15] algorithm 1):
///
///     m = beta1 m + (1 - beta1) g,    v = beta2 v + (1 - beta2) g^2
///     x = (1 - rate decay) x - rate  m / (1 - beta1^t)  /  (sqrt(v / (1 - beta2^t)) + epsilon)
///
/// Epsilon is added after the bias correction, as in PyTorch's AdamW and unlike the Adam of chapter
/// 12, which follows TensorFlow 1.
///
/// @param parameters  the same arrays, in the same order, in every step
/// @param state       the state after the previous step; empty at first
/// @param rate        the learning rate of this step, at least 0
/// @throws Error when the rate or an option is out of range, or the parameters' sizes changed
/// Introduced in chapter 18.
NST_API void adamw_step(const std::vector<Parameters>& parameters, AdamWState& state, double rate,
                        const AdamWOptions& options = {});

}  // namespace NST_PRECISION
}  // namespace nst
