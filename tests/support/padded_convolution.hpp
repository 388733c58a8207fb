// Convolution with padding as loops over the taps, in double.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "nst/conv2d.hpp"

namespace nst_test {

inline constexpr std::array paddings = {nst::Padding::zero, nst::Padding::reflect,
                                        nst::Padding::replicate};
inline constexpr std::array flat_paddings = {nst::Padding::reflect, nst::Padding::replicate};

/// Walks to the pixel that a position outside an axis of `size` pixels is read from.
inline std::size_t walk_inside(std::ptrdiff_t at, std::size_t size, nst::Padding padding) {
    const auto end = static_cast<std::ptrdiff_t>(size);
    while (at < 0 || at >= end) {
        if (padding == nst::Padding::replicate || size == 1) {
            at += at < 0 ? 1 : -1;
        } else {
            at = at < 0 ? -at : 2 * end - 2 - at;
        }
    }
    return static_cast<std::size_t>(at);
}

/// Calls visit(i, j, p, q, u, v) for each tap (u, v) of each output (i, j), where (p, q) is the
/// pixel that the tap reads. Taps that read a zero are left out.
template <class Visit>
void each_tap(const nst::Shape3& image, const nst::Filters& w, nst::Padding padding,
              const Visit& visit) {
    const auto inside = [&](std::ptrdiff_t at, std::size_t size) {
        return at >= 0 && at < static_cast<std::ptrdiff_t>(size);
    };
    for (std::size_t i = 0; i < image[0]; ++i) {
        for (std::size_t j = 0; j < image[1]; ++j) {
            for (std::size_t u = 0; u < w.shape(0); ++u) {
                for (std::size_t v = 0; v < w.shape(1); ++v) {
                    const auto row = static_cast<std::ptrdiff_t>(i + u) -
                                     static_cast<std::ptrdiff_t>(w.shape(0) / 2);
                    const auto column = static_cast<std::ptrdiff_t>(j + v) -
                                        static_cast<std::ptrdiff_t>(w.shape(1) / 2);
                    if (padding == nst::Padding::zero &&
                        !(inside(row, image[0]) && inside(column, image[1])))
                        continue;
                    visit(i, j, walk_inside(row, image[0], padding),
                          walk_inside(column, image[1], padding), u, v);
                }
            }
        }
    }
}

inline nst::Tensor3 rounded(const std::vector<double>& sums, const nst::Shape3& shape) {
    nst::Tensor3 result = nst::Tensor3::from_shape(shape);
    for (std::size_t k = 0; k < sums.size(); ++k) {
        result.data()[k] = static_cast<nst::Real>(sums[k]);
    }
    return result;
}

inline nst::Tensor3 loop_conv2d(const nst::Tensor3& x, const nst::Filters& w, const nst::Vector& b,
                                nst::Padding padding) {
    const nst::Shape3 shape = {x.shape(0), x.shape(1), w.shape(3)};
    std::vector<double> y(shape[0] * shape[1] * shape[2]);
    for (std::size_t k = 0; k < y.size(); ++k) y[k] = static_cast<double>(b(k % shape[2]));
    each_tap(x.shape(), w, padding, [&](auto i, auto j, auto p, auto q, auto u, auto v) {
        for (std::size_t o = 0; o < w.shape(3); ++o) {
            for (std::size_t c = 0; c < w.shape(2); ++c) {
                y[(i * shape[1] + j) * shape[2] + o] +=
                    static_cast<double>(x(p, q, c)) * static_cast<double>(w(u, v, c, o));
            }
        }
    });
    return rounded(y, shape);
}

inline nst::Tensor3 loop_conv2d_backward(const nst::Tensor3& dy, const nst::Filters& w,
                                         nst::Padding padding) {
    const nst::Shape3 shape = {dy.shape(0), dy.shape(1), w.shape(2)};
    std::vector<double> dx(shape[0] * shape[1] * shape[2]);
    each_tap(dy.shape(), w, padding, [&](auto i, auto j, auto p, auto q, auto u, auto v) {
        for (std::size_t o = 0; o < w.shape(3); ++o) {
            for (std::size_t c = 0; c < w.shape(2); ++c) {
                dx[(p * shape[1] + q) * shape[2] + c] +=
                    static_cast<double>(dy(i, j, o)) * static_cast<double>(w(u, v, c, o));
            }
        }
    });
    return rounded(dx, shape);
}

}  // namespace nst_test
