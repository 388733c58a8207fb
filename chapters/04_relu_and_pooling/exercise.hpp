// Exercise 04: the two small layers, ReLU and pooling.
// Leave this file as it is: yours is a copy of it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "nst/error.hpp"
#include "nst/pooling.hpp"
#include "nst/tensor.hpp"

namespace exercise {

using nst::Real;
using nst::Tensor3;

/// y = max(x, 0): keeps what is positive, for each value by itself.
///
/// `Tensor3::from_shape(x.shape())` makes y; `x.data()[k]` is value k of `x.size()`.
inline Tensor3 relu(const Tensor3& x) {
    throw nst::Error("relu: not written yet");
}

/// y(i, j, c) = the mean of window (i, j): rows 2i and 2i + 1, columns 2j and 2j + 1.
///
/// There are ceil(H/2) rows of windows and ceil(W/2) in each: when H or W is odd the last ones
/// reach over the edge. Only pixels inside count, in the sum and in the divisor.
inline Tensor3 average_pool(const Tensor3& x) {
    throw nst::Error("average_pool: not written yet");
}

/// y(i, j, c) = the largest value of window (i, j), for the same windows. Pixels beyond the edge do
/// not take part, not even as zeros. Of equal values the first in reading order wins.
///
/// The result has `y`, `argmax` (which of the window's pixels won, 0 1 in the upper row and 2 3 in
/// the lower one) and `x_shape`:
///
///     nst::MaxPooled pooled{{}, {}, x.shape()};
///     pooled.y.resize({rows, columns, channels});
///     pooled.argmax.resize(pooled.y.shape());
inline nst::MaxPooled max_pool(const Tensor3& x) {
    throw nst::Error("max_pool: not written yet");
}

}  // namespace exercise
