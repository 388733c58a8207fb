// Small networks for gradient tests.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "gradient/inputs.hpp"
#include "nst/network.hpp"
#include "nst/threads.hpp"

namespace nst_test {

/// Limits the library to one thread during its lifetime: images this small cost less than starting
/// threads.
struct OneThread {
    OneThread() { nst::set_thread_count(1); }
    ~OneThread() { nst::set_thread_count(0); }
    OneThread(const OneThread&) = delete;
    OneThread& operator=(const OneThread&) = delete;
};

/// A convolution and its ReLU, named conv<name> and relu<name>, that preserve the magnitude of the
/// values.
inline void add_block(nst::Network& network, const std::string& name, std::size_t inputs,
                      std::size_t outputs, std::uint32_t seed) {
    const double size = std::sqrt(static_cast<double>(9 * inputs));
    nst::Layer convolution{nst::LayerKind::conv, "conv" + name, {}, {}};
    convolution.filters = 2 * spread_tensor<nst::Filters>({3, 3, inputs, outputs}, seed) / size;
    convolution.bias = 0.2 * spread_tensor<nst::Vector>({outputs}, seed + 1);
    network.layers.push_back(convolution);
    network.layers.push_back({nst::LayerKind::relu, "relu" + name, {}, {}});
}

/// Two convolutions, pooling, one convolution, pooling, one convolution:
/// conv1_1 relu1_1 conv1_2 relu1_2 pool1 conv2_1 relu2_1 pool2 conv3_1 relu3_1.
inline nst::Network small_network() {
    nst::Network network;
    network.mean = {123.68, 116.779, 103.939};
    add_block(network, "1_1", 3, 4, 11);
    add_block(network, "1_2", 4, 5, 13);
    network.layers.push_back({nst::LayerKind::pool, "pool1", {}, {}});
    add_block(network, "2_1", 5, 4, 15);
    network.layers.push_back({nst::LayerKind::pool, "pool2", {}, {}});
    add_block(network, "3_1", 4, 3, 17);
    return network;
}

}  // namespace nst_test
