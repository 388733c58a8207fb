#pragma once

#include <cstdint>

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Averages 2x2 windows with stride 2. Odd sizes round up (TensorFlow's "SAME"): windows in the
/// last row or column may reach over the edge, and only the pixels inside count, in the sum and in
/// the divisor.
/// @param x  (H, W, C)
/// @return (ceil(H/2), ceil(W/2), C)
/// @throws Error when a size is zero
/// Introduced in chapter 04.
NST_API Tensor3 average_pool(FeatureView x);

/// Carries the gradient at average_pool's output back to its input: each pixel gets its window's
/// gradient divided by the number of pixels in that window.
/// @param dy       (ceil(H/2), ceil(W/2), C), dL/dy
/// @param x_shape  {H, W, C}
/// @return (H, W, C), dL/dx
/// @throws Error when dy is not the pooled shape of x_shape
/// Introduced in chapter 11.
NST_API Tensor3 average_pool_backward(FeatureView dy, const Shape3& x_shape);

/// What max_pool returns.
/// Introduced in chapter 04.
struct MaxPooled {
    Tensor3 y;  ///< (ceil(H/2), ceil(W/2), C)
    /// Index of the winning pixel in its window, 0 1 / 2 3; of y's shape.
    xt::xtensor<std::uint8_t, 3, xt::layout_type::row_major> argmax;
    Shape3 x_shape;
};

/// Takes the largest value of 2x2 windows with stride 2. Odd sizes round up; padding never wins.
/// Among equal values the first in reading order wins, as in TensorFlow and PyTorch.
/// @param x  (H, W, C)
/// @throws Error when a size is zero
/// Introduced in chapter 04.
NST_API MaxPooled max_pool(FeatureView x);

/// Carries the gradient at max_pool's output back to its input: the winning pixel gets all of its
/// window's gradient.
/// @param dy      (ceil(H/2), ceil(W/2), C), dL/dy
/// @param pooled  what max_pool returned
/// @return (H, W, C), dL/dx
/// @throws Error when dy or pooled.argmax does not have the pooled shape of pooled.x_shape
/// Introduced in chapter 11.
NST_API Tensor3 max_pool_backward(FeatureView dy, const MaxPooled& pooled);

}  // namespace NST_PRECISION
}  // namespace nst
