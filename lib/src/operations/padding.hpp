// Where a convolution reads outside the image.
#pragma once

#include <algorithm>
#include <cstdlib>

#include "base/view.hpp"
#include "nst/conv2d.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Returns the index that `at` is read from on an axis of `size` pixels: `at` itself inside the
/// image, -1 where the padding reads a zero.
inline std::ptrdiff_t source_index(std::ptrdiff_t at, std::size_t size, Padding padding) {
    const auto last = static_cast<std::ptrdiff_t>(size) - 1;
    if (at >= 0 && at <= last) return at;
    if (padding == Padding::zero) return -1;
    if (padding == Padding::replicate || last == 0) return std::clamp<std::ptrdiff_t>(at, 0, last);
    const std::ptrdiff_t period = 2 * last;  // there and back
    const std::ptrdiff_t way = std::abs(at) % period;
    return std::min(way, period - way);
}

/// Copies the channels of a pixel of x, which may lie outside the image.
inline void copy_pixel(FeatureView x, std::ptrdiff_t row, std::ptrdiff_t column, Padding padding,
                       Real* to) {
    const std::ptrdiff_t i = source_index(row, x.height(), padding);
    const std::ptrdiff_t j = source_index(column, x.width(), padding);
    if (i < 0 || j < 0) {
        std::fill_n(to, x.channels(), Real(0));
    } else {
        std::copy_n(x.at(static_cast<std::size_t>(i), static_cast<std::size_t>(j)), x.channels(),
                    to);
    }
}

}  // namespace NST_PRECISION
}  // namespace nst
