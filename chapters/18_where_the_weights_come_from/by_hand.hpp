// Chapter 18 by hand: what training adds to the backward pass of chapter 11, the gradient at the
// filters, and the loss that it starts from.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include "nst/tensor.hpp"

namespace by_hand {

using nst::Filters;
using nst::Matrix;
using nst::Real;
using nst::Tensor3;
using nst::Vector;

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
                            const bool inside =
                                i + u >= 1 && i + u <= height && j + v >= 1 && j + v <= width;
                            if (inside) {
                                sum +=
                                    static_cast<double>(x(i + u - 1, j + v - 1, c)) * dy(i, j, o);
                            }
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

/// Mean over n of -log p(n, label of n), p(n, k) = exp z(n, k) / sum over j of exp z(n, j).
inline double cross_entropy(const Matrix& z, const std::vector<std::size_t>& labels) {
    double loss = 0;
    for (std::size_t n = 0; n < labels.size(); ++n) {
        double sum = 0;
        for (std::size_t j = 0; j < z.shape(1); ++j) sum += std::exp(static_cast<double>(z(n, j)));
        loss += std::log(sum) - z(n, labels[n]);
    }
    return loss / static_cast<double>(labels.size());
}

}  // namespace by_hand
