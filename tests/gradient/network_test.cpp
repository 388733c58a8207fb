// Backward through the network, with losses at one or several layers, against finite differences of
// forward.

#include <numeric>
#include <string>
#include <vector>

#include "gradient/inputs.hpp"
#include "gradient/small_network.hpp"
#include "nst/content_loss.hpp"
#include "nst/gradcheck.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/network.hpp"
#include "nst/style_loss.hpp"
#include "support/catch.hpp"

using nst::Activations;
using nst::content_loss;
using nst::content_loss_backward;
using nst::GradcheckOptions;
using nst::GradcheckReport;
using nst::gram_matrix;
using nst::LayerGradients;
using nst::Network;
using nst::Padding;
using nst::Pooling;
using nst::Shape3;
using nst::style_loss;
using nst::style_loss_backward;
using nst::Tensor3;
using nst_test::linear_error;
using nst_test::small_network;
using nst_test::smooth_error;
using nst_test::spread_tensor;

namespace {

// Nearly every component must be compared: a step of 1e-5 seldom crosses a kink.
constexpr double largest_kink_share = 0.05;

GradcheckOptions within(double tolerance) {
    GradcheckOptions options;
    options.tolerance = tolerance;
    options.largest_kink_share = largest_kink_share;
    return options;
}

void is_right(const GradcheckReport& report) {
    INFO(report);
    CHECK(report.passed());
}

Tensor3 output_of(const Network& network, const Activations& activations,
                  const std::string& layer) {
    return activations.outputs[network.index_of(layer)];
}

// A loss that is linear in the outputs of some layers: sum of weight * output.
class LinearLoss {
  public:
    LinearLoss(const Network& network, const Tensor3& x, const std::vector<std::string>& layers,
               Pooling pooling, Padding padding)
        : network_(network), last_(layers.back()), pooling_(pooling), padding_(padding) {
        const Activations activations = run(x);
        std::uint32_t seed = 100;
        for (const std::string& layer : layers) {
            const Tensor3 output = output_of(network_, activations, layer);
            weights_[layer] = spread_tensor<Tensor3>(output.shape(), seed++);
        }
    }

    double operator()(const Tensor3& x) const {
        const Activations activations = run(x);
        double sum = 0;
        for (const auto& [layer, weight] : weights_) {
            const Tensor3 output = output_of(network_, activations, layer);
            sum += std::inner_product(weight.begin(), weight.end(), output.begin(), 0.0);
        }
        return sum;
    }

    Tensor3 gradient(const Tensor3& x) const { return backward(network_, run(x), weights_); }

  private:
    Activations run(const Tensor3& x) const {
        return forward(network_, x, last_, pooling_, padding_);
    }

    const Network& network_;
    std::string last_;
    Pooling pooling_;
    Padding padding_;
    LayerGradients weights_;
};

// @param layers  in the network's order
void check_linear_loss(const Shape3& size, const std::vector<std::string>& layers,
                       Padding padding = Padding::zero) {
    const nst_test::OneThread one_thread;
    const Network network = small_network();
    const Tensor3 x = spread_tensor<Tensor3>(size);
    for (const Pooling pooling : {Pooling::average, Pooling::max}) {
        INFO(size[0] << "x" << size[1] << ", to " << layers.back());
        const LinearLoss loss(network, x, layers, pooling, padding);
        const auto gradient = [&](const Tensor3& at) { return loss.gradient(at); };
        is_right(nst::check_gradient(loss, gradient, x, within(linear_error)));
    }
}

}  // namespace

TEST_CASE("backward: propagates a gradient from any single layer to the input") {
    for (const nst::Layer& layer : small_network().layers) {
        check_linear_loss({9, 7, 3}, {layer.name});
    }
}

TEST_CASE("backward: adds the gradients of several layers") {
    check_linear_loss({9, 7, 3}, {"relu1_1", "relu3_1"});
    check_linear_loss({9, 7, 3}, {"conv1_1", "relu1_1", "conv1_2"});
    check_linear_loss({9, 7, 3}, {"relu1_2", "pool1", "conv2_1", "pool2"});
    check_linear_loss({8, 6, 3}, {"conv1_1", "relu1_1", "conv1_2", "relu1_2", "pool1", "conv2_1",
                                  "relu2_1", "pool2", "conv3_1", "relu3_1"});
}

TEST_CASE("backward: is right for single rows, columns and pixels") {
    for (const Shape3& size :
         {Shape3{1, 9, 3}, Shape3{6, 1, 3}, Shape3{1, 1, 3}, Shape3{2, 3, 3}}) {
        check_linear_loss(size, {"relu1_1", "pool1", "conv3_1"});
    }
}

TEST_CASE("backward: is right with reflect and replicate padding, down to a map of one pixel") {
    for (const Padding padding : {Padding::reflect, Padding::replicate}) {
        for (const Shape3& size :
             {Shape3{9, 7, 3}, Shape3{8, 6, 3}, Shape3{1, 9, 3}, Shape3{6, 1, 3}, Shape3{1, 1, 3},
              Shape3{2, 2, 3}, Shape3{3, 3, 3}, Shape3{4, 4, 3}}) {
            check_linear_loss(size, {"relu1_1", "pool1", "conv3_1"}, padding);
        }
    }
}

TEST_CASE("backward: propagates content and style losses of several layers at once") {
    const nst_test::OneThread one_thread;
    const Network network = small_network();
    const Tensor3 x = spread_tensor<Tensor3>({9, 7, 3});
    for (const Pooling pooling : {Pooling::average, Pooling::max}) {
        const Activations content =
            forward(network, spread_tensor<Tensor3>({9, 7, 3}, 2), "relu2_1", pooling);
        const Activations style =
            forward(network, spread_tensor<Tensor3>({9, 7, 3}, 3), "relu3_1", pooling);
        const Tensor3 target = output_of(network, content, "relu2_1");
        const nst::Matrix gram1 = gram_matrix(output_of(network, style, "relu1_1"));
        const nst::Matrix gram3 = gram_matrix(output_of(network, style, "relu3_1"));
        const auto loss = [&](const Tensor3& at) {
            const Activations activations = forward(network, at, "relu3_1", pooling);
            return content_loss(output_of(network, activations, "relu2_1"), target) +
                   style_loss(output_of(network, activations, "relu1_1"), gram1) +
                   style_loss(output_of(network, activations, "relu3_1"), gram3);
        };
        const auto gradient = [&](const Tensor3& at) {
            const Activations activations = forward(network, at, "relu3_1", pooling);
            const LayerGradients gradients = {
                {"relu1_1", style_loss_backward(output_of(network, activations, "relu1_1"), gram1)},
                {"relu2_1",
                 content_loss_backward(output_of(network, activations, "relu2_1"), target)},
                {"relu3_1",
                 style_loss_backward(output_of(network, activations, "relu3_1"), gram3)}};
            return backward(network, activations, gradients);
        };
        is_right(nst::check_gradient(loss, gradient, x, within(smooth_error)));
    }
}
