// Exercise 16: how rough a picture is and the way back from there, whose colours a painting has,
// and painting at several sizes. Leave this file as it is: yours is a copy of it.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "nst/error.hpp"
#include "nst/image.hpp"
#include "nst/tensor.hpp"
#include "nst/transfer.hpp"

namespace exercise {

using nst::Image, nst::Real, nst::Tensor3;

/// TV = sum (right neighbour - pixel)^2 + (lower neighbour - pixel)^2, for the neighbours there
/// are, over all pixels and channels of x, (H, W, C). Sum in double; divide by nothing.
inline double total_variation(const Tensor3& x) {
    throw nst::Error("total_variation: not written yet");
}

/// The derivative of TV with respect to every number of x: each difference pulls at both of its
/// pixels.
inline Tensor3 total_variation_backward(const Tensor3& x) {
    throw nst::Error("total_variation_backward: not written yet");
}

/// Y = 0.299 R + 0.587 G + 0.114 B, Cb = (B - Y) / 1.772, Cr = (R - Y) / 1.402, in this order.
/// `rgb` points at the first of three numbers: rgb[0] is red. Nothing is rounded, and nothing is
/// added to Cb and Cr: grey has 0.
inline std::array<double, 3> to_ycbcr(const Real* rgb) {
    throw nst::Error("to_ycbcr: not written yet");
}

/// The way back: red, green and blue of Y, Cb and Cr. Nothing is clamped here.
inline std::array<double, 3> to_rgb(const std::array<double, 3>& ycbcr) {
    throw nst::Error("to_rgb: not written yet");
}

/// The generated image's Y with the content's Cb and Cr, clamped to 0..255. The two have one shape,
/// (H, W, 3); `generated.data() + k` points at number k, and a pixel is three numbers.
inline Image preserve_colour(const Image& generated, const Image& content) {
    throw nst::Error("preserve_colour: not written yet");
}

/// The picture with its sides divided by `factor`, to the nearest whole number, halves up.
/// `nst::resize_image(image, height, width)` resizes.
inline Image reduced(const Image& image, std::size_t factor) {
    throw nst::Error("reduced: not written yet");
}

/// Paints both pictures reduced by 2^(scales - 1) first; then reduced by half as much, from this
/// painting enlarged; and so on, up to the whole.
///
/// `nst::transfer(network, content, style, options)` paints at one size, with options.iterations.
/// It starts from `*options.start`, a picture of the content's size; where options.start is empty,
/// from noise. `options.start = picture;` fills it.
inline Image coarse_to_fine(const nst::Network& network, const Image& content, const Image& style,
                            nst::TransferOptions options, int scales) {
    throw nst::Error("coarse_to_fine: not written yet");
}

}  // namespace exercise
