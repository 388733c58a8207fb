// Chapter 05 by hand: the layers of VGG-19, one after the other (tutorial, step 1).
#pragma once

#include <string>
#include <vector>

#include "nst/conv2d.hpp"
#include "nst/network.hpp"
#include "nst/pooling.hpp"
#include "nst/relu.hpp"
#include "nst/tensor.hpp"

namespace by_hand {

using nst::Network;
using nst::Tensor3;

/// Block 1 spelled out: the outputs of conv1_1, relu1_1, conv1_2, relu1_2 and pool1, in this order.
inline std::vector<Tensor3> block_1(const Network& network, const Tensor3& input) {
    const nst::Layer& first = network.layers[network.index_of("conv1_1")];
    const nst::Layer& second = network.layers[network.index_of("conv1_2")];
    const Tensor3 conv1_1 = nst::conv2d(input, first.filters, first.bias);
    const Tensor3 relu1_1 = nst::relu(conv1_1);
    const Tensor3 conv1_2 = nst::conv2d(relu1_1, second.filters, second.bias);
    const Tensor3 relu1_2 = nst::relu(conv1_2);
    const Tensor3 pool1 = nst::average_pool(relu1_2);
    return {conv1_1, relu1_1, conv1_2, relu1_2, pool1};
}

/// The whole chain: every layer takes the output of the one before it, the first one the input. The
/// outputs of all layers up to and including that of that name.
inline std::vector<Tensor3> forward(const Network& network, const Tensor3& input,
                                    const std::string& last_layer) {
    std::vector<Tensor3> outputs;
    for (const nst::Layer& layer : network.layers) {
        const Tensor3& x = outputs.empty() ? input : outputs.back();
        Tensor3 y;
        if (layer.kind == nst::LayerKind::conv) y = nst::conv2d(x, layer.filters, layer.bias);
        if (layer.kind == nst::LayerKind::relu) y = nst::relu(x);
        if (layer.kind == nst::LayerKind::pool) y = nst::average_pool(x);
        outputs.push_back(y);
        if (layer.name == last_layer) break;
    }
    return outputs;
}

}  // namespace by_hand
