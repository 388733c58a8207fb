// Chapter 11 by hand: the way back, which the tutorial leaves to `minimize` (step 5). dy is always
// dL/d(output), and the result dL/d(input).
#pragma once

#include <cstddef>

#include "nst/gram_matrix.hpp"
#include "nst/pooling.hpp"
#include "nst/tensor.hpp"

namespace by_hand {

using nst::Filters;
using nst::Matrix;
using nst::Real;
using nst::Shape3;
using nst::Tensor3;

/// ReLU: the gradient passes where the output was positive. At 0 there is no derivative; 0 is
/// taken.
inline Tensor3 relu_backward(const Tensor3& dy, const Tensor3& y) {
    Tensor3 dx = Tensor3::from_shape(y.shape());
    for (std::size_t k = 0; k < y.size(); ++k) {
        dx.data()[k] = y.data()[k] > 0 ? dy.data()[k] : Real(0);
    }
    return dx;
}

/// Average pooling: pixel (p, q) was one of n in window (p/2, q/2) and gets 1/n of its gradient.
/// n is 2 x 2, and only 1 wide or high in the last column or row of an odd size.
inline Tensor3 average_pool_backward(const Tensor3& dy, const Shape3& x_shape) {
    Tensor3 dx = Tensor3::from_shape(x_shape);
    const auto [height, width, channels] = x_shape;
    for (std::size_t p = 0; p < height; ++p) {
        for (std::size_t q = 0; q < width; ++q) {
            const int rows = p % 2 == 0 && p + 1 == height ? 1 : 2;
            const int columns = q % 2 == 0 && q + 1 == width ? 1 : 2;
            for (std::size_t c = 0; c < channels; ++c) {
                dx(p, q, c) = dy(p / 2, q / 2, c) / static_cast<Real>(rows * columns);
            }
        }
    }
    return dx;
}

/// Max pooling: all of a window's gradient goes to the pixel that won, 0 to the others.
inline Tensor3 max_pool_backward(const Tensor3& dy, const nst::MaxPooled& pooled) {
    Tensor3 dx = Tensor3::from_shape(pooled.x_shape);
    const auto [height, width, channels] = pooled.x_shape;
    for (std::size_t p = 0; p < height; ++p) {
        for (std::size_t q = 0; q < width; ++q) {
            for (std::size_t c = 0; c < channels; ++c) {
                const bool won = pooled.argmax(p / 2, q / 2, c) == 2 * (p % 2) + q % 2;
                dx(p, q, c) = won ? dy(p / 2, q / 2, c) : Real(0);
            }
        }
    }
    return dx;
}

/// One pixel of the next function: the sum over u, v, o of dy(p - u + kh/2, q - v + kw/2, o)
/// w(u, v, c, o), over those outputs that are inside.
inline double gradient_at(const Tensor3& dy, const Filters& w, std::size_t p, std::size_t q,
                          std::size_t c) {
    const auto [kh, kw, inputs, outputs] = w.shape();
    double sum = 0;
    for (std::size_t u = 0; u < kh; ++u) {
        if (p + kh / 2 < u || p + kh / 2 - u >= dy.shape(0)) continue;
        for (std::size_t v = 0; v < kw; ++v) {
            if (q + kw / 2 < v || q + kw / 2 - v >= dy.shape(1)) continue;
            for (std::size_t o = 0; o < outputs; ++o) {
                sum += static_cast<double>(dy(p + kh / 2 - u, q + kw / 2 - v, o)) * w(u, v, c, o);
            }
        }
    }
    return sum;
}

/// Convolution: tap (u, v) of the output at (i, j) saw pixel (i + u - kh/2, j + v - kw/2). Turned
/// round: pixel (p, q) was seen by tap (u, v) of the output at (p - u + kh/2, q - v + kw/2), and
/// collects from each of these outputs, through the weight that it was multiplied with.
inline Tensor3 conv2d_backward(const Tensor3& dy, const Filters& w) {
    Tensor3 dx = Tensor3::from_shape({dy.shape(0), dy.shape(1), w.shape(2)});
    for (std::size_t p = 0; p < dx.shape(0); ++p) {
        for (std::size_t q = 0; q < dx.shape(1); ++q) {
            for (std::size_t c = 0; c < dx.shape(2); ++c) {
                dx(p, q, c) = static_cast<Real>(gradient_at(dy, w, p, q, c));
            }
        }
    }
    return dx;
}

/// Content loss: d/da_G of (a_C - a_G)^2 / (4 H W C) is (a_G - a_C) / (2 H W C).
inline Tensor3 content_loss_backward(const Tensor3& generated, const Tensor3& content) {
    Tensor3 gradient = Tensor3::from_shape(generated.shape());
    const double divisor = 2 * static_cast<double>(content.size());
    for (std::size_t k = 0; k < gradient.size(); ++k) {
        const double difference = static_cast<double>(generated.data()[k]) - content.data()[k];
        gradient.data()[k] = static_cast<Real>(difference / divisor);
    }
    return gradient;
}

/// Gram matrix, dF = F (dG + dG^T): F(i, j, c) is a factor in row c and in column c of G, each
/// time beside F(i, j, k).
inline Tensor3 gram_matrix_backward(const Matrix& d_gram, const Tensor3& features) {
    Tensor3 gradient = Tensor3::from_shape(features.shape());
    const std::size_t channels = features.shape(2);
    for (std::size_t p = 0; p < features.size(); p += channels) {  // p is where a position begins
        for (std::size_t c = 0; c < channels; ++c) {
            double sum = 0;
            for (std::size_t k = 0; k < channels; ++k) {
                sum += features.data()[p + k] * (static_cast<double>(d_gram(k, c)) + d_gram(c, k));
            }
            gradient.data()[p + c] = static_cast<Real>(sum);
        }
    }
    return gradient;
}

/// Style loss: dL/dG = (G - A) / (2 C^2 (H W)^2), and from there through the Gram matrix.
inline Tensor3 style_loss_backward(const Tensor3& generated, const Matrix& style_gram) {
    Matrix d_gram = nst::gram_matrix(generated);
    const double size = static_cast<double>(generated.size());  // H W C
    for (std::size_t k = 0; k < d_gram.size(); ++k) {
        const double difference = static_cast<double>(d_gram.data()[k]) - style_gram.data()[k];
        d_gram.data()[k] = static_cast<Real>(difference / (2 * size * size));
    }
    return gram_matrix_backward(d_gram, generated);
}

}  // namespace by_hand
