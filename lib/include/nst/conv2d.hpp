#pragma once

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// What a convolution reads outside the image. With zero, as VGG-19 was trained, a flat image does
/// not stay flat near the edges; with the other two it does.
/// Introduced in chapter 03.
enum class Padding {
    zero,       ///< 0
    reflect,    ///< the image mirrored in the centre of its edge pixels: row -1 is row 1, row H is
                ///< row H - 2, and so on, back and forth; an axis of one pixel repeats that pixel
    replicate,  ///< the nearest pixel of the image: row -1 is row 0, row H is row H - 1
};

/// Convolves as neural networks do, by cross-correlation: stride 1, output of the input's size
/// ("SAME", [SZ15] 2.1):
///
///     y(i, j, o) = b(o) + sum over u, v, c of  x(i + u - kh/2, j + v - kw/2, c) w(u, v, c, o)
///
/// where `padding` says what x is outside the image. Runs as im2col in strips of rows, with one
/// matrix product for each strip.
///
/// @param x  (H, W, C_in)
/// @param w  (kh, kw, C_in, C_out), kh and kw odd
/// @param b  (C_out)
/// @return (H, W, C_out)
/// @throws Error when the channels do not match, a size is zero, or kh or kw is even
/// Introduced in chapter 03.
NST_API Tensor3 conv2d(FeatureView x, const Filters& w, const Vector& b,
                       Padding padding = Padding::zero);

/// Carries the gradient at conv2d's output back to its input; the filters are frozen. The result is
/// again a convolution, with the filters rotated by 180 degrees and C_in and C_out transposed:
///
///     dx(i, j, c) = sum over u, v, o of  dy(i - u + kh/2, j - v + kw/2, o) w(u, v, c, o)
///
/// where dy is 0 outside the image. Unless the padding is zero, the same sum also gives a gradient
/// at positions outside the image, which is added to dx at the pixel that each was read from.
///
/// @param dy  (H, W, C_out), dL/dy
/// @param w   (kh, kw, C_in, C_out), kh and kw odd
/// @param padding  that of conv2d
/// @return (H, W, C_in), dL/dx
/// @throws Error as conv2d
/// Introduced in chapter 11.
NST_API Tensor3 conv2d_backward(FeatureView dy, const Filters& w, Padding padding = Padding::zero);

/// Carries the gradient at conv2d's output back to its filters, as training needs ([SZ15] 3.1):
///
///     dw(u, v, c, o) = sum over i, j of  x(i + u - kh/2, j + v - kw/2, c) dy(i, j, o)
///
/// where x is 0 outside the image: the transposed im2col matrix times dy. It is the gradient of
/// conv2d with zero padding only; networks are trained with that.
///
/// @param x       (H, W, C_in), the input of conv2d
/// @param dy      (H, W, C_out), dL/dy
/// @param kh, kw  height and width of the filters, odd
/// @return (kh, kw, C_in, C_out), dL/dw
/// @throws Error when x and dy differ in height or width, a size is zero, or kh or kw is even
/// Introduced in chapter 18.
NST_API Filters conv2d_backward_filters(FeatureView x, FeatureView dy, std::size_t kh = 3,
                                        std::size_t kw = 3);

/// Carries the gradient at conv2d's output back to its bias: db(o) = sum over i, j of dy(i, j, o).
/// @param dy  (H, W, C_out), dL/dy
/// @return (C_out), dL/db, summed in double
/// @throws Error when dy is empty
/// Introduced in chapter 18.
NST_API Vector conv2d_backward_bias(FeatureView dy);

}  // namespace NST_PRECISION
}  // namespace nst
