#include "network/orthogonal_vgg19.hpp"

#include <algorithm>

#include "base/require.hpp"
#include "blas/openblas.hpp"
#include "blas/xtensor_blas.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

using Matrix64 = xt::xtensor<double, 2>;

constexpr std::array<std::size_t, 5> convolutions_in_block = {2, 2, 4, 4, 4};
constexpr std::array<Real, 3> vgg19_mean = {Real(123.68), Real(116.779), Real(103.939)};

// Returns a (rows, columns) matrix with orthonormal columns, or orthonormal rows when there are
// more columns than rows.
Matrix64 orthogonal_matrix(std::size_t rows, std::size_t columns, NumpyRandom& random) {
    const bool wide = columns > rows;
    Matrix64 normal = Matrix64::from_shape({std::max(rows, columns), std::min(rows, columns)});
    for (double& value : normal) value = random.normal();
    Matrix64 q = std::get<0>(xt::linalg::qr(normal));
    if (wide) return xt::transpose(q);
    return q;
}

Filters orthogonal_filters(std::size_t inputs, std::size_t outputs, NumpyRandom& random) {
    Filters filters = Filters::from_shape({3, 3, inputs, outputs});
    const Matrix64 matrix = orthogonal_matrix(9 * inputs, outputs, random);
    for (std::size_t k = 0; k < 9 * inputs; ++k) {
        for (std::size_t o = 0; o < outputs; ++o) {
            filters.data()[k * outputs + o] = static_cast<Real>(matrix(k, o));
        }
    }
    return filters;
}

}  // namespace

Network orthogonal_vgg19(const char* function, const std::array<std::size_t, 5>& channels,
                         NumpyRandom& random) {
    const BlasCall call;
    Network network{{}, vgg19_mean, {}};
    std::size_t inputs = 3;
    for (std::size_t block = 0; block < channels.size(); ++block) {
        const std::size_t outputs = channels[block];
        require(outputs > 0, function, ": block ", block + 1, " must have channels, got 0");
        const std::string number = std::to_string(block + 1);
        for (std::size_t c = 1; c <= convolutions_in_block[block]; ++c) {
            const std::string suffix = number + "_" + std::to_string(c);
            network.layers.push_back({LayerKind::conv, "conv" + suffix,
                                      orthogonal_filters(inputs, outputs, random),
                                      xt::zeros<Real>({outputs})});
            network.layers.push_back({LayerKind::relu, "relu" + suffix, {}, {}});
            inputs = outputs;
        }
        network.layers.push_back({LayerKind::pool, "pool" + number, {}, {}});
    }
    return network;
}

}  // namespace NST_PRECISION
}  // namespace nst
