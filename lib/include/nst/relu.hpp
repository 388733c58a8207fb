#pragma once

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Keeps the positive values: y = max(x, 0), elementwise. NaN stays NaN.
/// @param x  (H, W, C)
/// @return (H, W, C)
/// Introduced in chapter 04.
NST_API Tensor3 relu(FeatureView x);

/// Carries the gradient at relu's output back to its input: dx = 0 where y <= 0, else dy. At x = 0,
/// where ReLU has no derivative, dx is 0, as in TensorFlow and PyTorch; where y is NaN, dx is dy,
/// as in PyTorch.
/// @param dy  (H, W, C), dL/dy
/// @param y   (H, W, C), what relu returned
/// @return (H, W, C), dL/dx
/// @throws Error when the shapes differ
/// Introduced in chapter 11.
NST_API Tensor3 relu_backward(FeatureView dy, FeatureView y);

}  // namespace NST_PRECISION
}  // namespace nst
