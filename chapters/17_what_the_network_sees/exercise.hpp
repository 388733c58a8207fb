// Exercise 17: what the network sees. How far a layer sees, and costs of content alone and of style
// alone, with their gradients, of which chapter 17 makes pictures [GEB16].
//
// `network.layers[0]` is the first layer, `network.layers[l].kind` is LayerKind::conv, ::relu or
// ::pool, and `.filters` of a convolution is (kh, kw, C_in, C_out), else empty;
// `network.index_of("relu2_1")` is a layer's number. `nst::forward(network, x, "relu2_1")` runs all
// layers up to that one: a Activations, in which `.outputs[l]` is what layer l gave and `.input` is
// x. Leave this file as it is: yours is a copy of it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nst/content_loss.hpp"
#include "nst/conv2d.hpp"
#include "nst/error.hpp"
#include "nst/network.hpp"
#include "nst/pooling.hpp"
#include "nst/relu.hpp"
#include "nst/style_loss.hpp"
#include "nst/tensor.hpp"
#include "nst/total_cost.hpp"

namespace exercise {

using nst::LayerGradients, nst::LayerKind, nst::Matrix, nst::Network, nst::Tensor3;

/// What one position of a layer sees of the picture.
struct ReceptiveField {
    std::size_t size = 1;  ///< pixels that it sees in each direction
    std::size_t step = 1;  ///< pixels from it to its neighbour
};

/// The receptive field of the positions of `layer`'s output. A pixel of the picture sees itself:
/// size 1, step 1. Each layer up to and including `layer` looks at some neighbouring positions of
/// the one below: how many more pixels is that, and how far is it to the next position then?
/// Convolutions have kernels of kh x kh, poolings windows of 2x2.
inline ReceptiveField receptive_field(const Network& network, const std::string& layer) {
    throw nst::Error("receptive_field: not written yet");
}

/// dJ/dx, from the last layer that ran down to the picture. `losses` has, by layer name, the
/// gradients of the losses at the outputs of their layers: each joins what comes from above.
/// Average pooling.
///
/// Begin with zeros, of the shape of the last output. `losses.count(name)` is 0 or 1,
/// `losses.at(name)` the gradient. `nst::conv2d_backward(dy, filters)`, `nst::relu_backward(dy,
/// output)` and `nst::average_pool_backward(dy, input.shape())` go back through one layer.
inline Tensor3 way_back(const Network& network, const nst::Activations& activations,
                        const LayerGradients& losses) {
    throw nst::Error("way_back: not written yet");
}

/// J_content of one layer and nothing else; `a_C` are the photo's features there. Writes dJ/dx.
///
/// `nst::content_loss(a_G, a_C)` is J, `nst::content_loss_backward(a_G, a_C)` its gradient at a_G.
inline double content_only(const Network& network, const Tensor3& x, const std::string& layer,
                           const Tensor3& a_C, Tensor3& gradient) {
    throw nst::Error("content_only: not written yet");
}

/// The sum of the layers' J_style, each times its weight, and nothing else; `grams` has the
/// painting's Gram matrix for each. Writes dJ/dx. The layers stand in the network's order.
///
/// `layers[k].name` and `layers[k].weight`; `nst::style_loss(a_G, gram)` is J_style of one layer,
/// `nst::style_loss_backward(a_G, gram)` its gradient at a_G.
inline double style_only(const Network& network, const Tensor3& x,
                         const std::vector<nst::StyleLayer>& layers,
                         const std::vector<Matrix>& grams, Tensor3& gradient) {
    throw nst::Error("style_only: not written yet");
}

}  // namespace exercise
