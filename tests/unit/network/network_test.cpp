#include "nst/network.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "03_convolution/by_hand.hpp"
#include "04_relu_and_pooling/by_hand.hpp"
#include "11_backpropagation/by_hand.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/padded_convolution.hpp"
#include "support/random_tensor.hpp"
#include "support/small_vgg19.hpp"

using namespace nst_test;
using nst::Activations;
using nst::LayerGradients;
using nst::LayerKind;
using nst::Network;
using nst::Pooling;
using nst::Shape3;
using nst::Tensor3;

namespace {

// Rounding accumulates over 16 convolutions, each a sum of up to 72 products.
constexpr double chain_tolerance = 200 * epsilon;

// The largest difference between two values of one channel, in units of the layer's largest value.
double unevenness(const Tensor3& layer) {
    double difference = 0;
    double largest = 0;
    for (std::size_t k = 0; k < layer.size(); ++k) {
        const double value = layer.data()[k];
        const double corner = layer.data()[k % layer.shape(2)];
        difference = std::max(difference, std::abs(value - corner));
        largest = std::max(largest, std::abs(value));
    }
    return difference / largest;
}

// conv1_1 relu1_1 pool1 conv2_1 relu2_1: every kind of layer, few enough to write the backward pass
// out.
Network five_layers() {
    const auto layer = [](LayerKind kind, const std::string& name) {
        return nst::Layer{kind, name, {}, {}};
    };
    Network network;
    network.layers = {{LayerKind::conv, "conv1_1", random_tensor<nst::Filters>({3, 3, 3, 4}, 1),
                       random_tensor<nst::Vector>({4}, 2)},
                      layer(LayerKind::relu, "relu1_1"),
                      layer(LayerKind::pool, "pool1"),
                      {LayerKind::conv, "conv2_1", random_tensor<nst::Filters>({3, 3, 4, 2}, 3),
                       random_tensor<nst::Vector>({2}, 4)},
                      layer(LayerKind::relu, "relu2_1")};
    return network;
}

std::vector<Tensor3> forward_by_hand(const Network& network, Tensor3 x, std::size_t layers,
                                     Pooling pooling) {
    std::vector<Tensor3> outputs;
    for (std::size_t l = 0; l < layers; ++l) {
        const nst::Layer& layer = network.layers[l];
        if (layer.kind == LayerKind::conv) {
            x = by_hand::conv2d(x, layer.filters, layer.bias);
        } else if (layer.kind == LayerKind::relu) {
            x = by_hand::relu(x);
        } else {
            x = pooling == Pooling::average ? by_hand::average_pool(x) : by_hand::max_pool(x).y;
        }
        outputs.push_back(x);
    }
    return outputs;
}

Tensor3 pool_backward_by_hand(const Tensor3& dy, const Tensor3& x, Pooling pooling) {
    return pooling == Pooling::average ? by_hand::average_pool_backward(dy, x.shape())
                                       : by_hand::max_pool_backward(dy, by_hand::max_pool(x));
}

}  // namespace

TEST_CASE("forward: equals the operations by hand, with average and with max pooling") {
    const Network network = small_vgg19();
    const auto input = random_tensor<Tensor3>({19, 13, 3}, 1, 100);
    for (const Pooling pooling : {Pooling::average, Pooling::max}) {
        const Activations activations = nst::forward(network, input, "pool5", pooling);
        const auto expected = forward_by_hand(network, input, network.layers.size(), pooling);
        REQUIRE(activations.outputs.size() == expected.size());
        for (std::size_t l = 0; l < expected.size(); ++l) {
            INFO(network.layers[l].name);
            CHECK(agree(activations.outputs[l], expected[l], chain_tolerance));
        }
        CHECK(same_bits(activations.input, input));
        CHECK(activations.pooling == pooling);
    }
}

TEST_CASE("forward: uses average pooling by default and rounds odd sizes up") {
    const Network network = small_vgg19();
    const auto input = random_tensor<Tensor3>({19, 13, 3}, 1);
    const Activations activations = nst::forward(network, input, "pool5");
    CHECK(activations.pooling == Pooling::average);
    CHECK(activations.outputs[network.index_of("pool1")].shape() == Shape3{10, 7, 4});
    CHECK(activations.outputs[network.index_of("pool2")].shape() == Shape3{5, 4, 5});
    CHECK(activations.outputs[network.index_of("pool3")].shape() == Shape3{3, 2, 6});
    CHECK(activations.outputs[network.index_of("pool4")].shape() == Shape3{2, 1, 7});
    CHECK(activations.outputs[network.index_of("pool5")].shape() == Shape3{1, 1, 8});
}

TEST_CASE("forward: a flat image stays flat to the edge of every layer, unless padded with zeros") {
    const Network network = small_vgg19();
    for (const Shape3& size : {Shape3{37, 50, 3}, Shape3{1, 9, 3}, Shape3{2, 2, 3}}) {
        Tensor3 flat = Tensor3::from_shape(size);
        for (std::size_t k = 0; k < flat.size(); ++k) flat.data()[k] = nst::Real(k % 3) * 40 - 50;
        for (const nst::Padding padding : flat_paddings) {
            CAPTURE(size[0], size[1], static_cast<int>(padding));
            const Activations activations =
                nst::forward(network, flat, "pool5", Pooling::average, padding);
            CHECK(activations.padding == padding);
            for (const Tensor3& layer : activations.outputs) {
                CHECK(unevenness(layer) < chain_tolerance);
            }
        }
    }
    Tensor3 flat = Tensor3::from_shape({37, 50, 3});
    flat.fill(60);
    CHECK(unevenness(nst::forward(network, flat, "conv1_1").outputs[0]) > 0.1);
}

TEST_CASE("forward: stops at the last layer and ignores the layers after it") {
    Network network = five_layers();
    network.layers[3].filters = random_tensor<nst::Filters>({3, 3, 9, 2}, 3);  // would not match
    const auto input = random_tensor<Tensor3>({5, 7, 3}, 1);
    CHECK(nst::forward(network, input, "pool1").outputs.size() == 3);
    CHECK(error_of([&] { nst::forward(network, input, "conv2_1"); }) ==
          "conv2d: x must be (H, W, 9), as w is 3x3x9x2, got 3x4x4");
}

TEST_CASE("backward: equals the chain rule by hand, with average and with max pooling") {
    const Network network = five_layers();
    const auto input = random_tensor<Tensor3>({5, 7, 3}, 1);
    for (const Pooling pooling : {Pooling::average, Pooling::max}) {
        const Activations activations = nst::forward(network, input, "relu2_1", pooling);
        const auto upstream = random_tensor<Tensor3>(activations.outputs[4].shape(), 5);
        const Tensor3 d_conv2 = by_hand::relu_backward(upstream, activations.outputs[4]);
        const Tensor3 d_pool = by_hand::conv2d_backward(d_conv2, network.layers[3].filters);
        const Tensor3 d_relu1 = pool_backward_by_hand(d_pool, activations.outputs[1], pooling);
        const Tensor3 d_conv1 = by_hand::relu_backward(d_relu1, activations.outputs[1]);
        const Tensor3 expected = by_hand::conv2d_backward(d_conv1, network.layers[0].filters);
        CHECK(agree(nst::backward(network, activations, {{"relu2_1", upstream}}), expected,
                    chain_tolerance));
    }
}

TEST_CASE("backward: gradients at several layers add up, before and after ReLU and pooling") {
    const Network network = small_vgg19();
    const auto input = random_tensor<Tensor3>({19, 13, 3}, 1);
    for (const Pooling pooling : {Pooling::average, Pooling::max}) {
        const Activations activations = nst::forward(network, input, "pool5", pooling);
        LayerGradients all;
        Tensor3 sum = xt::zeros<nst::Real>(input.shape());
        for (const char* name : {"conv1_1", "relu1_1", "pool1", "conv2_2", "relu3_4", "conv4_2",
                                 "relu4_2", "relu5_1", "pool5"}) {
            const Shape3 shape = activations.outputs[network.index_of(name)].shape();
            all[name] = random_tensor<Tensor3>(shape, 11);
            sum += nst::backward(network, activations, {{name, all[name]}});
        }
        CHECK(agree(nst::backward(network, activations, all), sum, chain_tolerance));
    }
}

TEST_CASE("backward: a gradient at the first convolution passes through one layer") {
    const Network network = five_layers();
    const auto input = random_tensor<Tensor3>({5, 7, 3}, 1);
    const Activations activations = nst::forward(network, input, "conv1_1");
    const auto upstream = random_tensor<Tensor3>({5, 7, 4}, 5);
    CHECK(agree(nst::backward(network, activations, {{"conv1_1", upstream}}),
                by_hand::conv2d_backward(upstream, network.layers[0].filters), chain_tolerance));
}

TEST_CASE("index_of: lists the existing layers when the name is unknown") {
    const Network network = five_layers();
    CHECK(network.index_of("conv1_1") == 0);
    CHECK(network.index_of("relu2_1") == 4);
    const std::string line =
        "index_of: there is no layer named relu9_9; the network has conv1_1 relu1_1 pool1 conv2_1 "
        "relu2_1";
    CHECK(error_of([&] { static_cast<void>(network.index_of("relu9_9")); }) == line);
    CHECK(error_of([&] {
              nst::forward(network, Tensor3::from_shape({2, 2, 3}), "relu9_9");
          }) == line);
}

TEST_CASE("backward: rejects a missing gradient, a layer that did not run and a wrong shape") {
    const Network network = five_layers();
    const Activations activations =
        nst::forward(network, random_tensor<Tensor3>({5, 7, 3}, 1), "pool1");
    const auto message = [&](const LayerGradients& gradients) {
        return error_of([&] { nst::backward(network, activations, gradients); });
    };
    CHECK(message({}) == "backward: expected a gradient for at least one layer, got none");
    CHECK(message({{"relu2_1", Tensor3::from_shape({3, 4, 2})}}) ==
          "backward: layer relu2_1 did not run; forward stopped after 3 layers");
    CHECK(message({{"pool1", Tensor3::from_shape({4, 3, 4})}}) ==
          "backward: the gradient for pool1 must be 3x4x4, got 4x3x4");
}

TEST_CASE("forward, backward: reject a layer of an invalid kind") {
    const Network network = five_layers();
    Network odd = network;
    odd.layers[1].kind = static_cast<LayerKind>(7);
    const Tensor3 x = random_tensor<Tensor3>({5, 7, 3}, 1);
    CHECK(error_of([&] { nst::forward(odd, x, "pool1"); }) ==
          "forward: layer relu1_1 is of no known kind");
    const Activations activations = nst::forward(network, x, "pool1");
    CHECK(error_of([&] {
              nst::backward(odd, activations, {{"pool1", activations.outputs[2]}});
          }) == "backward: layer relu1_1 is of no known kind");
}
