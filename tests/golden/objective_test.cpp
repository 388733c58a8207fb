#include "golden/golden.hpp"
#include "golden/tolerances.hpp"
#include "nst/content_loss.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/style_loss.hpp"
#include "nst/winograd.hpp"
#include "support/catch.hpp"

using namespace nst_test;

namespace {

// The same as OTHER_OPTIONS in make_golden.py.
nst::ObjectiveOptions other_taps(nst::Pooling pooling) {
    nst::ObjectiveOptions options;
    options.content_layer = "conv4_2";
    options.style_layers = {
        {"conv1_1", 0.1}, {"relu2_2", 0.3}, {"pool3", 0.25}, {"conv4_2", 0.15}, {"conv5_1", 0.2}};
    options.pooling = pooling;
    return options;
}

double gradient_error(const Numbers& ours, const Numbers& golden) {
#ifdef NST_DOUBLE
    return largest_error(ours, golden);
#else
    return distance(ours, golden);
#endif
}

// The Gram matrix of the style image, scaled to the number of positions of the generated image.
nst::Matrix target_gram(const nst::Tensor3& style, const nst::Tensor3& generated) {
    const double ratio = static_cast<double>(generated.shape(0) * generated.shape(1)) /
                         static_cast<double>(style.shape(0) * style.shape(1));
    return static_cast<nst::Real>(ratio) * nst::gram_matrix(style);
}

// Costs and gradient from forward, the losses and backward alone, without Objective.
nst::Evaluation evaluate_plainly(const Golden& golden) {
    const nst::Network& network = golden.network;
    const nst::ObjectiveOptions& options = golden.options;
    const auto run = [&](const nst::Image& image) {
        return nst::forward(network, nst::subtract_mean(image, network.mean), "relu5_1",
                            golden.pooling);
    };
    const nst::Activations generated = run(golden.start);
    const nst::Activations content = run(golden.content);
    const nst::Activations style = run(golden.style);
    nst::Evaluation result{};
    nst::LayerGradients gradients;

    const std::size_t captured = network.index_of(options.content_layer);
    result.content = nst::content_loss(generated.outputs[captured], content.outputs[captured]);
    gradients[options.content_layer] =
        static_cast<nst::Real>(options.content_weight) *
        nst::content_loss_backward(generated.outputs[captured], content.outputs[captured]);
    for (const nst::StyleLayer& layer : options.style_layers) {
        const nst::Tensor3& features = generated.outputs[network.index_of(layer.name)];
        const nst::Matrix target =
            target_gram(style.outputs[network.index_of(layer.name)], features);
        result.style_losses.push_back(nst::style_loss(features, target));
        gradients[layer.name] = static_cast<nst::Real>(options.style_weight * layer.weight) *
                                nst::style_loss_backward(features, target);
    }
    result.style = nst::style_cost(result.style_losses, options.style_layers);
    result.total = nst::total_cost(result.content, result.style);
    result.gradient = nst::backward(network, generated, gradients);
    return result;
}

}  // namespace

TEST_CASE("content_loss, style_loss, total_cost and backward: match PyTorch, " NST_BUILD) {
    const Golden golden(GENERATE(nst::Pooling::average, nst::Pooling::max));
    INFO(golden.folder);
    const nst::Evaluation plain = evaluate_plainly(golden);
    CHECK(beyond(relative_error(costs_of(plain), golden.costs_after(0)), plain_cost_tolerance) ==
          "");
    CHECK(beyond(gradient_error(numbers_of(plain.gradient), golden.numbers("gradient")),
                 gradient_tolerance) == "");
}

TEST_CASE("Objective: costs and pixel gradient match PyTorch, " NST_BUILD) {
    const Golden golden(GENERATE(nst::Pooling::average, nst::Pooling::max));
    INFO(golden.folder);
    nst::Objective objective(golden.network, golden.content, golden.style, golden.options);
    const nst::Evaluation& evaluation = objective(golden.input);
    CHECK(beyond(relative_error(costs_of(evaluation), golden.costs_after(0)), cost_tolerance) ==
          "");
    CHECK(beyond(gradient_error(numbers_of(evaluation.gradient), golden.numbers("gradient")),
                 gradient_tolerance) == "");
}

TEST_CASE("Objective: captured layers before ReLU, after pooling and used twice, " NST_BUILD) {
    const Golden golden(GENERATE(nst::Pooling::average, nst::Pooling::max));
    INFO(golden.folder);
    nst::Objective objective(golden.network, golden.content, golden.style,
                             other_taps(golden.pooling));
    const nst::Evaluation& evaluation = objective(golden.input);
    CHECK(beyond(relative_error(costs_of(evaluation), golden.numbers("other_taps_costs")),
                 cost_tolerance) == "");
    CHECK(beyond(gradient_error(digest(evaluation.gradient), golden.numbers("other_taps_gradient")),
                 gradient_tolerance) == "");
}

TEST_CASE("conv2d and winograd_conv2d: reflect and replicate match PyTorch, " NST_BUILD) {
    const Golden golden(nst::Pooling::average);
    const nst::Padding padding = GENERATE(nst::Padding::reflect, nst::Padding::replicate);
    const std::string name = padding == nst::Padding::reflect ? "reflect" : "replicate";
    INFO(name);
    const nst::Layer& layer = golden.network.layers[0];
    const auto check = [&](const nst::Tensor3& y, const nst::Tensor3& dx, double allowed) {
        CHECK(beyond(largest_error(digest(y), read_numbers("padding/" + name + "_conv1_1")),
                     allowed) == "");
        CHECK(beyond(largest_error(digest(dx), read_numbers("padding/" + name + "_d_input")),
                     allowed) == "");
    };
    // The gradient of half the sum of squares is the output itself.
    const nst::Tensor3 y = nst::conv2d(golden.input, layer.filters, layer.bias, padding);
    check(y, nst::conv2d_backward(y, layer.filters, padding), activation_tolerance);
    const nst::Tensor3 fast =
        nst::winograd_conv2d(golden.input, layer.filters, layer.bias, padding);
    check(fast, nst::winograd_conv2d_backward(fast, layer.filters, padding), gradient_tolerance);
}

TEST_CASE("Objective: reflect and replicate padding match PyTorch, " NST_BUILD) {
    const Golden golden(GENERATE(nst::Pooling::average, nst::Pooling::max));
    INFO(golden.folder);
    for (const nst::Padding padding : {nst::Padding::reflect, nst::Padding::replicate}) {
        const std::string name = padding == nst::Padding::reflect ? "reflect" : "replicate";
        INFO(name);
        nst::ObjectiveOptions options = golden.options;
        options.padding = padding;
        nst::Objective objective(golden.network, golden.content, golden.style, options);
        const nst::Evaluation& evaluation = objective(golden.input);
        CHECK(beyond(relative_error(costs_of(evaluation), golden.numbers(name + "_costs")),
                     cost_tolerance) == "");
        CHECK(
            beyond(gradient_error(digest(evaluation.gradient), golden.numbers(name + "_gradient")),
                   gradient_tolerance) == "");
    }
}

TEST_CASE("Objective: total variation in the total cost and the pixel gradient, " NST_BUILD) {
    const Golden golden(GENERATE(nst::Pooling::average, nst::Pooling::max));
    INFO(golden.folder);
    nst::ObjectiveOptions options = golden.options;
    options.tv_weight = 5e-6;  // TV_WEIGHT of make_golden.py
    nst::Objective objective(golden.network, golden.content, golden.style, options);
    const nst::Evaluation& evaluation = objective(golden.input);
    Numbers costs = costs_of(evaluation);
    costs.push_back(evaluation.total_variation);
    CHECK(beyond(relative_error(costs, golden.numbers("tv_costs")), cost_tolerance) == "");
    CHECK(beyond(gradient_error(digest(evaluation.gradient), golden.numbers("tv_gradient")),
                 gradient_tolerance) == "");
}
