// Chapter 04 by hand: the two small layers, ReLU and pooling.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "nst/pooling.hpp"
#include "nst/tensor.hpp"

namespace by_hand {

using nst::Real;
using nst::Tensor3;

/// y = max(x, 0): keeps what is positive, for each value by itself.
inline Tensor3 relu(const Tensor3& x) {
    Tensor3 y = Tensor3::from_shape(x.shape());
    for (std::size_t k = 0; k < x.size(); ++k) y.data()[k] = std::max(x.data()[k], Real(0));
    return y;
}

/// y(i, j, c) = the mean of window (i, j): rows 2i and 2i + 1, columns 2j and 2j + 1.
///
/// There are ceil(H/2) rows of windows and ceil(W/2) in each: when H or W is odd the last ones
/// reach over the edge ("SAME" padding). Only pixels inside count, in the sum and in the divisor,
/// which is 4, 2 or 1.
inline Tensor3 average_pool(const Tensor3& x) {
    const auto [height, width, channels] = x.shape();
    Tensor3 y = Tensor3::from_shape({(height + 1) / 2, (width + 1) / 2, channels});
    for (std::size_t i = 0; i < y.shape(0); ++i) {
        for (std::size_t j = 0; j < y.shape(1); ++j) {
            for (std::size_t c = 0; c < channels; ++c) {
                double sum = 0;
                int count = 0;
                for (std::size_t p = 2 * i; p < std::min(2 * i + 2, height); ++p) {
                    for (std::size_t q = 2 * j; q < std::min(2 * j + 2, width); ++q) {
                        sum += x(p, q, c);
                        ++count;
                    }
                }
                y(i, j, c) = static_cast<Real>(sum / count);
            }
        }
    }
    return y;
}

/// y(i, j, c) = the largest value of window (i, j), for the same windows. Padding never wins: a
/// window at the edge looks at the pixels inside alone.
///
/// `argmax` keeps which pixel won, 0 1 in the upper row and 2 3 in the lower one, for the way back
/// (chapter 11). Of equal values the first in reading order wins: only a larger one replaces it.
inline nst::MaxPooled max_pool(const Tensor3& x) {
    const auto [height, width, channels] = x.shape();
    nst::MaxPooled pooled{{}, {}, x.shape()};
    pooled.y.resize({(height + 1) / 2, (width + 1) / 2, channels});
    pooled.argmax.resize(pooled.y.shape());
    for (std::size_t i = 0; i < pooled.y.shape(0); ++i) {
        for (std::size_t j = 0; j < pooled.y.shape(1); ++j) {
            for (std::size_t c = 0; c < channels; ++c) {
                pooled.y(i, j, c) = x(2 * i, 2 * j, c);  // pixel 0 is always inside
                pooled.argmax(i, j, c) = 0;
                for (std::uint8_t place = 1; place < 4; ++place) {
                    const std::size_t p = 2 * i + place / 2;
                    const std::size_t q = 2 * j + place % 2;
                    if (p < height && q < width && x(p, q, c) > pooled.y(i, j, c)) {
                        pooled.y(i, j, c) = x(p, q, c);
                        pooled.argmax(i, j, c) = place;
                    }
                }
            }
        }
    }
    return pooled;
}

}  // namespace by_hand
