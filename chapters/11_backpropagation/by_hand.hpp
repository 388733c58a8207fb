// Chapter 11 by hand: the way back, which the tutorial leaves to `minimize` (step 5). dy is always
// dL/d(output), and the result dL/d(input).
#pragma once

#include <cstddef>

#include "nst/gram_matrix.hpp"
#include "nst/pooling.hpp"
#include "nst/tensor.hpp"

namespace by_hand {

using nst::Filters, nst::Matrix, nst::Real, nst::Shape3, nst::Tensor3;

/// Makes an (H, W, C) out of an equation for one number: value(i, j, c) goes to (i, j, c).
template <class Value>
Tensor3 map(const Shape3& shape, const Value& value) {
    Tensor3 made = Tensor3::from_shape(shape);
    for (std::size_t k = 0; k < made.size(); ++k) {
        const std::size_t p = k / shape[2];  // the position, counted row by row
        made.data()[k] = static_cast<Real>(value(p / shape[1], p % shape[1], k % shape[2]));
    }
    return made;
}

/// ReLU: the gradient passes where the output was positive. At 0 there is no derivative; 0 is
/// taken.
inline Tensor3 relu_backward(const Tensor3& dy, const Tensor3& y) {
    return map(y.shape(), [&](auto i, auto j, auto c) { return y(i, j, c) > 0 ? dy(i, j, c) : 0; });
}

/// Average pooling: pixel (p, q) was one of n in window (p/2, q/2) and gets 1/n of its gradient.
/// n is 2 x 2, and only 1 wide or high in the last column or row of an odd size.
inline Tensor3 average_pool_backward(const Tensor3& dy, const Shape3& x_shape) {
    return map(x_shape, [&](auto p, auto q, auto c) {
        const int rows = p / 2 * 2 + 1 == x_shape[0] ? 1 : 2;
        const int columns = q / 2 * 2 + 1 == x_shape[1] ? 1 : 2;
        return dy(p / 2, q / 2, c) / static_cast<Real>(rows * columns);
    });
}

/// Max pooling: all of a window's gradient goes to the pixel that won, 0 to the others.
inline Tensor3 max_pool_backward(const Tensor3& dy, const nst::MaxPooled& pooled) {
    return map(pooled.x_shape, [&](auto p, auto q, auto c) {
        const bool won = pooled.argmax(p / 2, q / 2, c) == 2 * (p % 2) + q % 2;
        return won ? dy(p / 2, q / 2, c) : 0;
    });
}

/// Convolution: tap (u, v) of the output at (i, j) saw pixel (i + u - kh/2, j + v - kw/2). Turned
/// round: pixel (p, q) was seen by tap (u, v) of the output at (p - u + kh/2, q - v + kw/2), and
/// collects from each of these outputs, through the weight that it was multiplied with.
inline Tensor3 conv2d_backward(const Tensor3& dy, const Filters& w) {
    return map({dy.shape(0), dy.shape(1), w.shape(2)}, [&](auto p, auto q, auto c) {
        double sum = 0;
        for (std::size_t u = 0; u < w.shape(0); ++u) {
            for (std::size_t v = 0; v < w.shape(1); ++v) {
                // An output above or left of the first would be at a negative place; without a
                // sign that is a huge one, so one comparison finds both edges.
                const std::size_t i = p - u + w.shape(0) / 2;
                const std::size_t j = q - v + w.shape(1) / 2;
                if (i >= dy.shape(0) || j >= dy.shape(1)) continue;
                for (std::size_t o = 0; o < w.shape(3); ++o) {
                    sum += static_cast<double>(dy(i, j, o)) * w(u, v, c, o);
                }
            }
        }
        return sum;
    });
}

/// Content loss: d/da_G of (a_C - a_G)^2 / (4 H W C) is (a_G - a_C) / (2 H W C).
inline Tensor3 content_loss_backward(const Tensor3& generated, const Tensor3& content) {
    const double divisor = 2 * static_cast<double>(content.size());
    return map(content.shape(), [&](auto i, auto j, auto c) {
        return (static_cast<double>(generated(i, j, c)) - content(i, j, c)) / divisor;
    });
}

/// Gram matrix, dF = F (dG + dG^T): F(i, j, c) is a factor in row c and in column c of G, each
/// time beside F(i, j, k).
inline Tensor3 gram_matrix_backward(const Matrix& d_gram, const Tensor3& features) {
    return map(features.shape(), [&](auto i, auto j, auto c) {
        double sum = 0;
        for (std::size_t k = 0; k < features.shape(2); ++k) {
            sum += features(i, j, k) * (static_cast<double>(d_gram(k, c)) + d_gram(c, k));
        }
        return sum;
    });
}

/// Style loss: dL/dG = (G - A) / (2 C^2 (H W)^2), and from there through the Gram matrix.
inline Tensor3 style_loss_backward(const Tensor3& generated, const Matrix& style_gram) {
    const double size = static_cast<double>(generated.size());  // H W C
    Matrix d_gram = nst::gram_matrix(generated) - style_gram;
    d_gram /= static_cast<Real>(2 * size * size);
    return gram_matrix_backward(d_gram, generated);
}

}  // namespace by_hand
