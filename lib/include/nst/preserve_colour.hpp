#pragma once

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Gives a generated image the colours of its content image, so that only its strokes remain:
/// combines the luma of the generated image with the chroma of the content image (after the
/// luminance-only transfer of [GBH16], with the YCbCr of [JFIF]: BT.601, full range).
///
///     Y = 0.299 R + 0.587 G + 0.114 B,    Cb = (B - Y) / 1.772,    Cr = (R - Y) / 1.402
///
/// Equal chroma means equal R - Y, G - Y and B - Y. So each channel of the content image is shifted
/// by Y_generated - Y_content and then clamped to 0..255; where clamping takes effect, the luma
/// differs a little from the generated image's.
///
/// @param generated  (H, W, 3), the generated image, RGB, 0 to 255
/// @param content    (H, W, 3), the content image, RGB, 0 to 255
/// @return (H, W, 3), RGB, 0 to 255
/// @throws Error when the shapes differ, are empty or do not have three channels
/// Introduced in chapter 16.
NST_API Image preserve_colour(ImageView generated, ImageView content);

}  // namespace NST_PRECISION
}  // namespace nst
