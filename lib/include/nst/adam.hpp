#pragma once

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// The defaults are the tutorial's learning rate and TensorFlow's constants.
/// Introduced in chapter 12.
struct AdamOptions {
    double learning_rate = 2;  ///< length of a step, in grey levels
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
};

/// Adam in TensorFlow 1's form ([KB15] section 2, the last two lines of algorithm 1 merged):
///
///     m = beta1 m + (1 - beta1) g,    v = beta2 v + (1 - beta2) g^2
///     x = x - rate sqrt(1 - beta2^t) / (1 - beta1^t)  m / (sqrt(v) + epsilon)
///
/// This epsilon is [KB15]'s epsilon-hat: it is added to sqrt(v) itself, after the bias correction
/// has moved into the rate. The first step is plus or minus the learning rate wherever the gradient
/// is not tiny.
/// Introduced in chapter 12.
class Adam {
  public:
    /// @throws Error unless learning_rate and epsilon are positive and finite, beta1 and beta2 in
    ///         [0, 1)
    NST_API explicit Adam(const AdamOptions& options = {});

    /// Moves x one step against the gradient.
    /// @param x         (H, W, C), changed in place
    /// @param gradient  (H, W, C)
    /// @throws Error when the shapes differ from each other or from those of the first step
    NST_API void step(Tensor3& x, FeatureView gradient);

  private:
    AdamOptions options_;
    int steps_ = 0;
    Tensor3 first_moment_;
    Tensor3 second_moment_;
};

}  // namespace NST_PRECISION
}  // namespace nst
