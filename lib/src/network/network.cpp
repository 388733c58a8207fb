#include "nst/network.hpp"

#include <algorithm>

#include "base/require.hpp"
#include "base/view.hpp"
#include "nst/pooling.hpp"
#include "nst/relu.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

Tensor3 run_layer(const Layer& layer, const Tensor3& x, Pooling pooling, Padding padding) {
    switch (layer.kind) {
        case LayerKind::conv:
            return conv2d(x, layer.filters, layer.bias, padding);
        case LayerKind::relu:
            return relu(x);
        case LayerKind::pool:
            return pooling == Pooling::average ? average_pool(x) : max_pool(x).y;
    }
    fail("forward: layer ", layer.name, " is of no known kind");
}

Tensor3 run_layer_backward(const Layer& layer, const Tensor3& dy, const Tensor3& x,
                           const Tensor3& y, Pooling pooling, Padding padding) {
    switch (layer.kind) {
        case LayerKind::conv:
            return conv2d_backward(dy, layer.filters, padding);
        case LayerKind::relu:
            return relu_backward(dy, y);
        case LayerKind::pool:
            return pooling == Pooling::average ? average_pool_backward(dy, x.shape())
                                               : max_pool_backward(dy, max_pool(x));
    }
    fail("backward: layer ", layer.name, " is of no known kind");
}

// Returns the index of the last layer that has a gradient, after checking names and shapes.
std::size_t last_captured(const Network& network, const Activations& activations,
                          const LayerGradients& gradients) {
    require(!gradients.empty(), "backward: expected a gradient for at least one layer, got none");
    std::size_t last = 0;
    for (const auto& [name, gradient] : gradients) {
        const std::size_t index = network.index_of(name);
        require(index < activations.outputs.size(), "backward: layer ", name,
                " did not run; forward stopped after ", activations.outputs.size(), " layers");
        require(gradient.shape() == activations.outputs[index].shape(),
                "backward: the gradient for ", name, " must be ",
                shape_text(activations.outputs[index].shape()), ", got ",
                shape_text(gradient.shape()));
        last = std::max(last, index);
    }
    return last;
}

}  // namespace

std::size_t Network::index_of(const std::string& name) const {
    const auto found = std::find_if(layers.begin(), layers.end(),
                                    [&](const Layer& layer) { return layer.name == name; });
    if (found != layers.end()) return static_cast<std::size_t>(found - layers.begin());
    std::string names;
    for (const Layer& layer : layers) names += " " + layer.name;
    fail("index_of: there is no layer named ", name, "; the network has", names);
}

Tensor3 subtract_mean(ImageView image, const std::array<Real, 3>& mean) {
    require(image.shape[2] == 3, "subtract_mean: image must be (H, W, 3), got ",
            shape_text(image.shape));
    Tensor3 input = copy_of(image);
    for (std::size_t k = 0; k < input.size(); ++k) input.data()[k] -= mean[k % 3];
    return input;
}

Image add_mean(FeatureView input, const std::array<Real, 3>& mean) {
    require(input.shape[2] == 3, "add_mean: input must be (H, W, 3), got ",
            shape_text(input.shape));
    Image image = copy_of(input);
    for (std::size_t k = 0; k < image.size(); ++k) {
        image.data()[k] = std::clamp(image.data()[k] + mean[k % 3], Real(0), Real(255));
    }
    return image;
}

Activations forward(const Network& network, FeatureView input, const std::string& last_layer,
                    Pooling pooling, Padding padding) {
    const std::size_t last = network.index_of(last_layer);
    Activations activations{copy_of(input), {}, pooling, padding};
    activations.outputs.reserve(last + 1);
    for (std::size_t l = 0; l <= last; ++l) {
        const Tensor3& x = l == 0 ? activations.input : activations.outputs[l - 1];
        activations.outputs.push_back(run_layer(network.layers[l], x, pooling, padding));
    }
    return activations;
}

Tensor3 backward(const Network& network, const Activations& activations,
                 const LayerGradients& gradients) {
    const std::size_t last = last_captured(network, activations, gradients);
    Tensor3 gradient;
    for (std::size_t l = last + 1; l-- > 0;) {
        const Layer& layer = network.layers[l];
        if (const auto found = gradients.find(layer.name); found != gradients.end()) {
            if (l == last) {
                gradient = found->second;
            } else {
                gradient += found->second;
            }
        }
        const Tensor3& x = l == 0 ? activations.input : activations.outputs[l - 1];
        gradient = run_layer_backward(layer, gradient, x, activations.outputs[l],
                                      activations.pooling, activations.padding);
        require(gradient.shape() == x.shape(),
                "backward: the activations must be of this network, ", "got ",
                shape_text(x.shape()), " before ", layer.name, " and a gradient of ",
                shape_text(gradient.shape()), " there");
    }
    return gradient;
}

}  // namespace NST_PRECISION
}  // namespace nst
