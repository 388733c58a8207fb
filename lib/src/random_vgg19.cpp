#include "nst/random_vgg19.hpp"

#include <cmath>
#include <random>
#include <xtensor-blas/xlinalg.hpp>

#include "blas.hpp"
#include "nst/conv2d.hpp"
#include "nst/noise_image.hpp"
#include "nst/pooling.hpp"
#include "nst/relu.hpp"
#include "require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

using Matrix64 = xt::xtensor<double, 2>;

constexpr std::array<std::size_t, 5> convolutions_in_block = {2, 2, 4, 4, 4};
// What rounding makes of a channel that is constant stays below this part of its value.
constexpr double constant_up_to = 1e-5;
constexpr std::array<Real, 3> vgg19_mean = {Real(123.68), Real(116.779), Real(103.939)};

// (rows, columns) with orthonormal columns, or orthonormal rows when there are more columns.
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

struct Moments {
    double mean;
    double deviation;
};

// The mean of value(x) over one channel's x, at all positions of all pictures.
template <class Function>
double channel_mean(const std::vector<Tensor3>& features, std::size_t channel,
                    const Function& value) {
    double count = 0;
    double sum = 0;
    for (const Tensor3& f : features) {
        for (std::size_t k = channel; k < f.size(); k += f.shape(2)) {
            sum += value(static_cast<double>(f.data()[k]));
            ++count;
        }
    }
    return sum / count;
}

Moments channel_moments(const std::vector<Tensor3>& features, std::size_t channel) {
    const double mean = channel_mean(features, channel, [](double x) { return x; });
    const double variance = channel_mean(features, channel, [mean](double x) {
        return (x - mean) * (x - mean);  // not x^2 - mean^2, which rounding leaves above 0
    });
    return {mean, std::sqrt(variance)};
}

// Scales filters and sets biases so that every channel has mean 0 and the wanted deviation.
void standardise(Layer& layer, const std::vector<Tensor3>& unbiased, double spread) {
    for (std::size_t o = 0; o < layer.bias.size(); ++o) {
        const Moments moments = channel_moments(unbiased, o);
        require(moments.deviation > constant_up_to * std::abs(moments.mean),
                "random_vgg19: channel ", o, " of ", layer.name,
                " is constant over the pictures; they need some structure");
        const double scale = spread / moments.deviation;
        for (std::size_t k = o; k < layer.filters.size(); k += layer.bias.size()) {
            layer.filters.data()[k] = static_cast<Real>(scale * layer.filters.data()[k]);
        }
        layer.bias(o) = static_cast<Real>(-scale * moments.mean);
    }
}

Layer standardised_convolution(const std::string& name, Filters filters,
                               const std::vector<Tensor3>& inputs, double spread) {
    Layer layer{LayerKind::conv, name, std::move(filters), {}};
    layer.bias = xt::zeros<Real>({layer.filters.shape(3)});
    std::vector<Tensor3> unbiased;
    for (const Tensor3& x : inputs) unbiased.push_back(conv2d(x, layer.filters, layer.bias));
    standardise(layer, unbiased, spread);
    return layer;
}

}  // namespace

Network random_vgg19(const std::vector<Image>& pictures, const RandomVgg19Options& options) {
    require(!pictures.empty(), "random_vgg19: expected at least one picture, got none");
    require(std::isfinite(options.spread) && options.spread > 0,
            "random_vgg19: spread must be positive and finite, got ", options.spread);
    use_single_threaded_blas();
    NumpyRandom random(options.seed);
    Network network{{}, vgg19_mean, {}};
    std::vector<Tensor3> features;
    for (const Image& picture : pictures) features.push_back(subtract_mean(picture, network.mean));

    for (std::size_t block = 0; block < options.channels.size(); ++block) {
        const std::size_t outputs = options.channels[block];
        require(outputs > 0, "random_vgg19: block ", block + 1, " must have channels, got 0");
        const std::string number = std::to_string(block + 1);
        for (std::size_t c = 1; c <= convolutions_in_block[block]; ++c) {
            const std::string suffix = number + "_" + std::to_string(c);
            network.layers.push_back(standardised_convolution(
                "conv" + suffix, orthogonal_filters(features[0].shape(2), outputs, random),
                features, options.spread));
            network.layers.push_back({LayerKind::relu, "relu" + suffix, {}, {}});
            const Layer& made = network.layers[network.layers.size() - 2];
            for (Tensor3& x : features) x = relu(conv2d(x, made.filters, made.bias));
        }
        network.layers.push_back({LayerKind::pool, "pool" + number, {}, {}});
        for (Tensor3& x : features) x = average_pool(x);
    }
    return network;
}

}  // namespace NST_PRECISION
}  // namespace nst
