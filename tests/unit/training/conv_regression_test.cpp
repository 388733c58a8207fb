// ConvRegression against the normal equations in plain loops, and against a known answer.
#include "nst/conv_regression.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include "nst/conv2d.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"
#include "support/thread_count.hpp"

using namespace nst_test;
using nst::ConvFit;
using nst::ConvRegression;
using nst::Filters;
using nst::Tensor3;
using nst::Vector;

namespace {

// The products are summed in the library's precision over some hundred positions, and the system is
// well-conditioned: a few thousand roundings.
constexpr double tolerance = 1e4 * epsilon;

// The values under the filter at one position, 0 outside, and a 1.
std::vector<double> row_at(const Tensor3& x, std::size_t i, std::size_t j) {
    std::vector<double> row;
    for (std::size_t u = 0; u < 3; ++u) {
        for (std::size_t v = 0; v < 3; ++v) {
            for (std::size_t c = 0; c < x.shape(2); ++c) {
                const bool inside =
                    i + u >= 1 && i + u <= x.shape(0) && j + v >= 1 && j + v <= x.shape(1);
                row.push_back(inside ? x(i + u - 1, j + v - 1, c) : 0);
            }
        }
    }
    row.push_back(1);
    return row;
}

// Solves a x = b by Gauss' elimination, for each column of b.
std::vector<std::vector<double>> eliminate(std::vector<std::vector<double>> a,
                                           std::vector<std::vector<double>> b) {
    const std::size_t n = a.size();
    for (std::size_t k = 0; k < n; ++k) {
        for (std::size_t i = 0; i < n; ++i) {
            if (i == k) continue;
            const double factor = a[i][k] / a[k][k];
            for (std::size_t j = 0; j < n; ++j) a[i][j] -= factor * a[k][j];
            for (std::size_t j = 0; j < b[i].size(); ++j) b[i][j] -= factor * b[k][j];
        }
    }
    for (std::size_t k = 0; k < n; ++k) {
        for (double& value : b[k]) value /= a[k][k];
    }
    return b;
}

// The definition: (P^T P + lambda I) w = P^T Z, the bias free of lambda.
ConvFit plain_fit(const Tensor3& x, const Tensor3& z, double ridge) {
    const std::size_t n = 9 * x.shape(2) + 1;
    const std::size_t outputs = z.shape(2);
    std::vector<std::vector<double>> a(n, std::vector<double>(n));
    std::vector<std::vector<double>> b(n, std::vector<double>(outputs));
    for (std::size_t i = 0; i < x.shape(0); ++i) {
        for (std::size_t j = 0; j < x.shape(1); ++j) {
            const std::vector<double> row = row_at(x, i, j);
            for (std::size_t k = 0; k < n; ++k) {
                for (std::size_t l = 0; l < n; ++l) a[k][l] += row[k] * row[l];
                for (std::size_t o = 0; o < outputs; ++o) b[k][o] += row[k] * z(i, j, o);
            }
        }
    }
    double squares = 0;
    for (std::size_t k = 0; k + 1 < n; ++k) squares += a[k][k];
    for (std::size_t k = 0; k + 1 < n; ++k) a[k][k] += ridge * squares / static_cast<double>(n - 1);
    const std::vector<std::vector<double>> w = eliminate(a, b);
    ConvFit fit{Filters::from_shape({3, 3, x.shape(2), outputs}), Vector::from_shape({outputs})};
    for (std::size_t k = 0; k < fit.filters.size(); ++k) {
        fit.filters.data()[k] = static_cast<nst::Real>(w[k / outputs][k % outputs]);
    }
    for (std::size_t o = 0; o < outputs; ++o) fit.bias(o) = static_cast<nst::Real>(w[n - 1][o]);
    return fit;
}

}  // namespace

TEST_CASE("ConvRegression: solves the normal equations as they are defined") {
    const auto x = random_tensor<Tensor3>({13, 17, 2}, 1);
    const auto z = random_tensor<Tensor3>({13, 17, 3}, 2);
    ConvRegression sums(2, 3);
    sums.add(x, z);
    for (const double ridge : {1e-5, 0.5}) {
        const ConvFit fit = sums.solve(ridge);
        const ConvFit plain = plain_fit(x, z, ridge);
        CHECK(agree(fit.filters, plain.filters, tolerance));
        CHECK(agree(fit.bias, plain.bias, tolerance));
    }
}

TEST_CASE("ConvRegression: finds the convolution that made the features") {
    const auto w = random_tensor<Filters>({3, 3, 3, 4}, 3);
    const auto b = random_tensor<Vector>({4}, 4, 5);
    ConvRegression sums(3, 4);
    for (std::uint32_t seed = 10; seed < 14; ++seed) {
        const auto x = random_tensor<Tensor3>({11, 9, 3}, seed);
        sums.add(x, nst::conv2d(x, w, b));
    }
    const ConvFit fit = sums.solve(1e-14);
    CHECK(agree(fit.filters, w, tolerance));
    CHECK(agree(fit.bias, b, tolerance));
    CHECK(sums.error(fit) < tolerance);
}

TEST_CASE("ConvRegression: the error is the share of the variance that is left") {
    const auto x = random_tensor<Tensor3>({12, 10, 2}, 5);
    const auto z = random_tensor<Tensor3>({12, 10, 2}, 6);
    ConvRegression sums(2, 2);
    sums.add(x, z);
    const ConvFit fit = sums.solve();
    const Tensor3 y = nst::conv2d(x, fit.filters, fit.bias);
    double errors = 0;
    double deviations = 0;
    for (std::size_t o = 0; o < 2; ++o) {
        double mean = 0;
        for (std::size_t k = o; k < z.size(); k += 2) mean += z.data()[k] / 120.0;
        for (std::size_t k = o; k < z.size(); k += 2) {
            errors += std::pow(y.data()[k] - z.data()[k], 2);
            deviations += std::pow(z.data()[k] - mean, 2);
        }
    }
    CHECK(agree(sums.error(fit), errors / deviations, tolerance));
    CHECK(sums.error(fit) < 1);
    // A bias alone, the mean, leaves everything.
    ConvFit bias_alone = fit;
    bias_alone.filters.fill(0);
    bias_alone.bias.fill(0);
    for (std::size_t k = 0; k < z.size(); ++k) {
        bias_alone.bias(k % 2) += static_cast<nst::Real>(z.data()[k] / 120.0);
    }
    CHECK(agree(sums.error(bias_alone), 1.0, tolerance));
}

TEST_CASE("ConvRegression: the same bits for any number of threads") {
    const auto x = random_tensor<Tensor3>({60, 50, 12}, 7);  // several blocks of rows and columns
    const auto z = random_tensor<Tensor3>({60, 50, 9}, 8);
    const auto fit_on = [&](int threads) {
        const ThreadCount count(threads);
        ConvRegression sums(12, 9);
        sums.add(x, z);
        return sums.solve();
    };
    const ConvFit one = fit_on(1);
    for (const int threads : {2, 3}) {
        const ConvFit other = fit_on(threads);
        CHECK(same_bits(other.filters, one.filters));
        CHECK(same_bits(other.bias, one.bias));
    }
}

TEST_CASE("ConvRegression: a channel that is always 0 gets filters of 0") {
    auto x = random_tensor<Tensor3>({9, 9, 2}, 9);
    for (std::size_t k = 1; k < x.size(); k += 2) x.data()[k] = 0;
    ConvRegression sums(2, 1);
    sums.add(x, random_tensor<Tensor3>({9, 9, 1}, 10));
    const ConvFit fit = sums.solve();
    for (std::size_t tap = 0; tap < 9; ++tap) CHECK(fit.filters.data()[2 * tap + 1] == 0);
}

TEST_CASE("ConvRegression: rejects what does not fit or cannot be solved") {
    const auto x = random_tensor<Tensor3>({4, 5, 2}, 11);
    const auto z = random_tensor<Tensor3>({4, 5, 3}, 12);
    CHECK(error_of([] { ConvRegression(0, 3); }).find("at least 1") != std::string::npos);
    ConvRegression sums(2, 3);
    CHECK(error_of([&] { sums.solve(); }).find("nothing was added") != std::string::npos);
    CHECK(error_of([&] { sums.add(z, x); }).find("x must be (H, W, 2)") != std::string::npos);
    CHECK(error_of([&] { sums.add(x, x); }).find("z must be (4, 5, 3)") != std::string::npos);
    CHECK(error_of([&] {
              sums.add(Tensor3::from_shape({0, 5, 2}), z);
          }).find("got 0x5x2") != std::string::npos);
    sums.add(x, z);
    for (const double ridge : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN()}) {
        CHECK(error_of([&] { sums.solve(ridge); }).find("ridge must be positive") !=
              std::string::npos);
    }
    ConvFit wrong = sums.solve();
    wrong.bias = Vector::from_shape({2});
    CHECK(error_of([&] { sums.error(wrong); }).find("with 3 biases") != std::string::npos);
    ConvRegression nothing(2, 3);
    nothing.add(Tensor3(xt::zeros<nst::Real>({4, 5, 2})), z);
    CHECK(error_of([&] { nothing.solve(); }).find("every input is 0") != std::string::npos);
    auto bad = z;
    bad(1, 1, 1) = std::numeric_limits<nst::Real>::quiet_NaN();
    sums.add(x, bad);
    CHECK(error_of([&] { sums.solve(); }).find("not finite") != std::string::npos);
}
