// The history of L-BFGS, against BFGS' inverse Hessian as a dense matrix.
#include <array>
#include <limits>
#include <vector>

#include "15_lbfgs/by_hand.hpp"
#include "nst/lbfgs.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using by_hand::dot;
using nst::LbfgsHistory;
using nst::Real;
using nst::Tensor3;

namespace {

// The accumulated rounding of a whole algorithm.
constexpr double many_roundings = 1000 * epsilon;

// Steps s and y = A s, for one random symmetric positive definite matrix A.
struct Pairs {
    std::vector<Tensor3> s;
    std::vector<Tensor3> y;
};

constexpr std::size_t size = 6;
using Square = std::array<std::array<double, size>, size>;

Pairs random_pairs(int count) {
    const auto root = random_tensor<nst::Matrix>({size, size}, 50);
    Pairs pairs;
    for (int p = 0; p < count; ++p) {
        const auto s = random_tensor<Tensor3>({1, 2, 3}, static_cast<std::uint32_t>(p));
        Tensor3 y = s;
        for (std::size_t i = 0; i < size; ++i) {
            double sum = s.data()[i];
            for (std::size_t j = 0; j < size; ++j) {
                for (std::size_t k = 0; k < size; ++k) {
                    sum += double{root(k, i)} * root(k, j) * s.data()[j];
                }
            }
            y.data()[i] = static_cast<Real>(sum);
        }
        pairs.s.push_back(s);
        pairs.y.push_back(y);
    }
    return pairs;
}

// (1 - rho s y^T) H (1 - rho y s^T) + rho s s^T, [NW06] (6.17).
Square bfgs_update(const Square& h, const Tensor3& s, const Tensor3& y) {
    const double rho = 1 / dot(s, y);
    Square left{};
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j < size; ++j) {
            left[i][j] = (i == j ? 1.0 : 0.0) - rho * s.data()[i] * y.data()[j];
        }
    }
    Square updated{};
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j < size; ++j) {
            updated[i][j] = rho * s.data()[i] * s.data()[j];
            for (std::size_t k = 0; k < size; ++k) {
                for (std::size_t l = 0; l < size; ++l) {
                    updated[i][j] += left[i][k] * h[k][l] * left[j][l];
                }
            }
        }
    }
    return updated;
}

// -H g with H from gamma I by the updates of pairs first..last-1.
Tensor3 dense_direction(const Pairs& pairs, std::size_t first, const Tensor3& gradient) {
    const Tensor3& s = pairs.s.back();
    const Tensor3& y = pairs.y.back();
    Square h{};
    for (std::size_t i = 0; i < size; ++i) h[i][i] = dot(s, y) / dot(y, y);
    for (std::size_t p = first; p < pairs.s.size(); ++p) {
        h = bfgs_update(h, pairs.s[p], pairs.y[p]);
    }
    Tensor3 result = gradient;
    for (std::size_t i = 0; i < size; ++i) {
        double sum = 0;
        for (std::size_t j = 0; j < size; ++j) sum -= h[i][j] * gradient.data()[j];
        result.data()[i] = static_cast<Real>(sum);
    }
    return result;
}

LbfgsHistory history_of(const Pairs& pairs, int most) {
    LbfgsHistory history(most);
    for (std::size_t p = 0; p < pairs.s.size(); ++p) {
        CHECK(history.remember(pairs.s[p], pairs.y[p]));
    }
    return history;
}

// Checks that the history of `count` pairs equals the dense matrix of the pairs from `first` on.
void check_direction(int count, int most, std::size_t first) {
    const Pairs pairs = random_pairs(count);
    const auto gradient = random_tensor<Tensor3>({1, 2, 3}, 77);
    const LbfgsHistory history = history_of(pairs, most);
    CHECK(history.pairs() == count - static_cast<int>(first));
    CHECK(agree(history.direction(gradient), dense_direction(pairs, first, gradient),
                many_roundings));
}

}  // namespace

TEST_CASE("lbfgs: the two-loop recursion equals the product with BFGS' inverse Hessian") {
    check_direction(4, 10, 0);
}

TEST_CASE("lbfgs: a full history drops the oldest pair first") {
    check_direction(5, 2, 3);
}

TEST_CASE("lbfgs: maps the newest y to its s, and without pairs follows the negative gradient") {
    const Pairs pairs = random_pairs(3);
    LbfgsHistory history = history_of(pairs, 3);
    CHECK(agree(history.direction(pairs.y.back()), Tensor3(-pairs.s.back()), many_roundings));
    history.forget();
    CHECK(history.pairs() == 0);
    CHECK(same_bits(history.direction(pairs.y[0]), Tensor3(-pairs.y[0])));
}

TEST_CASE("lbfgs: does not store pairs without positive curvature") {
    LbfgsHistory history;
    const Tensor3 s = {{{1, 0, 2}}};
    CHECK_FALSE(history.remember(s, Tensor3{{{-1, 0, 0}}}));  // concave
    CHECK_FALSE(history.remember(s, Tensor3{{{0, 5, 0}}}));   // orthogonal
    CHECK_FALSE(history.remember(s, Tensor3{{{0, 0, 0}}}));
    CHECK_FALSE(history.remember(s, Tensor3{{{Real(1e-9), 1, 0}}}));
    CHECK_FALSE(history.remember(s, Tensor3{{{std::numeric_limits<Real>::quiet_NaN(), 1, 0}}}));
    CHECK_FALSE(history.remember(s, Tensor3{{{std::numeric_limits<Real>::infinity(), 1, 0}}}));
    CHECK(history.pairs() == 0);
    CHECK(history.remember(s, Tensor3{{{Real(1e-6), 1, 0}}}));
    CHECK(history.remember(s, Tensor3{{{Real(1e-15), 0, 0}}}));  // small, but along s
}

TEST_CASE("by_hand::direction: agrees with LbfgsHistory for none to five pairs") {
    const auto gradient = random_tensor<Tensor3>({1, 2, 3}, 77);
    for (int count = 0; count <= 5; ++count) {
        const Pairs pairs = random_pairs(count);
        const Tensor3 expected = history_of(pairs, 10).direction(gradient);
        CAPTURE(count);
        CHECK(agree(by_hand::direction(gradient, pairs.s, pairs.y), expected, many_roundings));
    }
}
