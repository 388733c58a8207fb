#include "07_gram_matrix/by_hand.hpp"
#include "07_gram_matrix/check.hpp"
#include "07_gram_matrix/exercise.hpp"
#include "course/checking.hpp"

using checking::is_named;
using nst::Matrix;
using nst::Tensor3;

namespace {

// Shared by all mistakes but the last ones: a loop over pairs and positions.
template <class Term>
Matrix gram_of(const Tensor3& x, const Term& term) {
    Matrix gram = xt::zeros<double>({x.shape(2), x.shape(2)});
    for (std::size_t a = 0; a < x.shape(2); ++a) {
        for (std::size_t b = 0; b < x.shape(2); ++b) {
            for (std::size_t i = 0; i < x.shape(0); ++i) {
                for (std::size_t j = 0; j < x.shape(1); ++j) term(gram(a, b), i, j, a, b);
            }
        }
    }
    return gram;
}

namespace divided {
Matrix gram_matrix(const Tensor3& x) {
    return by_hand::gram_matrix(x) / static_cast<double>(x.shape(0) * x.shape(1));
}
}  // namespace divided

namespace overwritten {
Matrix gram_matrix(const Tensor3& x) {
    return gram_of(x, [&](double& sum, std::size_t i, std::size_t j, std::size_t a, std::size_t b) {
        sum = x(i, j, a) * x(i, j, b);
    });
}
}  // namespace overwritten

namespace reshaped {
Matrix gram_matrix(const Tensor3& x) {
    const std::size_t positions = x.shape(0) * x.shape(1);
    return gram_of(x, [&](double& sum, std::size_t i, std::size_t j, std::size_t a, std::size_t b) {
        const std::size_t p = i * x.shape(1) + j;
        sum += x.data()[a * positions + p] * x.data()[b * positions + p];
    });
}
}  // namespace reshaped

namespace upper_half {
Matrix gram_matrix(const Tensor3& x) {
    return gram_of(x, [&](double& sum, std::size_t i, std::size_t j, std::size_t a, std::size_t b) {
        if (a == b) sum += x(i, j, a) * x(i, j, b);
    });
}
}  // namespace upper_half

namespace of_positions {
Matrix gram_matrix(const Tensor3& x) {
    const std::size_t positions = x.shape(0) * x.shape(1);
    Matrix gram = xt::zeros<double>({positions, positions});
    for (std::size_t k = 0; k < positions * x.size(); ++k) {
        const std::size_t c = k % x.shape(2);
        const std::size_t q = k / x.shape(2) % positions;
        const std::size_t p = k / x.size();
        gram(p, q) += x.data()[p * x.shape(2) + c] * x.data()[q * x.shape(2) + c];
    }
    return gram;
}
}  // namespace of_positions

namespace started_at_random {
Matrix gram_matrix(const Tensor3& x) {
    return by_hand::gram_matrix(x) + -5e303;  // the value that fills new memory during a check
}
}  // namespace started_at_random

namespace never_reset {
Matrix gram_matrix(const Tensor3& x) {
    double sum = 0;
    return gram_of(x, [&](double& g, std::size_t i, std::size_t j, std::size_t a, std::size_t b) {
        sum += x(i, j, a) * x(i, j, b);
        g = sum;
    });
}
}  // namespace never_reset

namespace reset_for_each_row {
Matrix gram_matrix(const Tensor3& x) {
    double sum = 0;
    return gram_of(x, [&](double& g, std::size_t i, std::size_t j, std::size_t a, std::size_t b) {
        if (b == 0 && i == 0 && j == 0) sum = 0;
        sum += x(i, j, a) * x(i, j, b);
        g = sum;
    });
}
}  // namespace reset_for_each_row

// Mimics sums that start from uninitialised memory, except for the first two.
namespace on_what_was_there {
Matrix gram_matrix(const Tensor3& x) {
    Matrix gram = by_hand::gram_matrix(x);
    for (std::size_t k = 2; k < gram.size(); ++k) gram.data()[k] *= 2;
    return gram;
}
}  // namespace on_what_was_there

course::Exercise with(Matrix (*gram_matrix)(const Tensor3&)) {
    return check_07::exercise({gram_matrix});
}

}  // namespace

TEST_CASE("exercise 07: the stub counts as not written, the solution passes") {
    checking::is_not_written(NST_EXERCISE(exercise));
    checking::passes(NST_EXERCISE(by_hand));
}

TEST_CASE("exercise 07: mistakes are named") {
    is_named(with(divided::gram_matrix), 0, "the sum is divided by H W: here nothing is divided");
    is_named(with(overwritten::gram_matrix), 0, "only the last position counts");
    is_named(with(reshaped::gram_matrix), 0, "the numbers are read as (C, HW)");
    is_named(with(upper_half::gram_matrix), 0, "right on the diagonal, 0 elsewhere");
    is_named(with(of_positions::gram_matrix), 0, "it is the matrix of the positions");
    is_named(with(started_at_random::gram_matrix), 0, "not a sensible number");
    is_named(with(never_reset::gram_matrix), 0, "each number has the ones before it in it");
    is_named(with(reset_for_each_row::gram_matrix), 0, "each number has the ones before it in it");
}

TEST_CASE("exercise 07: a hint holds for the shown case, and a named mistake is the only one") {
    const auto hints = [](Matrix (*gram_matrix)(const Tensor3&)) {
        return checking::findings(with(gram_matrix)).at(0).hints;
    };
    CHECK(hints(never_reset::gram_matrix).size() == 1);
    CHECK(hints(upper_half::gram_matrix).size() == 1);
    for (const std::string& hint : hints(on_what_was_there::gram_matrix)) {
        INFO(hint);
        CHECK(hint.find("right except") == std::string::npos);
        CHECK(hint.find("only in") == std::string::npos);
    }
}
