// The network and the objective with a gradient that is overwritten, omitted or added twice.

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "gradient/inputs.hpp"
#include "gradient/mistakes.hpp"
#include "gradient/small_network.hpp"
#include "nst/conv2d.hpp"
#include "nst/gradcheck.hpp"
#include "nst/network.hpp"
#include "nst/objective.hpp"
#include "nst/pooling.hpp"
#include "nst/relu.hpp"
#include "support/catch.hpp"

using nst::check_gradient;
using nst::GradcheckOptions;
using nst::GradcheckReport;
using nst::MistakePattern;
using nst::named_values;
using nst::Network;
using nst::Tensor3;
using nst_test::is_named;
using nst_test::small_network;
using nst_test::spread_tensor;

namespace {

// Backward through the network. At a captured layer, `meet` combines the gradient from the layers
// above with the gradient of the loss at this layer.
template <class Meet>
Tensor3 mistaken_backward(const Network& network, const nst::Activations& activations,
                          const nst::LayerGradients& captured, const Meet& meet) {
    Tensor3 gradient = xt::zeros_like(activations.outputs.back());
    for (std::size_t l = activations.outputs.size(); l-- > 0;) {
        const nst::Layer& layer = network.layers[l];
        const Tensor3& x = l == 0 ? activations.input : activations.outputs[l - 1];
        if (const auto found = captured.find(layer.name); found != captured.end())
            meet(gradient, found->second);
        if (layer.kind == nst::LayerKind::conv) {
            gradient = nst::conv2d_backward(gradient, layer.filters);
        } else if (layer.kind == nst::LayerKind::relu) {
            gradient = nst::relu_backward(gradient, activations.outputs[l]);
        } else {
            gradient = nst::average_pool_backward(gradient, x.shape());
        }
    }
    return gradient;
}

// The loss sum of weight * output over some layers, with a gradient combined as given.
template <class Meet>
GradcheckReport check_chain(const Meet& meet) {
    const nst_test::OneThread one_thread;
    const Network network = small_network();
    const Tensor3 x = spread_tensor<Tensor3>({7, 9, 3});
    const nst::Activations at_x = nst::forward(network, x, "relu3_1");
    nst::LayerGradients weights;
    GradcheckOptions options;
    std::uint32_t seed = 100;
    for (const std::string layer : {"relu1_1", "pool1", "relu3_1"}) {
        const Tensor3& output = at_x.outputs[network.index_of(layer)];
        weights[layer] = spread_tensor<Tensor3>(output.shape(), seed++);
        options.parts.push_back(
            named_values(layer, nst::backward(network, at_x, {{layer, weights[layer]}})));
    }
    const auto loss = [&](const Tensor3& at) {
        const nst::Activations activations = nst::forward(network, at, "relu3_1");
        double sum = 0;
        for (const auto& [layer, weight] : weights) {
            sum += xt::sum(weight * activations.outputs[network.index_of(layer)])();
        }
        return sum;
    };
    const auto gradient = [&](const Tensor3& at) {
        return mistaken_backward(network, nst::forward(network, at, "relu3_1"), weights, meet);
    };
    return check_gradient(loss, gradient, x, options);
}

}  // namespace

TEST_CASE("mistakes: the test's backward pass is right when it adds the gradients") {
    const GradcheckReport report =
        check_chain([](Tensor3& gradient, const Tensor3& captured) { gradient += captured; });
    INFO(report);
    CHECK(report.passed());
}

TEST_CASE("mistakes: a gradient overwritten at a captured layer, omitted, or added twice") {
    is_named(check_chain([](Tensor3& gradient, const Tensor3& captured) { gradient = captured; }),
             MistakePattern::missing_part,
             "only the part of relu1_1 is there, pool1, relu3_1 is missing: are gradients added "
             "(+=) where they meet, not overwritten?");
    int count = 0;
    is_named(check_chain([&](Tensor3& gradient, const Tensor3& captured) {
                 if (count++ % 3 != 1) gradient += captured;
             }),
             MistakePattern::missing_part,
             "only the part of relu1_1, relu3_1 is there, pool1 is missing");
    count = 0;
    is_named(check_chain([&](Tensor3& gradient, const Tensor3& captured) {
                 gradient += captured;
                 if (count++ % 3 == 2) gradient += captured;
             }),
             MistakePattern::missing_part, "the part of relu1_1 is counted twice");
}

TEST_CASE("mistakes: an objective's gradient without the content loss, or without a style layer") {
    const nst_test::OneThread one_thread;
    const Network network = small_network();
    const nst::Image content = 80.0 * spread_tensor<nst::Image>({7, 9, 3}, 1) + 128.0;
    const nst::Image style = 80.0 * spread_tensor<nst::Image>({7, 9, 3}, 2) + 128.0;
    const Tensor3 x = 60.0 * spread_tensor<Tensor3>({7, 9, 3}, 3);
    const auto objective = [&](double content_weight, std::vector<nst::StyleLayer> layers) {
        nst::ObjectiveOptions options;
        options.content_layer = "relu2_1";
        options.content_weight = content_weight;
        options.style_layers = std::move(layers);
        return nst::Objective(network, content, style, options);
    };
    // A content weight that gives the terms a similar size, so that the smallest does not vanish in
    // the error.
    nst::Objective whole = objective(1e3, {{"relu1_1", 0.5}, {"relu3_1", 0.5}});
    nst::Objective content_only = objective(1e3, {{"relu1_1", 0}});
    nst::Objective first_only = objective(0, {{"relu1_1", 0.5}});
    nst::Objective last_only = objective(0, {{"relu3_1", 0.5}});
    GradcheckOptions options;
    options.parts = {named_values("content", content_only(x).gradient),
                     named_values("relu1_1", first_only(x).gradient),
                     named_values("relu3_1", last_only(x).gradient)};
    const auto cost = [&](const Tensor3& at) { return whole.costs(at).total; };
    const auto without_content = [&](const Tensor3& at) {
        return Tensor3(first_only(at).gradient + last_only(at).gradient);
    };
    is_named(check_gradient(cost, without_content, x, options), MistakePattern::missing_part,
             "content is missing");
    const auto without_last = [&](const Tensor3& at) {
        return Tensor3(first_only(at).gradient + content_only(at).gradient);
    };
    is_named(check_gradient(cost, without_last, x, options), MistakePattern::missing_part,
             "relu3_1 is missing");
    // And from only two directions, as for a network too large for more.
    options.probes = nst::GradientProbes::random_directions;
    options.directions = 2;
    is_named(check_gradient(cost, without_last, x, options), MistakePattern::missing_part,
             "relu3_1 is missing");
}
