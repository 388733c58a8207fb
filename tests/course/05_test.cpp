#include "05_features/by_hand.hpp"
#include "05_features/check.hpp"
#include "05_features/exercise.hpp"
#include "course/checking.hpp"

using checking::is_named;
using nst::Layer;
using nst::Network;
using nst::Tensor3;
using Outputs = std::vector<Tensor3>;

namespace {

// Block 1 with the given ReLU and pooling functions.
template <class Relu, class Pool>
Outputs block_of(const Network& network, const Tensor3& input, Relu relu, Pool pool) {
    const Layer& first = network.layers[0];
    const Layer& second = network.layers[2];
    const Tensor3 conv1_1 = nst::conv2d(input, first.filters, first.bias);
    const Tensor3 relu1_1 = relu(conv1_1);
    const Tensor3 conv1_2 = nst::conv2d(relu1_1, second.filters, second.bias);
    const Tensor3 relu1_2 = relu(conv1_2);
    return {conv1_1, relu1_1, conv1_2, relu1_2, pool(relu1_2)};
}

namespace no_relu {
Outputs block_1(const Network& network, const Tensor3& input) {
    return block_of(
        network, input, [](const Tensor3& x) { return x; }, nst::average_pool);
}
using by_hand::forward;
}  // namespace no_relu

namespace max_pooling {
Outputs block_1(const Network& network, const Tensor3& input) {
    return block_of(network, input, nst::relu, [](const Tensor3& x) { return nst::max_pool(x).y; });
}
using by_hand::forward;
}  // namespace max_pooling

namespace before_relu {
Outputs block_1(const Network& network, const Tensor3& input) {
    Outputs outputs = by_hand::block_1(network, input);
    outputs[2] = nst::conv2d(outputs[0], network.layers[2].filters, network.layers[2].bias);
    outputs[3] = nst::relu(outputs[2]);
    outputs[4] = nst::average_pool(outputs[3]);
    return outputs;
}
using by_hand::forward;
}  // namespace before_relu

namespace one_less {
using by_hand::block_1;
Outputs forward(const Network& network, const Tensor3& input, const std::string& last_layer) {
    Outputs outputs = by_hand::forward(network, input, last_layer);
    outputs.pop_back();
    return outputs;
}
}  // namespace one_less

namespace all_layers {
using by_hand::block_1;
Outputs forward(const Network& network, const Tensor3& input, const std::string&) {
    return by_hand::forward(network, input, "none");
}
}  // namespace all_layers

namespace no_bias {
using by_hand::block_1;
Outputs forward(const Network& network, const Tensor3& input, const std::string& last_layer) {
    Network changed = network;
    for (Layer& layer : changed.layers) layer.bias *= 0;
    return by_hand::forward(changed, input, last_layer);
}
}  // namespace no_bias

}  // namespace

TEST_CASE("exercise 05: the stub counts as not written, the solution passes") {
    checking::passes(NST_EXERCISE(by_hand));
    checking::is_not_written(NST_EXERCISE(exercise));
}

TEST_CASE("exercise 05: mistakes are named") {
    is_named(NST_EXERCISE(no_relu), 0, "ReLU is left out");
    is_named(NST_EXERCISE(max_pooling), 0, "pooling takes the largest value");
    is_named(NST_EXERCISE(before_relu), 0, "conv1_2 takes the output of conv1_1");
    is_named(NST_EXERCISE(one_less), 1, "it stops before the last layer");
    is_named(NST_EXERCISE(all_layers), 1, "it never stops at the last layer");
    is_named(NST_EXERCISE(no_bias), 1, "the biases are left out");
}
