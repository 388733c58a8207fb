// Chapter 18 by hand: what training adds to the backward pass of chapter 11, the gradient at the
// filters, and the loss that it starts from.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include "nst/tensor.hpp"

namespace by_hand {

using nst::Filters, nst::Matrix, nst::Real, nst::Tensor3, nst::Vector;

/// dw(u, v, c, o) = sum over all positions (i, j) of x(i + u - 1, j + v - 1, c) dy(i, j, o), where
/// x is 0 outside the picture: how the loss changes with each number of 3x3 filters.
inline Filters conv2d_backward_filters(const Tensor3& x, const Tensor3& dy) {
    const auto [height, width, inputs] = x.shape();
    const std::size_t outputs = dy.shape(2);
    Filters dw = Filters::from_shape({3, 3, inputs, outputs});
    for (std::size_t u = 0; u < 3; ++u) {
        for (std::size_t v = 0; v < 3; ++v) {
            for (std::size_t c = 0; c < inputs; ++c) {
                for (std::size_t o = 0; o < outputs; ++o) {
                    double sum = 0;
                    for (std::size_t i = 0; i < height; ++i) {
                        for (std::size_t j = 0; j < width; ++j) {
                            const std::size_t p = i + u, q = j + v;  // one more than x's indices
                            if (p < 1 || p > height || q < 1 || q > width) continue;
                            sum += static_cast<double>(x(p - 1, q - 1, c)) * dy(i, j, o);
                        }
                    }
                    dw(u, v, c, o) = static_cast<Real>(sum);
                }
            }
        }
    }
    return dw;
}

/// db(o) = sum over all positions (i, j) of dy(i, j, o).
inline Vector conv2d_backward_bias(const Tensor3& dy) {
    Vector db = Vector::from_shape({dy.shape(2)});
    for (std::size_t o = 0; o < dy.shape(2); ++o) {
        double sum = 0;
        for (std::size_t i = 0; i < dy.shape(0); ++i) {
            for (std::size_t j = 0; j < dy.shape(1); ++j) sum += dy(i, j, o);
        }
        db(o) = static_cast<Real>(sum);
    }
    return db;
}

/// log p(n, k) of p(n, k) = exp z(n, k) / sum over j of exp z(n, j), one row for each picture. No
/// exponential is larger than 1.
inline Matrix log_softmax(const Matrix& z) {
    Matrix log_p = z;
    for (std::size_t n = 0; n < z.shape(0); ++n) {
        double largest = z(n, 0);
        for (std::size_t k = 0; k < z.shape(1); ++k) largest = std::max<double>(largest, z(n, k));
        double sum = 0;
        for (std::size_t k = 0; k < z.shape(1); ++k) sum += std::exp(z(n, k) - largest);
        const double log_sum = largest + std::log(sum);
        for (std::size_t k = 0; k < z.shape(1); ++k) {
            log_p(n, k) = static_cast<Real>(z(n, k) - log_sum);
        }
    }
    return log_p;
}

/// The mean over n of -log p(n, label of n).
inline double cross_entropy(const Matrix& z, const std::vector<std::size_t>& labels) {
    const Matrix log_p = log_softmax(z);
    double loss = 0;
    for (std::size_t n = 0; n < labels.size(); ++n) loss -= log_p(n, labels[n]);
    return loss / static_cast<double>(labels.size());
}

/// Its gradient at z: (p(n, k) - 1 at the label) / N.
inline Matrix cross_entropy_backward(const Matrix& z, const std::vector<std::size_t>& labels) {
    Matrix gradient = xt::exp(log_softmax(z));
    for (std::size_t n = 0; n < labels.size(); ++n) gradient(n, labels[n]) -= 1;
    return gradient / static_cast<Real>(labels.size());
}

}  // namespace by_hand
