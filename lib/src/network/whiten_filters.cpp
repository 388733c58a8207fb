#include "network/whiten_filters.hpp"

#include <algorithm>

#include "blas/openblas.hpp"
#include "blas/xtensor_blas.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

using Vector64 = xt::xtensor<double, 1>;
using Matrix64 = xt::xtensor<double, 2>;

constexpr double min_eigenvalue = 1e-6;  // relative to the largest

// Returns all positions of all images, (positions, channels).
Matrix64 rows_of(const std::vector<Tensor3>& features) {
    const std::size_t channels = features.front().shape(2);
    std::size_t positions = 0;
    for (const Tensor3& f : features) positions += f.size() / channels;
    Matrix64 rows = Matrix64::from_shape({positions, channels});
    double* to = rows.data();
    for (const Tensor3& f : features) to = std::copy(f.begin(), f.end(), to);
    return rows;
}

// Returns m^(-1/2) of a symmetric matrix.
Matrix64 inverse_root(const Matrix64& m) {
    const auto [values, vectors] = xt::linalg::eigh(m);  // ascending
    const Vector64 cut = xt::maximum(values, min_eigenvalue * values(values.size() - 1));
    const Matrix64 scaled = vectors / xt::sqrt(cut);
    return xt::linalg::dot(scaled, xt::transpose(vectors));
}

}  // namespace

void whiten_filters(Layer& layer, const std::vector<Tensor3>& unbiased) {
    const BlasCall call;
    Matrix64 rows = rows_of(unbiased);
    rows -= Vector64(xt::mean(rows, {0}));
    const Vector64 std_devs = xt::sqrt(xt::mean(xt::square(rows), {0}));
    rows /= std_devs;
    const Matrix64 products = xt::linalg::dot(xt::transpose(rows), rows);
    const Matrix64 mixture = inverse_root(products / static_cast<double>(rows.shape(0)));

    const std::size_t channels = layer.bias.size();
    Matrix64 filters = Matrix64::from_shape({layer.filters.size() / channels, channels});
    std::copy(layer.filters.begin(), layer.filters.end(), filters.begin());
    const Matrix64 mixed = xt::linalg::dot(Matrix64(filters / std_devs), mixture);
    std::transform(mixed.begin(), mixed.end(), layer.filters.begin(),
                   [](double w) { return static_cast<Real>(w); });
}

}  // namespace NST_PRECISION
}  // namespace nst
