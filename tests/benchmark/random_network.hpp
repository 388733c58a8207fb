// VGG-19 at its real widths with random weights: it runs as fast as the trained network.
#pragma once

#include <array>
#include <cmath>
#include <random>
#include <string>

#include "nst/network.hpp"

namespace nst_benchmark {

/// One convolution of VGG-19 at 400x300.
struct ConvShape {
    const char* name;
    std::size_t height;
    std::size_t width;
    std::size_t inputs;
    std::size_t outputs;
    int times;  ///< number of convolutions of this shape up to conv5_1
};

inline constexpr std::array<ConvShape, 9> conv_shapes = {{
    {"conv1_1", 300, 400, 3, 64, 1},
    {"conv1_2", 300, 400, 64, 64, 1},
    {"conv2_1", 150, 200, 64, 128, 1},
    {"conv2_2", 150, 200, 128, 128, 1},
    {"conv3_1", 75, 100, 128, 256, 1},
    {"conv3_2", 75, 100, 256, 256, 3},
    {"conv4_1", 38, 50, 256, 512, 1},
    {"conv4_2", 38, 50, 512, 512, 3},
    {"conv5_1", 19, 25, 512, 512, 1},
}};

/// Standard normal values times `scale`.
template <class Tensor>
void fill_normal(Tensor& tensor, double scale, std::mt19937& bits) {
    std::normal_distribution<double> normal;
    for (auto& value : tensor) value = static_cast<nst::Real>(scale * normal(bits));
}

/// Filters that preserve the magnitude of the activations through convolution and ReLU [He et al.
/// 2015].
inline nst::Filters random_filters(std::size_t inputs, std::size_t outputs, std::mt19937& bits) {
    nst::Filters w = nst::Filters::from_shape({3, 3, inputs, outputs});
    fill_normal(w, std::sqrt(2 / (9 * static_cast<double>(inputs))), bits);
    return w;
}

/// conv1_1 to conv5_1 and its ReLU: the layers that the tutorial's cost needs.
inline nst::Network random_network() {
    constexpr std::array<std::size_t, 5> channels = {64, 128, 256, 512, 512};
    constexpr std::array<int, 5> convolutions = {2, 2, 4, 4, 1};
    std::mt19937 bits(19);
    nst::Network network;
    network.mean = {nst::Real(123.68), nst::Real(116.779), nst::Real(103.939)};
    std::size_t inputs = 3;
    for (std::size_t block = 0; block < 5; ++block) {
        const std::string number = std::to_string(block + 1);
        for (int c = 1; c <= convolutions[block]; ++c) {
            const std::string name = number + "_" + std::to_string(c);
            nst::Layer conv{nst::LayerKind::conv, "conv" + name,
                            random_filters(inputs, channels[block], bits),
                            nst::Vector::from_shape({channels[block]})};
            conv.bias.fill(0);
            network.layers.push_back(std::move(conv));
            network.layers.push_back({nst::LayerKind::relu, "relu" + name, {}, {}});
            inputs = channels[block];
        }
        network.layers.push_back({nst::LayerKind::pool, "pool" + number, {}, {}});
    }
    return network;
}

/// An image of independent random pixels, 0 to 255.
inline nst::Image random_image(std::size_t height, std::size_t width, unsigned seed) {
    std::mt19937 bits(seed);
    std::uniform_real_distribution<double> grey(0, 255);
    nst::Image image = nst::Image::from_shape({height, width, 3});
    for (nst::Real& value : image) value = static_cast<nst::Real>(grey(bits));
    return image;
}

}  // namespace nst_benchmark
