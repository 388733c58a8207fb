#pragma once

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Added to every variance, PyTorch's default.
/// Introduced in chapter 18.
inline constexpr double batch_norm_epsilon = 1e-5;

/// What batch_norm returns, which is also what its backward pass needs.
/// Introduced in chapter 18.
struct BatchNormed {
    Tensor3 y;        ///< (H, W, C)
    Vector std_devs;  ///< (C), sqrt(variance + epsilon) of each channel
};

/// Normalises every channel to mean 0 and variance 1 over all positions ([IS15] algorithm 1 without
/// its scale and shift; the variance is divided by HW):
///
///     y(i, j, c) = (x(i, j, c) - mean(c)) / sqrt(variance(c) + epsilon)
///
/// A constant channel becomes 0.
///
/// @param x  (H, W, C), not empty; stack several images vertically to normalise them as a batch
/// @throws Error when x is empty
/// Introduced in chapter 18.
NST_API BatchNormed batch_norm(FeatureView x);

/// Computes the gradient with respect to x, including through the mean and variance:
///
///     dx = (dy - mean(dy) - y mean(dy y)) / std_dev,    each mean over the positions of a
///     channel
///
/// @param dy      (H, W, C), the gradient with respect to y
/// @param normed  what batch_norm returned for x
/// @throws Error when the shapes differ
/// Introduced in chapter 18.
NST_API Tensor3 batch_norm_backward(FeatureView dy, const BatchNormed& normed);

}  // namespace NST_PRECISION
}  // namespace nst
