#include "training/channel_choice.hpp"

#include <algorithm>
#include <cmath>

#include "nst/gram_matrix.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

// A channel is explained when less of its variance than this is left.
constexpr double nothing_left = 1e-9;

// m(C, C), row-major.
std::size_t side_of(const std::vector<double>& m) {
    return static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(m.size()))));
}

// Returns use * residual.
std::vector<double> product(const std::vector<double>& use, const std::vector<double>& residual) {
    const std::size_t n = side_of(residual);
    std::vector<double> result(n * n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = 0; k < n; ++k) {
            const double factor = use[i * n + k];
            for (std::size_t j = 0; j < n; ++j) result[i * n + j] += factor * residual[k * n + j];
        }
    }
    return result;
}

// Subtracts column column_of_m times row r of the residual, over the residual's diagonal.
void explain(std::vector<double>& m, const std::vector<double>& column,
             const std::vector<double>& row, double diagonal) {
    const std::size_t n = row.size();
    for (std::size_t i = 0; i < n; ++i) {
        const double factor = column[i] / diagonal;
        for (std::size_t j = 0; j < n; ++j) m[i * n + j] -= factor * row[j];
    }
}

std::vector<double> column_of(const std::vector<double>& m, std::size_t column) {
    const std::size_t n = side_of(m);
    std::vector<double> values(n);
    for (std::size_t i = 0; i < n; ++i) values[i] = m[i * n + column];
    return values;
}

// Returns how much less of the next convolution's input is unexplained once a channel is chosen.
double gain(const std::vector<double>& covariance, const std::vector<double>& used,
            std::size_t channel) {
    const std::size_t n = side_of(covariance);
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i) sum += covariance[i * n + channel] * used[i * n + channel];
    return sum / covariance[channel * n + channel];
}

}  // namespace

CovarianceSums::CovarianceSums(std::size_t channels)
    : channels_(channels), sums_(channels), products_(channels * channels) {}

void CovarianceSums::add(const Tensor3& features) {
    const Matrix gram = gram_matrix(features);
    for (std::size_t k = 0; k < products_.size(); ++k) products_[k] += gram.data()[k];
    for (std::size_t k = 0; k < features.size(); ++k) sums_[k % channels_] += features.data()[k];
    positions_ += static_cast<double>(features.size() / channels_);
}

std::vector<double> CovarianceSums::covariance() const {
    std::vector<double> result(products_.size());
    for (std::size_t i = 0; i < channels_; ++i) {
        for (std::size_t j = 0; j < channels_; ++j) {
            const double product_of_means = sums_[i] * sums_[j] / (positions_ * positions_);
            result[i * channels_ + j] =
                products_[i * channels_ + j] / positions_ - product_of_means;
        }
    }
    return result;
}

std::vector<double> use_of_channels(const Filters& next) {
    const std::size_t channels = next.shape(2);
    const std::size_t outputs = next.shape(3);
    std::vector<double> use(channels * channels);
    for (std::size_t tap = 0; tap < next.shape(0) * next.shape(1); ++tap) {
        const Real* w = next.data() + tap * channels * outputs;
        for (std::size_t i = 0; i < channels; ++i) {
            for (std::size_t j = 0; j < channels; ++j) {
                double& sum = use[i * channels + j];
                for (std::size_t o = 0; o < outputs; ++o) {
                    sum += static_cast<double>(w[i * outputs + o]) * w[j * outputs + o];
                }
            }
        }
    }
    return use;
}

std::vector<std::size_t> choose_channels(std::vector<double> covariance,
                                         const std::vector<double>& use, std::size_t count) {
    const std::size_t n = side_of(covariance);
    std::vector<double> used = product(use, covariance);  // M R
    std::vector<double> own(n);  // variance of each channel, before anything is explained
    for (std::size_t c = 0; c < n; ++c) own[c] = covariance[c * n + c];
    std::vector<bool> chosen(n);
    const auto is_explained = [&](std::size_t c) {
        return covariance[c * n + c] <= nothing_left * own[c];
    };
    for (std::size_t k = 0; k < count; ++k) {
        std::size_t best = n;
        double most = -1;
        for (std::size_t c = 0; c < n; ++c) {
            if (chosen[c]) continue;
            const double its_gain = is_explained(c) ? 0 : gain(covariance, used, c);
            if (its_gain > most) {
                most = its_gain;
                best = c;
            }
        }
        chosen[best] = true;
        if (is_explained(best)) continue;
        const double left = covariance[best * n + best];
        const std::vector<double> row = column_of(covariance, best);
        explain(used, column_of(used, best), row, left);
        explain(covariance, row, row, left);
    }
    std::vector<std::size_t> result;
    for (std::size_t c = 0; c < n; ++c) {
        if (chosen[c]) result.push_back(c);
    }
    return result;
}

}  // namespace NST_PRECISION
}  // namespace nst
