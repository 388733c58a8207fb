// The array types of the library. No other header includes xtensor.
#pragma once

#include <array>
#include <cstddef>

#include "nst/precision.hpp"

#if __has_include(<xtensor/containers/xtensor.hpp>)  // xtensor 0.26 moved its headers
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xtensor.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xtensor.hpp>
#endif

namespace nst {
inline namespace NST_PRECISION {

/// One number per channel, such as the biases of a convolution.
/// Introduced in chapter 03.
using Vector = xt::xtensor<Real, 1, xt::layout_type::row_major>;

/// Matrix (rows, columns), row-major.
/// Introduced in chapter 03.
using Matrix = xt::xtensor<Real, 2, xt::layout_type::row_major>;

/// Feature map (H, W, C), row-major, channel fastest: TensorFlow's order less the batch axis.
/// Introduced in chapter 01.
using Tensor3 = xt::xtensor<Real, 3, xt::layout_type::row_major>;

/// Convolution filters (kh, kw, C_in, C_out), as in the `.mat` and in TensorFlow.
/// Introduced in chapter 02.
using Filters = xt::xtensor<Real, 4, xt::layout_type::row_major>;

/// Image (H, W, 3), RGB, 0 to 255.
/// Introduced in chapter 01.
using Image = Tensor3;

/// Height, width and channels of a feature map.
/// Introduced in chapter 04.
using Shape3 = std::array<std::size_t, 3>;

}  // namespace NST_PRECISION
}  // namespace nst
