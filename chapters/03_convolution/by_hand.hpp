// Chapter 03 by hand: a convolution is six loops; then the same as one matrix product.
#pragma once

#include <cstddef>

#include "nst/tensor.hpp"

namespace by_hand {

using nst::Filters;
using nst::Matrix;
using nst::Real;
using nst::Tensor3;
using nst::Vector;

/// Lays filter o on the picture with its centre on (i, j), multiplies what lies on each other, and
/// adds up. The filter is not flipped.
///
/// Tap (u, v), u in 0..kh-1, v in 0..kw-1, lies on pixel (i + u - kh/2, j + v - kw/2): for a 3x3
/// filter one row above to one row below. Taps beyond the edge see the zero padding and add
/// nothing.
inline double filter_response(const Tensor3& x, const Filters& w, std::size_t i, std::size_t j,
                              std::size_t o) {
    const auto [kh, kw, inputs, outputs] = w.shape();
    double sum = 0;
    for (std::size_t u = 0; u < kh; ++u) {
        if (i + u < kh / 2 || i + u - kh / 2 >= x.shape(0)) continue;  // above or below the picture
        for (std::size_t v = 0; v < kw; ++v) {
            if (j + v < kw / 2 || j + v - kw / 2 >= x.shape(1)) continue;  // left or right of it
            for (std::size_t c = 0; c < inputs; ++c) {
                sum += static_cast<double>(x(i + u - kh / 2, j + v - kw / 2, c)) * w(u, v, c, o);
            }
        }
    }
    return sum;
}

/// y(i, j, o) = b(o) + the response of filter o at (i, j): every filter at every pixel. The
/// picture keeps its height and width.
inline Tensor3 conv2d(const Tensor3& x, const Filters& w, const Vector& b) {
    Tensor3 y = Tensor3::from_shape({x.shape(0), x.shape(1), w.shape(3)});
    for (std::size_t i = 0; i < y.shape(0); ++i) {
        for (std::size_t j = 0; j < y.shape(1); ++j) {
            for (std::size_t o = 0; o < y.shape(2); ++o) {
                y(i, j, o) = static_cast<Real>(b(o) + filter_response(x, w, i, j, o));
            }
        }
    }
    return y;
}

/// Writes for every pixel (i, j), as row i W + j, the kh kw C_in numbers that a filter sees there:
/// the number under tap (u, v), channel c, in column (u kw + v) C_in + c, and 0 where the tap lies
/// beyond the edge.
inline Matrix im2col(const Tensor3& x, std::size_t kh, std::size_t kw) {
    const auto [height, width, inputs] = x.shape();
    Matrix columns = Matrix::from_shape({height * width, kh * kw * inputs});
    for (std::size_t row = 0; row < columns.shape(0); ++row) {
        for (std::size_t column = 0; column < columns.shape(1); ++column) {
            const std::size_t p = row / width + column / (kw * inputs);  // i + u
            const std::size_t q = row % width + column / inputs % kw;    // j + v
            const bool in_rows = p >= kh / 2 && p - kh / 2 < height;
            const bool in_columns = q >= kw / 2 && q - kw / 2 < width;
            columns(row, column) =
                in_rows && in_columns ? x(p - kh / 2, q - kw / 2, column % inputs) : Real(0);
        }
    }
    return columns;
}

/// The same convolution as one matrix product: (HW, kh kw C_in) times (kh kw C_in, C_out). The
/// filters already lie in memory as that second matrix, tap after tap, and y as the result.
inline Tensor3 conv2d_im2col(const Tensor3& x, const Filters& w, const Vector& b) {
    const Matrix columns = im2col(x, w.shape(0), w.shape(1));
    Tensor3 y = Tensor3::from_shape({x.shape(0), x.shape(1), w.shape(3)});
    for (std::size_t row = 0; row < columns.shape(0); ++row) {
        for (std::size_t o = 0; o < y.shape(2); ++o) {
            double sum = b(o);
            for (std::size_t k = 0; k < columns.shape(1); ++k) {
                sum += static_cast<double>(columns(row, k)) * w.data()[k * y.shape(2) + o];
            }
            y.data()[row * y.shape(2) + o] = static_cast<Real>(sum);
        }
    }
    return y;
}

}  // namespace by_hand
