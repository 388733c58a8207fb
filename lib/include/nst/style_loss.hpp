#pragma once

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Measures how far the generated image's Gram matrix is from the style image's, for one layer
/// (tutorial, step 3.2; [GEB16] (4)):
///
///     J_style = sum (G - A)^2 / (4 C^2 (H W)^2)
///
/// where G is the generated features' Gram matrix, A the style image's, and H W the generated
/// image's own number of positions.
///
/// @param generated   (H, W, C), features of the generated image
/// @param style_gram  (C, C), gram_matrix of the style image's features; if the style image has
///                    another size, multiply it by HW_generated / HW_style first
/// @return J_style, summed in double
/// @throws Error when style_gram is not (C, C) or a size is zero
/// Introduced in chapter 08.
NST_API double style_loss(FeatureView generated, const Matrix& style_gram);

/// Computes the gradient of style_loss with respect to the generated features: F (G - A) / (C^2 (H
/// W)^2).
/// @return (H, W, C)
/// @throws Error as style_loss
/// Introduced in chapter 11.
NST_API Tensor3 style_loss_backward(FeatureView generated, const Matrix& style_gram);

}  // namespace NST_PRECISION
}  // namespace nst
