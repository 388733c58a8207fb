#include "17_what_the_network_sees/by_hand.hpp"
#include "17_what_the_network_sees/check.hpp"
#include "17_what_the_network_sees/exercise.hpp"
#include "course/checking.hpp"

using check_17::Field;
using checking::is_named;
using nst::Activations;
using nst::LayerGradients;
using nst::LayerKind;
using nst::Matrix;
using nst::Network;
using nst::Tensor3;

namespace {

namespace in_pixels {
Field receptive_field(const Network& network, const std::string& layer) {
    Field field = {1, 1};
    for (std::size_t l = 0; l <= network.index_of(layer); ++l) {
        const nst::Layer& here = network.layers[l];
        if (here.kind == LayerKind::conv) field[0] += here.filters.shape(0) - 1;
        if (here.kind == LayerKind::pool) {
            field[0] += field[1];
            field[1] *= 2;
        }
    }
    return field;
}
}  // namespace in_pixels

namespace blind_pooling {
Field receptive_field(const Network& network, const std::string& layer) {
    Field field = {1, 1};
    for (std::size_t l = 0; l <= network.index_of(layer); ++l) {
        const nst::Layer& here = network.layers[l];
        if (here.kind == LayerKind::conv) field[0] += (here.filters.shape(0) - 1) * field[1];
        if (here.kind == LayerKind::pool) field[1] *= 2;
    }
    return field;
}
}  // namespace blind_pooling

namespace one_too_early {
Field receptive_field(const Network& network, const std::string& layer) {
    const std::size_t last = network.index_of(layer);
    if (last == 0) return {1, 1};
    const auto field = by_hand::receptive_field(network, network.layers[last - 1].name);
    return {field.size, field.step};
}
}  // namespace one_too_early

Tensor3 through(const nst::Layer& layer, const Activations& activations, std::size_t l,
                const Tensor3& dy) {
    if (layer.kind == LayerKind::conv) return nst::conv2d_backward(dy, layer.filters);
    if (layer.kind == LayerKind::relu) return nst::relu_backward(dy, activations.outputs[l]);
    return nst::average_pool_backward(dy, activations.outputs[l - 1].shape());
}

namespace replaced {
Tensor3 way_back(const Network& network, const Activations& activations,
                 const LayerGradients& losses) {
    Tensor3 dy;
    for (std::size_t l = activations.outputs.size(); l-- > 0;) {
        const nst::Layer& here = network.layers[l];
        if (losses.count(here.name) > 0) dy = losses.at(here.name);
        dy = through(here, activations, l, dy);
    }
    return dy;
}
}  // namespace replaced

namespace below_the_relu {
Tensor3 way_back(const Network& network, const Activations& activations,
                 const LayerGradients& losses) {
    Tensor3 dy = xt::zeros_like(activations.outputs.back());
    for (std::size_t l = activations.outputs.size(); l-- > 0;) {
        const nst::Layer& here = network.layers[l];
        dy = through(here, activations, l, dy);
        if (losses.count(here.name) > 0) dy += losses.at(here.name);
    }
    return dy;
}
}  // namespace below_the_relu

namespace last_only {
Tensor3 way_back(const Network& network, const Activations& activations,
                 const LayerGradients& losses) {
    const std::string& last = network.layers[activations.outputs.size() - 1].name;
    return by_hand::way_back(network, activations, {{last, losses.at(last)}});
}
}  // namespace last_only

namespace at_the_layer {
double content_only(const Network& network, const Tensor3& x, const std::string& layer,
                    const Tensor3& a_C, Tensor3& gradient) {
    const Tensor3 a_G = nst::forward(network, x, layer).outputs.back();
    gradient = nst::content_loss_backward(a_G, a_C);
    return nst::content_loss(a_G, a_C);
}
}  // namespace at_the_layer

namespace wrong_sign {
double content_only(const Network& network, const Tensor3& x, const std::string& layer,
                    const Tensor3& a_C, Tensor3& gradient) {
    const double cost = by_hand::content_only(network, x, layer, a_C, gradient);
    gradient *= -1;
    return cost;
}
}  // namespace wrong_sign

namespace cost_alone {
double content_only(const Network& network, const Tensor3& x, const std::string& layer,
                    const Tensor3& a_C, Tensor3&) {
    return nst::content_loss(nst::forward(network, x, layer).outputs.back(), a_C);
}
}  // namespace cost_alone

namespace unweighted_gradient {
double style_only(const Network& network, const Tensor3& x,
                  const std::vector<nst::StyleLayer>& layers, const std::vector<Matrix>& grams,
                  Tensor3& gradient) {
    Tensor3 weighted;
    std::vector<nst::StyleLayer> even = layers;
    for (nst::StyleLayer& layer : even) layer.weight = 1;
    by_hand::style_only(network, x, even, grams, gradient);
    return by_hand::style_only(network, x, layers, grams, weighted);
}
}  // namespace unweighted_gradient

namespace last_pulls {
double style_only(const Network& network, const Tensor3& x,
                  const std::vector<nst::StyleLayer>& layers, const std::vector<Matrix>& grams,
                  Tensor3& gradient) {
    const double cost = by_hand::style_only(network, x, layers, grams, gradient);
    by_hand::style_only(network, x, {layers.back()}, {grams.back()}, gradient);
    return cost;
}
}  // namespace last_pulls

template <class Member, class Wrong>
course::Exercise with(Member member, Wrong wrong) {
    return check_17::exercise(checking::replaced(NST_FUNCTIONS(by_hand), member, wrong));
}

}  // namespace

TEST_CASE("exercise 17: the stub counts as not written, the solution passes") {
    checking::passes(NST_EXERCISE(by_hand));
    checking::is_not_written(NST_EXERCISE(exercise));
}

TEST_CASE("exercise 17: mistakes are named") {
    using F = check_17::Functions;
    is_named(with(&F::receptive_field, in_pixels::receptive_field), 0,
             "every convolution adds as much");
    is_named(with(&F::receptive_field, blind_pooling::receptive_field), 0,
             "a pooling sees more as well");
    is_named(with(&F::receptive_field, one_too_early::receptive_field), 0,
             "the layer itself does not count");
    is_named(with(&F::way_back, replaced::way_back), 1,
             "a loss takes the place of what comes from above");
    is_named(with(&F::way_back, below_the_relu::way_back), 1, "a loss joins below its ReLU");
    is_named(with(&F::way_back, last_only::way_back), 1,
             "only the loss of the last layer goes down");
    is_named(with(&F::content_only, at_the_layer::content_only), 2,
             "the gradient is that at the layer");
    is_named(with(&F::content_only, wrong_sign::content_only), 2,
             "the gradient has the wrong sign");
    is_named(with(&F::content_only, cost_alone::content_only), 2, "the gradient is not written");
    is_named(with(&F::style_only, unweighted_gradient::style_only), 3,
             "the weights are missing in the gradient");
    is_named(with(&F::style_only, last_pulls::style_only), 3,
             "only the last layer pulls at the picture");
}
