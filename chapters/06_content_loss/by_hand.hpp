// Chapter 06 by hand: how far the generated picture is from the content (tutorial, step 2).
#pragma once

#include <cstddef>

#include "nst/tensor.hpp"

namespace by_hand {

using nst::Matrix;
using nst::Tensor3;

/// J_content = sum over i, j, c of (a_C - a_G)^2 / (4 H W C), on the feature maps as they are;
/// i in 0..H-1, j in 0..W-1, c in 0..C-1.
inline double content_loss(const Tensor3& generated, const Tensor3& content) {
    const auto [height, width, channels] = content.shape();
    double sum = 0;
    for (std::size_t i = 0; i < height; ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            for (std::size_t c = 0; c < channels; ++c) {
                const double difference =
                    static_cast<double>(content(i, j, c)) - generated(i, j, c);
                sum += difference * difference;
            }
        }
    }
    return sum / (4 * static_cast<double>(height * width * channels));
}

/// Unrolls a feature map to a matrix (HW, C), one row for each position: pixel (i, j) becomes row
/// i W + j. In memory nothing moves, because (H, W, C) already lies there in that order.
inline Matrix unroll(const Tensor3& features) {
    const auto [height, width, channels] = features.shape();
    Matrix unrolled = Matrix::from_shape({height * width, channels});
    for (std::size_t i = 0; i < height; ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            for (std::size_t c = 0; c < channels; ++c) {
                unrolled(i * width + j, c) = features(i, j, c);
            }
        }
    }
    return unrolled;
}

/// The same J_content on unrolled features, (HW, C), as the tutorial computes it: the same
/// differences in the same order, so the same number.
inline double content_loss(const Matrix& generated, const Matrix& content) {
    const auto [positions, channels] = content.shape();
    double sum = 0;
    for (std::size_t p = 0; p < positions; ++p) {
        for (std::size_t c = 0; c < channels; ++c) {
            const double difference = static_cast<double>(content(p, c)) - generated(p, c);
            sum += difference * difference;
        }
    }
    return sum / (4 * static_cast<double>(positions * channels));
}

}  // namespace by_hand
