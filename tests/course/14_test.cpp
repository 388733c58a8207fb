#include "14_faster_convolution/by_hand.hpp"
#include "14_faster_convolution/check.hpp"
#include "14_faster_convolution/exercise.hpp"
#include "course/checking.hpp"

using checking::is_named;
using nst::Filters;
using nst::Matrix;
using nst::Tensor3;
using nst::Vector;

namespace {

namespace no_halves {
Filters transform_filters(const Filters& w) {
    return by_hand::both_ways(Matrix{{1, 0, 0}, {1, 1, 1}, {1, -1, 1}, {0, 0, 1}}, w);
}
}  // namespace no_halves

namespace from_the_corner {
Tensor3 transform_tile(const Tensor3& x, std::size_t i, std::size_t j) {
    return by_hand::transform_tile(x, i + 1, j + 1);
}
}  // namespace from_the_corner

namespace not_transposed {
Tensor3 transform_tile(const Tensor3& x, std::size_t i, std::size_t j) {
    Tensor3 d = xt::zeros<double>({std::size_t{4}, std::size_t{4}, x.shape(2)});
    for (std::size_t n = 0; n < d.size(); ++n) {
        const std::size_t p = i + n / x.shape(2) / 4, q = j + n / x.shape(2) % 4;
        if (p < 1 || p > x.shape(0) || q < 1 || q > x.shape(1)) continue;
        d.data()[n] = x(p - 1, q - 1, n % x.shape(2));
    }
    return by_hand::both_ways(Matrix{{1, 0, 0, 0}, {0, 1, -1, 1}, {-1, 1, 1, 0}, {0, 0, 0, -1}}, d);
}
}  // namespace not_transposed

namespace one_channel {
Tensor3 multiply(const Tensor3& tile, const Filters& filters) {
    Tensor3 m = Tensor3::from_shape({4, 4, filters.shape(3)});
    for (std::size_t n = 0; n < m.size(); ++n) {
        const std::size_t k = n / m.shape(2);
        m.data()[n] = tile(k / 4, k % 4, 0) * filters(k / 4, k % 4, 0, n % m.shape(2));
    }
    return m;
}
}  // namespace one_channel

namespace wrong_sign {
Tensor3 transform_outputs(const Tensor3& m) {
    return by_hand::both_ways(Matrix{{1, 1, 1, 0}, {0, 1, -1, 1}}, m);
}
}  // namespace wrong_sign

// Computes tile by tile, adding the bias where `early` says; odd sizes lose the last row and
// column.
Tensor3 in_tiles(const Tensor3& x, const Filters& w, const Vector& b, bool early, bool whole) {
    const Filters filters = by_hand::transform_filters(w);
    Tensor3 y = xt::zeros<double>({x.shape(0), x.shape(1), w.shape(3)});
    for (std::size_t n = 0; n < y.size(); ++n) {
        const std::size_t o = n % b.size(), p = n / b.size() / x.shape(1);
        const std::size_t q = n / b.size() % x.shape(1);
        if (whole && (p / 2 * 2 + 2 > x.shape(0) || q / 2 * 2 + 2 > x.shape(1))) continue;
        Tensor3 m = by_hand::multiply(by_hand::transform_tile(x, p / 2 * 2, q / 2 * 2), filters);
        for (std::size_t k = 0; early && k < m.size(); ++k) m.data()[k] += b(k % b.size());
        y.data()[n] = by_hand::transform_outputs(m)(p % 2, q % 2, o) + (early ? 0 : b(o));
    }
    return y;
}

namespace early_bias {
Tensor3 winograd_conv2d(const Tensor3& x, const Filters& w, const Vector& b) {
    return in_tiles(x, w, b, true, false);
}
}  // namespace early_bias

namespace whole_tiles_only {
Tensor3 winograd_conv2d(const Tensor3& x, const Filters& w, const Vector& b) {
    return in_tiles(x, w, b, false, true);
}
}  // namespace whole_tiles_only

template <class Member, class Wrong>
course::Exercise with(Member member, Wrong wrong) {
    return check_14::exercise(checking::replaced(NST_FUNCTIONS(by_hand), member, wrong));
}

}  // namespace

TEST_CASE("exercise 14: the stub counts as not written, the solution passes") {
    checking::passes(NST_EXERCISE(by_hand));
    checking::is_not_written(NST_EXERCISE(exercise));
}

TEST_CASE("exercise 14: mistakes are named") {
    using F = check_14::Functions;
    is_named(with(&F::transform_filters, no_halves::transform_filters), 0,
             "the two rows in the middle of G lack their 1/2");
    is_named(with(&F::transform_tile, from_the_corner::transform_tile), 1,
             "the patch begins at (i, j)");
    is_named(with(&F::transform_tile, not_transposed::transform_tile), 1, "that is B d B^T");
    is_named(with(&F::multiply, one_channel::multiply), 2, "only the first input channel counts");
    is_named(with(&F::transform_outputs, wrong_sign::transform_outputs), 3,
             "y1 is m1 - m2 - m3: the last sign is wrong");
    is_named(with(&F::winograd_conv2d, early_bias::winograd_conv2d), 4,
             "the bias is added to every m");
    is_named(
        with(&F::winograd_conv2d, whole_tiles_only::winograd_conv2d), 4,
        "right on even sizes only: what about the tiles that reach past the last row or column?");
}
