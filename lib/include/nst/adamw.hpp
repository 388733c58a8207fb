#pragma once

#include <cstddef>
#include <vector>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// PyTorch's defaults but for the rate, which each step is told.
struct AdamWOptions {
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weight_decay = 0.01;
};

/// Some numbers to train, and the gradient of the loss at them.
struct Parameters {
    Real* values;
    const Real* gradient;
    std::size_t size;
    bool decay;  ///< weights decay, biases do not
};

/// What AdamW remembers of its steps: plain, so that training can be stopped and taken up again.
struct AdamWState {
    long steps = 0;
    std::vector<std::vector<Real>> first_moments;  ///< one for each of the parameters
    std::vector<std::vector<Real>> second_moments;
};

/// Moves the parameters one step against their gradients, by Adam with decoupled weight decay
/// ([LH19] algorithm 2, [KB15] algorithm 1):
///
///     m = beta1 m + (1 - beta1) g,    v = beta2 v + (1 - beta2) g^2
///     x = (1 - rate decay) x - rate  m / (1 - beta1^t)  /  (sqrt(v / (1 - beta2^t)) + epsilon)
///
/// Unlike the Adam of chapter 12, which is TensorFlow 1's, epsilon is added inside the correction:
/// this is PyTorch's AdamW.
///
/// @param parameters  the same ones, in the same order, in every step
/// @param state       of the steps before; empty at first
/// @param rate        of this step, at least 0
/// @throws Error when the rate, an option or the parameters' sizes are not what they must be
/// Introduced in chapter 18.
void adamw_step(const std::vector<Parameters>& parameters, AdamWState& state, double rate,
                const AdamWOptions& options = {});

}  // namespace NST_PRECISION
}  // namespace nst
