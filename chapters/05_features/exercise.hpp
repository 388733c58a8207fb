// Exercise 05: the layers of VGG-19, one after the other (tutorial, step 1).
// Leave this file as it is: yours is a copy of it.
#pragma once

#include <string>
#include <vector>

#include "nst/conv2d.hpp"
#include "nst/error.hpp"
#include "nst/network.hpp"
#include "nst/pooling.hpp"
#include "nst/relu.hpp"
#include "nst/tensor.hpp"

namespace exercise {

using nst::Network;
using nst::Tensor3;

/// Block 1 spelled out: the outputs of conv1_1, relu1_1, conv1_2, relu1_2 and pool1, in this order.
///
/// `network.layers[network.index_of("conv1_1")]` is a layer with its `filters` and its `bias`;
/// `nst::conv2d`, `nst::relu` and `nst::average_pool` do the work.
inline std::vector<Tensor3> block_1(const Network& network, const Tensor3& input) {
    throw nst::Error("block_1: not written yet");
}

/// The whole chain: every layer takes the output of the one before it, the first one the input. The
/// outputs of all layers up to and including that of that name.
///
/// `network.layers` are in order; each has a `name` and a `kind`, which is `nst::LayerKind::conv`,
/// `nst::LayerKind::relu` or `nst::LayerKind::pool`.
inline std::vector<Tensor3> forward(const Network& network, const Tensor3& input,
                                    const std::string& last_layer) {
    throw nst::Error("forward: not written yet");
}

}  // namespace exercise
