#include "nst/calibrate_activations.hpp"

#include <algorithm>
#include <cmath>

#include "base/require.hpp"
#include "network/whiten_filters.hpp"
#include "nst/conv2d.hpp"
#include "nst/pooling.hpp"
#include "nst/relu.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

// Rounding alone varies a constant channel by less than this fraction of its value.
constexpr double constant_up_to = 1e-5;

struct Moments {
    double mean;
    double std_dev;
};

// Returns the mean of value(x) over one channel's x, at all positions of all images.
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

// Returns the moments of every channel of a layer's outputs; each channel must vary.
std::vector<Moments> varying_moments(const Layer& layer, const std::vector<Tensor3>& unbiased) {
    std::vector<Moments> all;
    for (std::size_t o = 0; o < layer.bias.size(); ++o) {
        const Moments moments = channel_moments(unbiased, o);
        require(moments.std_dev > constant_up_to * std::abs(moments.mean),
                "calibrate_activations: channel ", o, " of ", layer.name,
                " is constant over the images; they need some structure");
        all.push_back(moments);
    }
    return all;
}

// Scales filters and sets biases so that every channel's moments become the wanted ones.
void set_moments(Layer& layer, const std::vector<Moments>& moments, const Moments& wanted) {
    for (std::size_t o = 0; o < layer.bias.size(); ++o) {
        const double scale = wanted.std_dev / moments[o].std_dev;
        for (std::size_t k = o; k < layer.filters.size(); k += layer.bias.size()) {
            layer.filters.data()[k] = static_cast<Real>(scale * layer.filters.data()[k]);
        }
        layer.bias(o) = static_cast<Real>(wanted.mean - scale * moments[o].mean);
    }
}

std::vector<Tensor3> conv2d_of_each(const std::vector<Tensor3>& features, const Layer& layer) {
    std::vector<Tensor3> outputs;
    for (const Tensor3& x : features) outputs.push_back(conv2d(x, layer.filters, layer.bias));
    return outputs;
}

}  // namespace

Network calibrate_activations(Network network, const std::vector<Image>& images, double std_dev,
                              double mean, const std::vector<std::string>& whitened) {
    require(!images.empty(), "calibrate_activations: expected at least one image, got none");
    require(std::isfinite(std_dev) && std_dev > 0,
            "calibrate_activations: std_dev must be positive and finite, got ", std_dev);
    require(std::isfinite(mean), "calibrate_activations: the mean must be finite, got ", mean);
    for (const std::string& name : whitened) {
        require(std::any_of(network.layers.begin(), network.layers.end(),
                            [&](const Layer& layer) {
                                return layer.kind == LayerKind::conv && layer.name == name;
                            }),
                "calibrate_activations: the network has no convolution ", name);
    }
    std::vector<Tensor3> features;
    for (const Image& image : images) features.push_back(subtract_mean(image, network.mean));
    for (Layer& layer : network.layers) {
        if (layer.kind == LayerKind::conv) {
            layer.bias.fill(0);
            const std::vector<Tensor3> unbiased = conv2d_of_each(features, layer);
            std::vector<Moments> moments = varying_moments(layer, unbiased);
            if (std::count(whitened.begin(), whitened.end(), layer.name) > 0) {
                whiten_filters(layer, unbiased);
                moments = varying_moments(layer, conv2d_of_each(features, layer));
            }
            set_moments(layer, moments, {mean * std_dev, std_dev});
            features = conv2d_of_each(features, layer);
        } else if (layer.kind == LayerKind::relu) {
            for (Tensor3& x : features) x = relu(x);
        } else {
            for (Tensor3& x : features) x = average_pool(x);
        }
    }
    return network;
}

}  // namespace NST_PRECISION
}  // namespace nst
