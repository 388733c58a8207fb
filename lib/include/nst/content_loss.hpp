#pragma once

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Measures how far the generated image's features are from the content image's (tutorial, step 2):
///
///     J_content = sum (a_C - a_G)^2 / (4 H W C)
///
/// @param generated  (H, W, C), features of the generated image
/// @param content    (H, W, C), features of the content image
/// @return J_content, summed in double
/// @throws Error when the shapes differ or are empty
/// Introduced in chapter 06.
NST_API double content_loss(FeatureView generated, FeatureView content);

/// Computes the gradient of content_loss with respect to the generated features: (a_G - a_C) / (2 H
/// W C).
/// @return (H, W, C)
/// @throws Error as content_loss
/// Introduced in chapter 11.
NST_API Tensor3 content_loss_backward(FeatureView generated, FeatureView content);

}  // namespace NST_PRECISION
}  // namespace nst
