// The gradient of the whole Objective, with its own memory plan, against finite differences of its
// costs.

#include <string>
#include <vector>

#include "gradient/inputs.hpp"
#include "gradient/small_network.hpp"
#include "nst/gradcheck.hpp"
#include "nst/objective.hpp"
#include "nst/random_vgg19.hpp"
#include "support/catch.hpp"

using nst::GradcheckOptions;
using nst::GradcheckReport;
using nst::Image;
using nst::Network;
using nst::Objective;
using nst::ObjectiveOptions;
using nst::Padding;
using nst::Pooling;
using nst::Shape3;
using nst::subtract_mean;
using nst::Tensor3;
using nst_test::small_network;
using nst_test::smooth_error;
using nst_test::spread_tensor;

namespace {

// Nearly every component must be compared: a step of 5e-4 grey levels seldom crosses a kink.
constexpr double largest_kink_share = 0.1;

Image image(const Shape3& size, std::uint32_t seed) {
    return 80 * spread_tensor<Image>(size, seed) + 128;
}

GradcheckOptions smooth() {
    GradcheckOptions options;
    options.tolerance = smooth_error;
    options.largest_kink_share = largest_kink_share;
    return options;
}

ObjectiveOptions small_options() {
    ObjectiveOptions options;
    options.content_layer = "relu2_1";
    options.style_layers = {{"relu1_1", 0.5}, {"relu2_1", 0.3}, {"relu3_1", 0.2}};
    return options;
}

GradcheckReport check(const Network& network, const Shape3& content, const Shape3& style,
                      ObjectiveOptions options, const GradcheckOptions& how = smooth()) {
    const nst_test::OneThread one_thread;
    Objective objective(network, image(content, 1), image(style, 2), options);
    const auto cost = [&](const Tensor3& x) { return objective.costs(x).total; };
    const auto gradient = [&](const Tensor3& x) { return objective(x).gradient; };
    // Values in the range of an image minus the mean.
    return nst::check_gradient(cost, gradient, 60 * spread_tensor<Tensor3>(content, 3), how);
}

void is_right(const Shape3& content, const Shape3& style, ObjectiveOptions options) {
    for (const Pooling pooling : {Pooling::average, Pooling::max}) {
        options.pooling = pooling;
        const GradcheckReport report = check(small_network(), content, style, options);
        INFO(content[0] << "x" << content[1] << ": " << report);
        CHECK(report.passed());
    }
}

}  // namespace

TEST_CASE("Objective: the gradient is right for odd and even sizes, with both poolings") {
    for (const Shape3& size : {Shape3{9, 7, 3}, Shape3{8, 12, 3}, Shape3{7, 10, 3}}) {
        is_right(size, size, small_options());
    }
}

TEST_CASE("Objective: the gradient is right for single rows, columns and pixels") {
    for (const Shape3& size :
         {Shape3{1, 9, 3}, Shape3{6, 1, 3}, Shape3{1, 1, 3}, Shape3{2, 2, 3}}) {
        is_right(size, {5, 4, 3}, small_options());
    }
}

TEST_CASE("Objective: the gradient is right with reflect and replicate padding") {
    for (const Padding padding : {Padding::reflect, Padding::replicate}) {
        ObjectiveOptions options = small_options();
        options.padding = padding;
        for (const Shape3& size :
             {Shape3{9, 7, 3}, Shape3{8, 12, 3}, Shape3{1, 9, 3}, Shape3{6, 1, 3}, Shape3{1, 1, 3},
              Shape3{2, 2, 3}, Shape3{3, 3, 3}}) {
            is_right(size, {5, 4, 3}, options);
        }
        // Every kind of step: fused with its ReLU and pooling, with neither, kept whole.
        options.content_layer = "conv2_1";
        options.style_layers = {{"conv1_1", 0.3}, {"pool1", 0.3}, {"relu3_1", 0.4}};
        is_right({9, 7, 3}, {9, 7, 3}, options);
    }
}

TEST_CASE("Objective: the gradient is right for a style image of a different size") {
    is_right({9, 7, 3}, {12, 5, 3}, small_options());
    is_right({6, 6, 3}, {1, 1, 3}, small_options());
}

TEST_CASE("Objective: the gradient is right for any content layer") {
    for (const std::string layer : {"relu1_1", "conv1_2", "pool1", "relu2_1", "relu3_1"}) {
        ObjectiveOptions options = small_options();
        options.content_layer = layer;
        is_right({7, 9, 3}, {7, 9, 3}, options);
        options.style_layers = {{"relu1_2", 1}};
        is_right({7, 9, 3}, {7, 9, 3}, options);
    }
}

TEST_CASE("Objective: the gradient is right for layers before ReLU and for pooling layers") {
    ObjectiveOptions options = small_options();
    options.content_layer = "conv2_1";
    options.style_layers = {{"conv1_1", 0.3}, {"pool1", 0.3}, {"conv3_1", 0.4}};
    is_right({9, 7, 3}, {9, 7, 3}, options);
    options.style_layers = {{"pool2", 1}, {"relu1_2", 2}};
    is_right({9, 7, 3}, {9, 7, 3}, options);
    options.style_layers = {{"conv1_1", 1}, {"relu1_1", 1}, {"conv1_2", 1}, {"relu1_2", 1}};
    is_right({9, 7, 3}, {9, 7, 3}, options);
}

TEST_CASE("Objective: the gradient is right when one of the weights is zero") {
    ObjectiveOptions options = small_options();
    options.content_weight = 0;
    is_right({9, 7, 3}, {9, 7, 3}, options);
    options = small_options();
    options.style_weight = 0;
    is_right({9, 7, 3}, {9, 7, 3}, options);
    options = small_options();
    options.style_layers[1].weight = 0;
    is_right({9, 7, 3}, {9, 7, 3}, options);
}

TEST_CASE("Objective: the gradient is right with total variation, alone and with the other costs") {
    for (const Shape3& size : {Shape3{9, 7, 3}, Shape3{1, 9, 3}, Shape3{6, 1, 3}}) {
        ObjectiveOptions options = small_options();
        options.tv_weight = 0.25;
        is_right(size, {9, 7, 3}, options);
        options.content_weight = 0;
        options.style_weight = 0;
        is_right(size, {9, 7, 3}, options);
    }
}

TEST_CASE("Objective: the gradient is right at the content image itself") {
    // The content loss and its gradient are zero there.
    const nst_test::OneThread one_thread;
    const Network network = small_network();
    const Image content = image({9, 7, 3}, 1);
    Objective objective(network, content, image({9, 7, 3}, 2), small_options());
    const auto cost = [&](const Tensor3& x) { return objective.costs(x).total; };
    const auto gradient = [&](const Tensor3& x) { return objective(x).gradient; };
    const GradcheckReport report =
        nst::check_gradient(cost, gradient, subtract_mean(content, network.mean), smooth());
    INFO(report);
    CHECK(report.passed());
}

TEST_CASE("Objective: value and gradient of one call are consistent") {
    const nst_test::OneThread one_thread;
    const Network network = small_network();
    Objective objective(network, image({9, 7, 3}, 1), image({9, 7, 3}, 2), small_options());
    const auto evaluate = [&](const Tensor3& x) {
        const nst::Evaluation& evaluation = objective(x);
        return std::pair(evaluation.total, evaluation.gradient);
    };
    const GradcheckReport report = nst::check_value_and_gradient(
        evaluate, 60 * spread_tensor<Tensor3>({9, 7, 3}, 3), smooth());
    INFO(report);
    CHECK(report.passed());
}

TEST_CASE("Objective: the gradient is right for a whole thin VGG-19 with the tutorial's layers") {
    nst::RandomVgg19Options thin;
    thin.channels = {3, 4, 5, 4, 3};
    const Network network = nst::random_vgg19({image({40, 40, 3}, 4)}, thin);
    for (const Pooling pooling : {Pooling::average, Pooling::max}) {
        ObjectiveOptions options;
        options.pooling = pooling;
        GradcheckOptions how = smooth();
        how.probes = nst::GradientProbes::random_sample;
        how.sample_size = 60;
        const GradcheckReport sample = check(network, {35, 45, 3}, {33, 37, 3}, options, how);
        INFO(sample);
        CHECK(sample.passed());
    }
}
