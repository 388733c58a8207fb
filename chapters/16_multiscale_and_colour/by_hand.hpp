// Chapter 16 by hand: beyond the tutorial. How rough a picture is, and the way back from there.
#pragma once

#include <cstddef>

#include "nst/tensor.hpp"

namespace by_hand {

using nst::Real, nst::Tensor3;

/// TV = sum (right neighbour - pixel)^2 + (lower neighbour - pixel)^2, for the neighbours there
/// are.
inline double total_variation(const Tensor3& x) {
    const auto [height, width, channels] = x.shape();
    double sum = 0;
    for (std::size_t i = 0; i < height; ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            for (std::size_t c = 0; c < channels; ++c) {
                const double right = j + 1 < width ? double(x(i, j + 1, c)) - x(i, j, c) : 0;
                const double below = i + 1 < height ? double(x(i + 1, j, c)) - x(i, j, c) : 0;
                sum += right * right + below * below;
            }
        }
    }
    return sum;
}

/// Each difference pulls at both of its pixels: at the neighbour with twice the difference, at the
/// pixel with the opposite.
inline Tensor3 total_variation_backward(const Tensor3& x) {
    const auto [height, width, channels] = x.shape();
    Tensor3 dx = Tensor3::from_shape(x.shape());
    dx.fill(0);
    for (std::size_t i = 0; i < height; ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            for (std::size_t c = 0; c < channels; ++c) {
                const Real right = j + 1 < width ? 2 * (x(i, j + 1, c) - x(i, j, c)) : 0;
                const Real below = i + 1 < height ? 2 * (x(i + 1, j, c) - x(i, j, c)) : 0;
                dx(i, j, c) -= right + below;
                if (j + 1 < width) dx(i, j + 1, c) += right;
                if (i + 1 < height) dx(i + 1, j, c) += below;
            }
        }
    }
    return dx;
}

}  // namespace by_hand
