#pragma once

#include "nst/api.hpp"
#include "nst/conv2d.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Computes conv2d for 3x3 filters by Winograd's minimal filtering (Lavin, Gray, *Fast Algorithms
/// for Convolutional Neural Networks*, CVPR 2016, 4.1):
///
///     Y = A^T [ (G g G^T) . (B^T d B) ] A
///
/// for each tile of 4x4 or 6x6 outputs, with a quarter or a fifth of the multiplications; the shape
/// decides the tile size. The result equals conv2d's up to rounding: in single precision within
/// 1e-4 of the largest value.
///
/// @param x  (H, W, C_in)
/// @param w  (3, 3, C_in, C_out)
/// @param b  (C_out)
/// @return (H, W, C_out)
/// @throws Error as conv2d, and when the filters are not 3x3
/// Introduced in chapter 14.
NST_API Tensor3 winograd_conv2d(FeatureView x, const Filters& w, const Vector& b,
                                Padding padding = Padding::zero);

/// Computes conv2d_backward for 3x3 filters, in the same way.
/// @param dy  (H, W, C_out), dL/dy
/// @param w   (3, 3, C_in, C_out)
/// @param padding  that of winograd_conv2d
/// @return (H, W, C_in), dL/dx
/// @throws Error as conv2d_backward, and when the filters are not 3x3
/// Introduced in chapter 14.
NST_API Tensor3 winograd_conv2d_backward(FeatureView dy, const Filters& w,
                                         Padding padding = Padding::zero);

/// Computes conv2d_backward_filters, of zero padding, for 3x3 filters, with a quarter of the
/// multiplications, by the transposed transforms of F(4x4, 3x3), tile by tile ([LG16] 3):
///
///     dw = G^T [ sum over the tiles of  (B^T d B) (x) (A dy A^T) ] G,   (x) elementwise
///
/// @param x   (H, W, C_in), the convolution's input
/// @param dy  (H, W, C_out), dL/dy
/// @return (3, 3, C_in, C_out), dL/dw
/// @throws Error when x and dy differ in height or width or one is empty
/// Introduced in chapter 18.
NST_API Filters winograd_conv2d_backward_filters(FeatureView x, FeatureView dy);

}  // namespace NST_PRECISION
}  // namespace nst
