// Exercise 14: a 3x3 convolution in tiles of 2x2 outputs, each with 16 multiplications instead of
// 36: F(2x2, 3x3) of Winograd's minimal filtering [LG16].
//
// The chapter derives, for two outputs of four pixels d and three taps g,
//
//     m0 = (d0 - d2) g0                 m1 = (d1 + d2) (g0 + g1 + g2) / 2
//     m3 = (d1 - d3) g2                 m2 = (d2 - d1) (g0 - g1 + g2) / 2
//     y0 = m0 + m1 + m2                 y1 = m1 - m2 - m3
//
// Each m is a sum of d's times a sum of g's. The matrix B^T has the sums of d's, a row for each m;
// G those of the g's; A^T makes the y's of the m's.
// Leave this file as it is: yours is a copy of it.
#pragma once

#include <cstddef>

#include "nst/error.hpp"
#include "nst/tensor.hpp"

namespace exercise {

using nst::Filters, nst::Matrix, nst::Real, nst::Tensor3, nst::Vector;

/// M x M^T for every channel: x is (n, n, ...), the result (m, m, ...) for an M of m rows and n
/// columns. This one is written; M may be a matrix such as `Matrix{{1, 2, 3}, {4, 5, 6}}`, row by
/// row.
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
    throw nst::Error("transform_filters: not written yet");
}

/// B^T d B of every channel, (4, 4, C), where d is what the outputs (i, j) to (i + 1, j + 1) see:
/// the pixels (i - 1, j - 1) to (i + 2, j + 2), and zeros outside the picture.
inline Tensor3 transform_tile(const Tensor3& x, std::size_t i, std::size_t j) {
    throw nst::Error("transform_tile: not written yet");
}

/// The 16 products of each pair of channels, added up over the input channels: (4, 4, C_in) and
/// (4, 4, C_in, C_out) to (4, 4, C_out). Sum in double.
inline Tensor3 multiply(const Tensor3& tile, const Filters& filters) {
    throw nst::Error("multiply: not written yet");
}

/// A^T m A of every channel: (4, 4, C_out) to (2, 2, C_out).
inline Tensor3 transform_outputs(const Tensor3& m) {
    throw nst::Error("transform_outputs: not written yet");
}

/// The convolution of chapter 03 for 3x3 filters, with the bias b. Outputs of a tile that lie past
/// the last row or column are thrown away.
inline Tensor3 winograd_conv2d(const Tensor3& x, const Filters& w, const Vector& b) {
    throw nst::Error("winograd_conv2d: not written yet");
}

}  // namespace exercise
