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

// The filters in another order: flipped, or with rows and columns exchanged.
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

namespace transposes {
using by_hand::conv2d, by_hand::conv2d_im2col, by_hand::filter_response;
Matrix im2col(const Tensor3& x, std::size_t kh, std::size_t kw) {
    return xt::transpose(by_hand::im2col(x, kh, kw));
}
}  // namespace transposes

}  // namespace

TEST_CASE("exercise 03: the stub is not written, the solution passes") {
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
    is_named(NST_EXERCISE(transposes), 2, "the matrix is transposed");
}
