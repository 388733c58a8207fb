#include <algorithm>

#include "03_convolution/by_hand.hpp"
#include "03_convolution/check.hpp"
#include "03_convolution/exercise.hpp"
#include "course/checking.hpp"

using checking::is_named;
using nst::Filters;
using nst::Matrix;
using nst::Tensor3;
using nst::Vector;

namespace {

// The filters in a different order: flipped, or with rows and columns exchanged.
template <class Place>
Filters reordered(const Filters& w, const Place& place) {
    Filters result = w;
    for (std::size_t u = 0; u < w.shape(0); ++u) {
        for (std::size_t v = 0; v < w.shape(1); ++v) {
            for (std::size_t c = 0; c < w.shape(2); ++c) {
                for (std::size_t o = 0; o < w.shape(3); ++o) {
                    const auto [from_u, from_v] = place(u, v, w.shape(0) - 1);
                    result(u, v, c, o) = w(from_u, from_v, c, o);
                }
            }
        }
    }
    return result;
}

Filters flipped(const Filters& w) {
    return reordered(w, [](auto u, auto v, auto last) { return std::pair(last - u, last - v); });
}

namespace flips {
double filter_response(const Tensor3& x, const Filters& w, std::size_t i, std::size_t j,
                       std::size_t o) {
    return by_hand::filter_response(x, flipped(w), i, j, o);
}
Tensor3 conv2d(const Tensor3& x, const Filters& w, const Vector& b) {
    return by_hand::conv2d(x, flipped(w), b);
}
using by_hand::conv2d_im2col, by_hand::im2col;
}  // namespace flips

namespace exchanges_axes {
using by_hand::conv2d_im2col, by_hand::filter_response, by_hand::im2col;
Tensor3 conv2d(const Tensor3& x, const Filters& w, const Vector& b) {
    return by_hand::conv2d(x, reordered(w, [](auto u, auto v, auto) { return std::pair(v, u); }),
                           b);
}
}  // namespace exchanges_axes

namespace no_bias {
using by_hand::filter_response, by_hand::im2col;
Tensor3 conv2d(const Tensor3& x, const Filters& w, const Vector& b) {
    return by_hand::conv2d(x, w, 0 * b);
}
Tensor3 conv2d_im2col(const Tensor3& x, const Filters& w, const Vector& b) {
    return by_hand::conv2d_im2col(x, w, 0 * b);
}
}  // namespace no_bias

namespace one_channel {
using by_hand::conv2d_im2col, by_hand::filter_response, by_hand::im2col;
Tensor3 conv2d(const Tensor3& x, const Filters& w, const Vector& b) {
    Filters first = w;
    for (std::size_t k = 0; k < w.size(); ++k) {
        if (k / w.shape(3) % w.shape(2) > 0) first.data()[k] = 0;
    }
    return by_hand::conv2d(x, first, b);
}
}  // namespace one_channel

// The pixel under a filter tap, at (i + u - kh/2, j + v - kw/2), or the nearest one inside the
// image.
namespace repeats_the_edge {
using by_hand::conv2d, by_hand::conv2d_im2col;
double filter_response(const Tensor3& x, const Filters& w, std::size_t i, std::size_t j,
                       std::size_t o) {
    const auto inside = [](std::size_t tapped, std::size_t reach, std::size_t size) {
        return tapped < reach ? 0 : std::min(tapped - reach, size - 1);
    };
    double sum = 0;
    for (std::size_t u = 0; u < w.shape(0); ++u) {
        for (std::size_t v = 0; v < w.shape(1); ++v) {
            for (std::size_t c = 0; c < w.shape(2); ++c) {
                const std::size_t p = inside(i + u, w.shape(0) / 2, x.shape(0));
                const std::size_t q = inside(j + v, w.shape(1) / 2, x.shape(1));
                sum += x(p, q, c) * w(u, v, c, o);
            }
        }
    }
    return sum;
}
Matrix im2col(const Tensor3& x, std::size_t kh, std::size_t kw) {
    Matrix columns = by_hand::im2col(x, kh, kw);
    for (std::size_t column = 0; column < columns.shape(1); ++column) {
        Filters one = xt::zeros<double>({kh, kw, x.shape(2), std::size_t(1)});
        one.data()[column] = 1;
        for (std::size_t row = 0; row < columns.shape(0); ++row) {
            columns(row, column) = filter_response(x, one, row / x.shape(1), row % x.shape(1), 0);
        }
    }
    return columns;
}
}  // namespace repeats_the_edge

namespace begins_at_the_pixel {
using by_hand::conv2d_im2col, by_hand::filter_response, by_hand::im2col;
Tensor3 conv2d(const Tensor3& x, const Filters& w, const Vector& b) {
    Tensor3 y = Tensor3::from_shape({x.shape(0), x.shape(1), w.shape(3)});
    for (std::size_t i = 0; i < x.shape(0); ++i) {
        for (std::size_t j = 0; j < x.shape(1); ++j) {
            for (std::size_t o = 0; o < w.shape(3); ++o) {
                y(i, j, o) = b(o);
                for (std::size_t u = 0; u < w.shape(0) && i + u < x.shape(0); ++u) {
                    for (std::size_t v = 0; v < w.shape(1) && j + v < x.shape(1); ++v) {
                        for (std::size_t c = 0; c < w.shape(2); ++c) {
                            y(i, j, o) += x(i + u, j + v, c) * w(u, v, c, o);
                        }
                    }
                }
            }
        }
    }
    return y;
}
}  // namespace begins_at_the_pixel

namespace bias_in_the_loop {
using by_hand::conv2d, by_hand::filter_response, by_hand::im2col;
Tensor3 conv2d_im2col(const Tensor3& x, const Filters& w, const Vector& b) {
    return by_hand::conv2d_im2col(x, w, double(w.shape(0) * w.shape(1) * w.shape(2)) * b);
}
}  // namespace bias_in_the_loop

namespace channels_first {
using by_hand::conv2d, by_hand::conv2d_im2col, by_hand::filter_response;
Matrix im2col(const Tensor3& x, std::size_t kh, std::size_t kw) {
    const Matrix right = by_hand::im2col(x, kh, kw);
    Matrix columns = right;
    std::size_t column = 0;
    for (std::size_t c = 0; c < x.shape(2); ++c) {
        for (std::size_t tap = 0; tap < kh * kw; ++tap, ++column) {
            for (std::size_t row = 0; row < right.shape(0); ++row) {
                columns(row, column) = right(row, tap * x.shape(2) + c);
            }
        }
    }
    return columns;
}
}  // namespace channels_first

namespace transposes {
using by_hand::conv2d, by_hand::conv2d_im2col, by_hand::filter_response;
Matrix im2col(const Tensor3& x, std::size_t kh, std::size_t kw) {
    return xt::transpose(by_hand::im2col(x, kh, kw));
}
}  // namespace transposes

}  // namespace

TEST_CASE("exercise 03: the stub counts as not written, the solution passes") {
    checking::passes(NST_EXERCISE(by_hand));
    checking::is_not_written(NST_EXERCISE(exercise));
}

TEST_CASE("exercise 03: mistakes are named") {
    is_named(NST_EXERCISE(flips), 0, "the filter is flipped");
    is_named(NST_EXERCISE(flips), 1, "the filter is flipped");
    is_named(NST_EXERCISE(exchanges_axes), 1, "the filter's rows and columns are exchanged");
    is_named(NST_EXERCISE(no_bias), 1, "the bias is missing");
    is_named(NST_EXERCISE(no_bias), 3, "the bias is missing");
    is_named(NST_EXERCISE(one_channel), 1, "only the first input channel");
    is_named(NST_EXERCISE(repeats_the_edge), 0, "beyond the edge the nearest pixel counts");
    is_named(NST_EXERCISE(repeats_the_edge), 2, "beyond the edge the nearest pixel counts");
    is_named(NST_EXERCISE(begins_at_the_pixel), 1, "the filter's first tap lies on the pixel");
    is_named(NST_EXERCISE(bias_in_the_loop), 3, "the bias is added once for each tap");
    is_named(NST_EXERCISE(channels_first), 2, "the columns are sorted by channel first");
    is_named(NST_EXERCISE(transposes), 2, "the matrix is transposed");
}
