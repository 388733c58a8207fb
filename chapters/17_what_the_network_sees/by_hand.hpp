// Chapter 17 by hand: a picture made again from what one layer, or a few, know of it. How far a
// layer sees, and costs of content alone and of style alone with their gradients [GEB16].
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nst/content_loss.hpp"
#include "nst/conv2d.hpp"
#include "nst/network.hpp"
#include "nst/pooling.hpp"
#include "nst/relu.hpp"
#include "nst/style_loss.hpp"
#include "nst/tensor.hpp"
#include "nst/total_cost.hpp"

namespace by_hand {

using nst::LayerGradients, nst::LayerKind, nst::Matrix, nst::Network, nst::Tensor3;

/// What one position of a layer sees of the picture.
struct ReceptiveField {
    std::size_t size = 1;  ///< pixels that it sees in each direction
    std::size_t step = 1;  ///< pixels from it to its neighbour
};

/// The receptive field of a layer's positions, from the picture upwards: a convolution of k x k
/// adds (k - 1) steps to the size, a pooling of 2x2 adds one step and doubles the step.
inline ReceptiveField receptive_field(const Network& network, const std::string& layer) {
    ReceptiveField field;
    for (std::size_t l = 0; l <= network.index_of(layer); ++l) {
        const nst::Layer& here = network.layers[l];
        if (here.kind == LayerKind::conv) field.size += (here.filters.shape(0) - 1) * field.step;
        if (here.kind == LayerKind::pool) {
            field.size += field.step;
            field.step *= 2;
        }
    }
    return field;
}

/// dJ/dx from the last layer that ran down to the picture. `losses` has the gradients of the
/// losses at the outputs of their layers: each joins what comes from above. Average pooling.
inline Tensor3 way_back(const Network& network, const nst::Activations& activations,
                        const LayerGradients& losses) {
    Tensor3 dy = xt::zeros_like(activations.outputs.back());
    for (std::size_t l = activations.outputs.size(); l-- > 0;) {
        const nst::Layer& here = network.layers[l];
        const Tensor3& x = l > 0 ? activations.outputs[l - 1] : activations.input;
        if (losses.count(here.name) > 0) dy += losses.at(here.name);
        if (here.kind == LayerKind::conv) dy = nst::conv2d_backward(dy, here.filters);
        if (here.kind == LayerKind::relu) dy = nst::relu_backward(dy, activations.outputs[l]);
        if (here.kind == LayerKind::pool) dy = nst::average_pool_backward(dy, x.shape());
    }
    return dy;
}

/// J_content of one layer and nothing else; `a_C` are the photo's features there. Writes dJ/dx.
inline double content_only(const Network& network, const Tensor3& x, const std::string& layer,
                           const Tensor3& a_C, Tensor3& gradient) {
    const nst::Activations activations = nst::forward(network, x, layer);
    const Tensor3& a_G = activations.outputs.back();
    gradient = way_back(network, activations, {{layer, nst::content_loss_backward(a_G, a_C)}});
    return nst::content_loss(a_G, a_C);
}

/// J_style of these layers, which stand in the network's order, and nothing else; `grams` has the
/// painting's Gram matrix for each. Writes dJ/dx.
inline double style_only(const Network& network, const Tensor3& x,
                         const std::vector<nst::StyleLayer>& layers,
                         const std::vector<Matrix>& grams, Tensor3& gradient) {
    const nst::Activations activations = nst::forward(network, x, layers.back().name);
    double cost = 0;
    LayerGradients losses;
    for (std::size_t k = 0; k < layers.size(); ++k) {
        const auto& [name, weight] = layers[k];
        const Tensor3& a_G = activations.outputs[network.index_of(name)];
        cost += weight * nst::style_loss(a_G, grams[k]);
        losses[name] = weight * nst::style_loss_backward(a_G, grams[k]);
    }
    gradient = way_back(network, activations, losses);
    return cost;
}

}  // namespace by_hand
