// A VGG-19 small enough for tests.
#pragma once

#include <array>
#include <cmath>
#include <string>

#include "nst/network.hpp"
#include "support/random_tensor.hpp"

namespace nst_test {

/// conv1_1 to pool5, with the layers and names of the real VGG-19, few channels, a different number
/// in each block, and random filters that preserve the magnitude of the features from layer to
/// layer.
inline nst::Network small_vgg19(const std::array<std::size_t, 5>& channels = {4, 5, 6, 7, 8}) {
    constexpr std::array<std::size_t, 5> convolutions = {2, 2, 4, 4, 4};
    nst::Network network{{}, {nst::Real(123.68), nst::Real(116.779), nst::Real(103.939)}, {}};
    std::size_t inputs = 3;
    std::uint32_t seed = 100;
    for (std::size_t block = 0; block < 5; ++block) {
        const std::string number = std::to_string(block + 1);
        for (std::size_t c = 1; c <= convolutions[block]; ++c) {
            const std::string suffix = number + "_" + std::to_string(c);
            const std::size_t outputs = channels[block];
            const double scale = 2 / std::sqrt(static_cast<double>(9 * inputs));
            const auto filters =
                random_tensor<nst::Filters>({3, 3, inputs, outputs}, ++seed, scale);
            const auto bias = random_tensor<nst::Vector>({outputs}, ++seed);
            network.layers.push_back({nst::LayerKind::conv, "conv" + suffix, filters, bias});
            network.layers.push_back({nst::LayerKind::relu, "relu" + suffix, {}, {}});
            inputs = outputs;
        }
        network.layers.push_back({nst::LayerKind::pool, "pool" + number, {}, {}});
    }
    return network;
}

}  // namespace nst_test
