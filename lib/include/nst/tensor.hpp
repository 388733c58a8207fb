// The number type and the four array types of the library. No other header includes xtensor.
#pragma once

#include <array>
#include <cstddef>

#if __has_include(<xtensor/containers/xtensor.hpp>)  // xtensor 0.26 moved its headers
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xtensor.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xtensor.hpp>
#endif

// Two builds of the same sources: nst::f32 in libnst.so and nst::f64 in libnst_f64.so. The CMake
// target nst::nst_f64 defines NST_DOUBLE; a program may link both, one per source file.
#ifdef NST_DOUBLE
#define NST_PRECISION f64
#else
#define NST_PRECISION f32
#endif

namespace nst {
inline namespace NST_PRECISION {

/// The number type of every tensor: float in nst::nst, double in nst::nst_f64.
/// Introduced in chapter 01.
#ifdef NST_DOUBLE
using Real = double;
#else
using Real = float;
#endif

using Vector = xt::xtensor<Real, 1>;
using Matrix = xt::xtensor<Real, 2>;
/// Feature map (H, W, C), row-major, channel fastest: TensorFlow's order less the batch axis.
using Tensor3 = xt::xtensor<Real, 3>;
/// Convolution filters (kh, kw, C_in, C_out), as in the `.mat` and in TensorFlow.
using Filters = xt::xtensor<Real, 4>;
/// Picture (H, W, 3), RGB, 0 to 255.
using Image = Tensor3;

/// Height, width and channels of a feature map.
using Shape3 = std::array<std::size_t, 3>;

}  // namespace NST_PRECISION
}  // namespace nst
