// Chapter 16 by hand: beyond the tutorial. How rough a picture is and the way back from there,
// whose colours a painting has, and painting at several sizes.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "nst/image.hpp"
#include "nst/tensor.hpp"
#include "nst/transfer.hpp"

namespace by_hand {

using nst::Image, nst::Real, nst::Tensor3;

/// TV = sum (right neighbour - pixel)^2 + (lower neighbour - pixel)^2, for the neighbours there
/// are.
inline double total_variation(const Tensor3& x) {
    const auto [height, width, channels] = x.shape();
    double sum = 0;
    for (std::size_t n = 0; n < x.size(); ++n) {
        const std::size_t i = n / channels / width, j = n / channels % width, c = n % channels;
        const double right = j + 1 < width ? double(x(i, j + 1, c)) - x(i, j, c) : 0;
        const double below = i + 1 < height ? double(x(i + 1, j, c)) - x(i, j, c) : 0;
        sum += right * right + below * below;
    }
    return sum;
}

/// Each difference pulls at both of its pixels: at the neighbour with twice the difference, at the
/// pixel with the opposite.
inline Tensor3 total_variation_backward(const Tensor3& x) {
    const auto [height, width, channels] = x.shape();
    Tensor3 dx = xt::zeros<Real>(x.shape());
    for (std::size_t n = 0; n < x.size(); ++n) {
        const std::size_t i = n / channels / width, j = n / channels % width, c = n % channels;
        const Real right = j + 1 < width ? 2 * (x(i, j + 1, c) - x(i, j, c)) : 0;
        const Real below = i + 1 < height ? 2 * (x(i + 1, j, c) - x(i, j, c)) : 0;
        dx(i, j, c) -= right + below;
        if (j + 1 < width) dx(i, j + 1, c) += right;
        if (i + 1 < height) dx(i + 1, j, c) += below;
    }
    return dx;
}

/// Brightness, and how much bluer and redder than grey a pixel is: JPEG's Y, Cb and Cr, the last
/// two around 0. `rgb` points at the first of three numbers.
inline std::array<double, 3> to_ycbcr(const Real* rgb) {
    const double y = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
    return {y, (rgb[2] - y) / 1.772, (rgb[0] - y) / 1.402};
}

/// The way back: red and blue from their differences to Y, green from what is left of Y.
inline std::array<double, 3> to_rgb(const std::array<double, 3>& ycbcr) {
    const double red = ycbcr[0] + 1.402 * ycbcr[2];
    const double blue = ycbcr[0] + 1.772 * ycbcr[1];
    return {red, (ycbcr[0] - 0.299 * red - 0.114 * blue) / 0.587, blue};
}

/// The generated image's Y with the content's Cb and Cr, clamped to 0..255.
inline Image preserve_colour(const Image& generated, const Image& content) {
    Image result = Image::from_shape(generated.shape());
    for (std::size_t k = 0; k < result.size(); k += 3) {  // a pixel is three numbers
        std::array<double, 3> pixel = to_ycbcr(content.data() + k);
        pixel[0] = to_ycbcr(generated.data() + k)[0];
        pixel = to_rgb(pixel);
        for (std::size_t c = 0; c < 3; ++c) {
            result.data()[k + c] = static_cast<Real>(std::clamp(pixel[c], 0.0, 255.0));
        }
    }
    return result;
}

/// The picture with its sides divided by `factor`, to the nearest whole number.
inline Image reduced(const Image& image, std::size_t factor) {
    return nst::resize_image(image, (image.shape(0) + factor / 2) / factor,
                             (image.shape(1) + factor / 2) / factor);
}

/// Paints both pictures reduced by 2^(scales - 1) first; then reduced by half as much, from this
/// painting enlarged; and so on, up to the whole.
inline Image coarse_to_fine(const nst::Network& network, const Image& content, const Image& style,
                            nst::TransferOptions options, int scales) {
    for (std::size_t factor = std::size_t{1} << (scales - 1); factor >= 1; factor /= 2) {
        const Image small = reduced(content, factor);
        if (options.start) {
            options.start = nst::resize_image(*options.start, small.shape(0), small.shape(1));
        }
        options.start = nst::transfer(network, small, reduced(style, factor), options);
    }
    return *options.start;
}

}  // namespace by_hand
