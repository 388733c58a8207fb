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

/// Calls visit(y, x, weight) for each product of the convolution: y and x are the places of an
/// output value and of the input value that it reads. Taps that read a zero are left out.
template <class Visit>
void each_product(const nst::Shape3& image, const nst::Filters& w, nst::Padding padding,
                  const Visit& visit) {
    const auto inside = [&](std::ptrdiff_t at, std::size_t size) {
        return at >= 0 && at < static_cast<std::ptrdiff_t>(size);
    };
    const std::size_t kw = w.shape(1);
    const std::size_t inputs = w.shape(2);
    const std::size_t outputs = w.shape(3);
    const auto visit_tap = [&](std::size_t pixel, std::size_t source, std::size_t tap) {
        const nst::Real* weights = w.data() + tap * inputs * outputs;
        for (std::size_t k = 0; k < inputs * outputs; ++k) {
            visit(pixel * outputs + k % outputs, source * inputs + k / outputs,
                  static_cast<double>(weights[k]));
        }
    };
    for (std::size_t pixel = 0; pixel < image[0] * image[1]; ++pixel) {
        for (std::size_t tap = 0; tap < w.shape(0) * kw; ++tap) {
            const auto row = static_cast<std::ptrdiff_t>(pixel / image[1] + tap / kw) -
                             static_cast<std::ptrdiff_t>(w.shape(0) / 2);
            const auto column = static_cast<std::ptrdiff_t>(pixel % image[1] + tap % kw) -
                                static_cast<std::ptrdiff_t>(kw / 2);
            if (padding == nst::Padding::zero &&
                !(inside(row, image[0]) && inside(column, image[1])))
                continue;
            visit_tap(pixel,
                      walk_inside(row, image[0], padding) * image[1] +
                          walk_inside(column, image[1], padding),
                      tap);
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
    each_product(x.shape(), w, padding, [&](auto to, auto from, double weight) {
        y[to] += weight * static_cast<double>(x.data()[from]);
    });
    return rounded(y, shape);
}

inline nst::Tensor3 loop_conv2d_backward(const nst::Tensor3& dy, const nst::Filters& w,
                                         nst::Padding padding) {
    const nst::Shape3 shape = {dy.shape(0), dy.shape(1), w.shape(2)};
    std::vector<double> dx(shape[0] * shape[1] * shape[2]);
    each_product(dy.shape(), w, padding, [&](auto from, auto to, double weight) {
        dx[to] += weight * static_cast<double>(dy.data()[from]);
    });
    return rounded(dx, shape);
}

}  // namespace nst_test
