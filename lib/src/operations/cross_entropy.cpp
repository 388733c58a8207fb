#include "nst/cross_entropy.hpp"

#include <algorithm>
#include <cmath>

#include "base/require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

void require_predictions(const char* function, const Matrix& logits,
                         const std::vector<std::size_t>& labels, double smoothing) {
    require(logits.size() > 0 && logits.shape(0) == labels.size(), function,
            ": logits must have a row for each of ", labels.size(), " labels, got ",
            shape_text(logits.shape()));
    for (const std::size_t label : labels) {
        require(label < logits.shape(1), function, ": a label must be below ", logits.shape(1),
                ", the columns of logits, got ", label);
    }
    require(smoothing >= 0 && smoothing <= 1, function, ": smoothing must be in 0 to 1, got ",
            smoothing);
}

// log of the sum over k of exp z(n, k).
double log_sum_exp(const Matrix& logits, std::size_t n) {
    const Real* row = logits.data() + n * logits.shape(1);
    const double largest = *std::max_element(row, row + logits.shape(1));
    double sum = 0;
    for (std::size_t k = 0; k < logits.shape(1); ++k) sum += std::exp(row[k] - largest);
    return largest + std::log(sum);
}

double target(std::size_t k, std::size_t label, double smoothing, std::size_t classes) {
    return (k == label ? 1 - smoothing : 0) + smoothing / static_cast<double>(classes);
}

}  // namespace

double cross_entropy(const Matrix& logits, const std::vector<std::size_t>& labels,
                     double smoothing) {
    require_predictions("cross_entropy", logits, labels, smoothing);
    double loss = 0;
    for (std::size_t n = 0; n < labels.size(); ++n) {
        const double log_sum = log_sum_exp(logits, n);
        for (std::size_t k = 0; k < logits.shape(1); ++k) {
            loss += target(k, labels[n], smoothing, logits.shape(1)) * (log_sum - logits(n, k));
        }
    }
    return loss / static_cast<double>(labels.size());
}

Matrix cross_entropy_backward(const Matrix& logits, const std::vector<std::size_t>& labels,
                              double smoothing) {
    require_predictions("cross_entropy_backward", logits, labels, smoothing);
    Matrix gradient = Matrix::from_shape(logits.shape());
    for (std::size_t n = 0; n < labels.size(); ++n) {
        const double log_sum = log_sum_exp(logits, n);
        for (std::size_t k = 0; k < logits.shape(1); ++k) {
            const double share =
                std::exp(logits(n, k) - log_sum) - target(k, labels[n], smoothing, logits.shape(1));
            gradient(n, k) = static_cast<Real>(share / static_cast<double>(labels.size()));
        }
    }
    return gradient;
}

}  // namespace NST_PRECISION
}  // namespace nst
