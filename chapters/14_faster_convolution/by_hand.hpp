// Chapter 14 by hand: a 3x3 convolution in tiles of 2x2 outputs, each with 16 multiplications
// instead of 36: F(2x2, 3x3) of Winograd's minimal filtering [LG16].
#pragma once

#include <cstddef>

#include "nst/tensor.hpp"

namespace by_hand {

using nst::Filters, nst::Matrix, nst::Real, nst::Tensor3, nst::Vector;

/// M x M^T for every channel: x is (n, n, ...), the result (m, m, ...) for an M of m rows and n
/// columns.
template <class Tensor>
Tensor both_ways(const Matrix& M, const Tensor& x) {
    auto shape = x.shape();
    shape[0] = shape[1] = M.shape(0);
    Tensor y = Tensor::from_shape(shape);
    const std::size_t channels = x.size() / (M.shape(1) * M.shape(1));
    for (std::size_t n = 0; n < y.size(); ++n) {
        const std::size_t i = n / channels / M.shape(0), j = n / channels % M.shape(0);
        double sum = 0;
        for (std::size_t k = 0; k < M.shape(1) * M.shape(1); ++k) {
            const double both = M(i, k / M.shape(1)) * M(j, k % M.shape(1));
            sum += both * x.data()[k * channels + n % channels];
        }
        y.data()[n] = static_cast<Real>(sum);
    }
    return y;
}

/// G g G^T of every filter: (3, 3, C_in, C_out) to (4, 4, C_in, C_out).
inline Filters transform_filters(const Filters& w) {
    const Matrix G = {{1, 0, 0}, {0.5, 0.5, 0.5}, {0.5, -0.5, 0.5}, {0, 0, 1}};
    return both_ways(G, w);
}

/// B^T d B of every channel, (4, 4, C), where d is what the outputs (i, j) to (i + 1, j + 1) see:
/// the pixels (i - 1, j - 1) to (i + 2, j + 2), and zeros outside the picture.
inline Tensor3 transform_tile(const Tensor3& x, std::size_t i, std::size_t j) {
    const Matrix B_T = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}};
    Tensor3 d = Tensor3::from_shape({4, 4, x.shape(2)});
    for (std::size_t k = 0; k < 16; ++k) {
        const std::size_t p = i + k / 4, q = j + k % 4;  // the pixel's row and column, plus 1
        const bool inside = p >= 1 && p <= x.shape(0) && q >= 1 && q <= x.shape(1);
        for (std::size_t c = 0; c < x.shape(2); ++c) {
            d(k / 4, k % 4, c) = inside ? x(p - 1, q - 1, c) : 0;
        }
    }
    return both_ways(B_T, d);
}

/// The 16 products of each pair of channels, added up over the input channels: (4, 4, C_in) and
/// (4, 4, C_in, C_out) to (4, 4, C_out).
inline Tensor3 multiply(const Tensor3& tile, const Filters& filters) {
    Tensor3 m = Tensor3::from_shape({4, 4, filters.shape(3)});
    for (std::size_t k = 0; k < 16; ++k) {
        for (std::size_t o = 0; o < m.shape(2); ++o) {
            double sum = 0;
            for (std::size_t c = 0; c < tile.shape(2); ++c) {
                sum += static_cast<double>(tile(k / 4, k % 4, c)) * filters(k / 4, k % 4, c, o);
            }
            m(k / 4, k % 4, o) = static_cast<Real>(sum);
        }
    }
    return m;
}

/// A^T m A of every channel: (4, 4, C_out) to (2, 2, C_out).
inline Tensor3 transform_outputs(const Tensor3& m) {
    return both_ways(Matrix{{1, 1, 1, 0}, {0, 1, -1, -1}}, m);
}

/// The convolution of chapter 03 for 3x3 filters. Outputs of a tile that lie past the last row or
/// column are thrown away.
inline Tensor3 winograd_conv2d(const Tensor3& x, const Filters& w, const Vector& b) {
    const Filters filters = transform_filters(w);
    Tensor3 y = Tensor3::from_shape({x.shape(0), x.shape(1), w.shape(3)});
    for (std::size_t i = 0; i < y.shape(0); i += 2) {
        for (std::size_t j = 0; j < y.shape(1); j += 2) {
            const Tensor3 two = transform_outputs(multiply(transform_tile(x, i, j), filters));
            for (std::size_t n = 0; n < two.size(); ++n) {
                const std::size_t k = n / b.size(), o = n % b.size();  // output k of 0 1 / 2 3
                const std::size_t p = i + k / 2, q = j + k % 2;
                if (p < y.shape(0) && q < y.shape(1)) y(p, q, o) = two.data()[n] + b(o);
            }
        }
    }
    return y;
}

}  // namespace by_hand
