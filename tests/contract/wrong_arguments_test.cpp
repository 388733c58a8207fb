// Every entry point with each argument wrong in shape, empty, or unfit for the others: an
// nst::Error that names the function and the argument, never a crash. What reads files is tested in
// its room.
#include <cmath>
#include <limits>
#include <type_traits>
#include <vector>

#include "nst/nst.hpp"
#include "support/catch.hpp"
#include "support/one_line_error.hpp"
#include "support/random_tensor.hpp"
#include "support/small_vgg19.hpp"
#include "support/temporary_folder.hpp"

using namespace nst_test;
using nst::Filters;
using nst::Image;
using nst::Matrix;
using nst::Real;
using nst::Tensor3;
using nst::Vector;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

Tensor3 features(std::size_t height, std::size_t width, std::size_t channels) {
    return random_tensor<Tensor3>({height, width, channels}, 7);
}
Filters filters(std::size_t kh, std::size_t kw, std::size_t inputs, std::size_t outputs) {
    return random_tensor<Filters>({kh, kw, inputs, outputs}, 8);
}
Vector vector(std::size_t size) {
    return random_tensor<Vector>({size}, 9);
}
Matrix matrix(std::size_t rows, std::size_t columns) {
    return random_tensor<Matrix>({rows, columns}, 10);
}
const Tensor3 nothing = Tensor3::from_shape({0, 0, 3});

// Checks that a call throws an Error with these words in its message.
template <class Call>
void rejects(const Call& call, std::initializer_list<const char*> words) {
    const std::string message = error_of(call);
    for (const char* word : words) CHECK_THAT(message, Contains(word));
}

// rejects(call, words...), with the call as an expression.
#define REJECTS(call, ...) rejects([&] { static_cast<void>(call); }, {__VA_ARGS__})

}  // namespace

TEST_CASE("wrong arguments: conv2d and its backward passes") {
    const Tensor3 x = features(4, 5, 3);
    const Filters w = filters(3, 3, 3, 2);
    const Vector b = vector(2);
    REJECTS(nst::conv2d(features(4, 5, 2), w, b), "conv2d: x must be", "4x5x2");
    REJECTS(nst::conv2d(nothing, w, b), "conv2d: x must be", "0x0x3");
    REJECTS(nst::conv2d(x, filters(2, 3, 3, 2), b), "conv2d: w must", "2x3x3x2");
    REJECTS(nst::conv2d(x, Filters(), b), "conv2d: w must", "0x0x0x0");
    REJECTS(nst::conv2d(x, w, vector(3)), "conv2d: b must have 2", "got 3");
    REJECTS(nst::conv2d(x, w, Vector()), "conv2d: b must have 2", "got 0");
    REJECTS(nst::conv2d_backward(features(4, 5, 3), w), "conv2d_backward: dy must be", "4x5x3");
    REJECTS(nst::conv2d_backward(nothing, w), "conv2d_backward: dy must be", "0x0x3");
    REJECTS(nst::conv2d_backward(x, Filters()), "conv2d_backward: w must", "0x0x0x0");
    REJECTS(nst::conv2d_backward_filters(x, features(5, 5, 2)), "conv2d_backward_filters: x and dy",
            "4x5x3", "5x5x2");
    REJECTS(nst::conv2d_backward_filters(nothing, nothing), "conv2d_backward_filters: x and dy");
    REJECTS(nst::conv2d_backward_filters(x, x, 2, 3), "conv2d_backward_filters: kh and kw", "2");
    REJECTS(nst::conv2d_backward_filters(x, x, 3, 0), "conv2d_backward_filters: kh and kw", "0");
    REJECTS(nst::conv2d_backward_bias(nothing), "conv2d_backward_bias: dy", "0x0x3");
}

TEST_CASE("wrong arguments: winograd_conv2d and its backward passes") {
    const Tensor3 x = features(4, 5, 3);
    const Filters w = filters(3, 3, 3, 2);
    const Vector b = vector(2);
    REJECTS(nst::winograd_conv2d(features(4, 5, 2), w, b), "winograd_conv2d: x", "4x5x2");
    REJECTS(nst::winograd_conv2d(nothing, w, b), "winograd_conv2d: x", "0x0x3");
    REJECTS(nst::winograd_conv2d(x, filters(5, 5, 3, 2), b), "winograd_conv2d: w", "5x5x3x2");
    REJECTS(nst::winograd_conv2d(x, Filters(), b), "winograd_conv2d: w", "0x0x0x0");
    REJECTS(nst::winograd_conv2d(x, w, vector(3)), "winograd_conv2d: b", "got 3");
    REJECTS(nst::winograd_conv2d_backward(features(4, 5, 3), w), "winograd_conv2d_backward: dy");
    REJECTS(nst::winograd_conv2d_backward(nothing, w), "winograd_conv2d_backward: dy", "0x0x3");
    REJECTS(nst::winograd_conv2d_backward(x, filters(1, 1, 3, 3)), "winograd_conv2d_backward: w");
    REJECTS(nst::winograd_conv2d_backward_filters(x, features(5, 5, 2)),
            "winograd_conv2d_backward_filters: x and dy", "5x5x2");
    REJECTS(nst::winograd_conv2d_backward_filters(nothing, nothing),
            "winograd_conv2d_backward_filters: x and dy", "0x0x3");
}

TEST_CASE("wrong arguments: relu, pooling and batch_norm") {
    const Tensor3 x = features(4, 5, 3);
    REJECTS(nst::relu_backward(features(4, 4, 3), x), "relu_backward: dy", "4x4x3");
    REJECTS(nst::average_pool(nothing), "average_pool: x", "0x0x3");
    REJECTS(nst::average_pool_backward(x, {4, 5, 3}), "average_pool_backward: dy must be 2x3x3");
    REJECTS(nst::average_pool_backward(features(2, 3, 3), {4, 5, 4}), "average_pool_backward: dy");
    REJECTS(nst::max_pool(nothing), "max_pool: x", "0x0x3");
    nst::MaxPooled pooled = nst::max_pool(x);
    REJECTS(nst::max_pool_backward(x, pooled), "max_pool_backward: dy must be 2x3x3", "4x5x3");
    pooled.argmax.resize({1, 1, 1});
    REJECTS(nst::max_pool_backward(features(2, 3, 3), pooled), "max_pool_backward: pooled.argmax",
            "1x1x1");
    REJECTS(nst::batch_norm(nothing), "batch_norm: x", "0x0x3");
    nst::BatchNormed normed = nst::batch_norm(x);
    REJECTS(nst::batch_norm_backward(features(4, 5, 2), normed), "batch_norm_backward: dy");
    normed.std_devs.resize({2});
    REJECTS(nst::batch_norm_backward(x, normed), "batch_norm_backward", "3 channels", "got 2");
}

TEST_CASE("wrong arguments: the losses") {
    const Tensor3 f = features(4, 5, 3);
    REJECTS(nst::content_loss(f, features(5, 4, 3)), "content_loss: generated and content", "4x5x3",
            "5x4x3");
    REJECTS(nst::content_loss(nothing, nothing), "content_loss: generated and content");
    REJECTS(nst::content_loss_backward(f, nothing), "content_loss_backward: generated and content");
    REJECTS(nst::gram_matrix(nothing), "gram_matrix: features", "0x0x3");
    REJECTS(nst::gram_matrix_backward(matrix(3, 2), f), "gram_matrix_backward: d_gram", "3x2");
    REJECTS(nst::gram_matrix_backward(Matrix(), f), "gram_matrix_backward: d_gram", "0x0");
    REJECTS(nst::gram_matrix_backward(matrix(3, 3), nothing), "gram_matrix_backward: features");
    REJECTS(nst::style_loss(f, matrix(4, 4)), "style_loss: style_gram must be 3x3", "4x4");
    REJECTS(nst::style_loss(f, Matrix()), "style_loss: style_gram", "0x0");
    REJECTS(nst::style_loss(nothing, matrix(3, 3)), "style_loss: generated", "0x0x3");
    REJECTS(nst::style_loss_backward(f, matrix(2, 3)), "style_loss_backward: style_gram", "2x3");
    REJECTS(nst::style_loss_backward(nothing, matrix(3, 3)), "style_loss_backward: generated");
    REJECTS(nst::style_cost({1, 2}, nst::tutorial_style_layers()), "style_cost", "5", "got 2");
    REJECTS(nst::range_penalty(nothing, {}), "range_penalty:", "0x0x3");
    REJECTS(nst::range_penalty_backward(nothing, {}), "range_penalty_backward:", "0x0x3");
    REJECTS(nst::total_variation(nothing), "total_variation:", "0x0x3");
    REJECTS(nst::total_variation_backward(nothing), "total_variation_backward:", "0x0x3");
    REJECTS(nst::cross_entropy(matrix(2, 3), {0}), "cross_entropy: logits", "2x3");
    REJECTS(nst::cross_entropy(Matrix(), {}), "cross_entropy: logits", "0x0");
    REJECTS(nst::cross_entropy(matrix(2, 3), {0, 3}), "cross_entropy: a label", "got 3");
    REJECTS(nst::cross_entropy(matrix(1, 3), {0}, not_a_number), "cross_entropy: smoothing", "nan");
    REJECTS(nst::cross_entropy_backward(matrix(2, 3), {0}), "cross_entropy_backward: logits");
    REJECTS(nst::cross_entropy_backward(matrix(1, 3), {0}, 2), "cross_entropy_backward: smoothing");
}

TEST_CASE("wrong arguments: images") {
    const Image image = random_image(4, 5, 1);
    REJECTS(nst::subtract_mean(features(4, 5, 4), {}), "subtract_mean: image", "4x5x4");
    REJECTS(nst::add_mean(features(4, 5, 2), {}), "add_mean: input", "4x5x2");
    REJECTS(nst::resize_image(features(4, 5, 1), 2, 2), "resize_image: image", "4x5x1");
    REJECTS(nst::resize_image(nothing, 2, 2), "resize_image: image", "0x0x3");
    REJECTS(nst::resize_image(image, 0, 2), "resize_image: height and width", "0");
    REJECTS(nst::resize_image(image, 2, 65536), "resize_image: height and width", "65536");
    REJECTS(nst::preserve_colour(image, random_image(5, 4, 2)), "preserve_colour:", "5x4x3");
    REJECTS(nst::preserve_colour(nothing, nothing), "preserve_colour:", "0x0x3");
    REJECTS(nst::preserve_colour(features(4, 5, 1), features(4, 5, 1)), "preserve_colour:");
    REJECTS(nst::noise_image(image, 1.5), "noise_image: ratio", "1.5");
    REJECTS(nst::noise_image(image, not_a_number), "noise_image: ratio", "nan");
    const TemporaryFolder folder;
    REJECTS(nst::save_image(folder.path() / "x.png", nothing), "save_image: image", "0x0x3");
    REJECTS(nst::save_image(folder.path() / "x.png", features(4, 5, 4)), "save_image: image");
}

TEST_CASE("wrong arguments: forward and backward") {
    const nst::Network network = small_vgg19();
    const Tensor3 input = features(16, 16, 3);
    REJECTS(nst::forward(network, input, "relu9_1"), "there is no layer named relu9_1");
    REJECTS(nst::forward({}, input, "relu1_1"), "there is no layer named relu1_1");
    REJECTS(nst::forward(network, features(16, 16, 4), "relu1_1"), "conv2d: x must be (H, W, 3)");
    REJECTS(nst::forward(network, nothing, "relu1_1"), "conv2d: x must be (H, W, 3)", "0x0x3");
    const nst::Activations activations = nst::forward(network, input, "relu2_1");
    const Tensor3 gradient = activations.outputs.back();
    REJECTS(nst::backward(network, activations, {}), "backward: expected a gradient");
    REJECTS(nst::backward(network, activations, {{"relu9_1", gradient}}), "relu9_1");
    REJECTS(nst::backward(network, activations, {{"relu3_1", gradient}}), "relu3_1 did not run");
    REJECTS(nst::backward(network, activations, {{"relu2_1", input}}), "gradient for relu2_1",
            "16x16x3");
    REJECTS(nst::backward(network, {}, {{"relu2_1", gradient}}), "relu2_1 did not run");

    const nst::Network other = small_vgg19({3, 5, 6, 7, 8});
    const nst::LayerGradients both = {{"relu1_1", activations.outputs[1]}, {"relu2_1", gradient}};
    REJECTS(nst::backward(other, activations, both), "backward");
    nst::Activations damaged = activations;
    damaged.input = features(8, 8, 3);
    damaged.outputs[1] = features(8, 8, 4);
    REJECTS(nst::backward(network, damaged, {{"relu2_1", gradient}}), "backward");
}

TEST_CASE("wrong arguments: Objective") {
    const nst::Network network = small_vgg19();
    const Image image = random_image(16, 20, 1);
    REJECTS(nst::Objective(network, nothing, image), "Objective: content", "0x0x3");
    REJECTS(nst::Objective(network, image, nothing), "Objective: style", "0x0x3");
    REJECTS(nst::Objective(network, features(16, 16, 4), image), "Objective: content", "16x16x4");
    REJECTS(nst::Objective(network, image, features(16, 16, 1)), "Objective: style", "16x16x1");
    const nst::Network empty;
    REJECTS(nst::Objective(empty, image, image), "there is no layer named");
    nst::ObjectiveOptions options;
    options.content_layer = "relu9_1";
    REJECTS(nst::Objective(network, image, image, options), "there is no layer named relu9_1");
    options = {};
    options.style_layers = {{"relu1_1", 1}, {"relu1_1", 1}};
    REJECTS(nst::Objective(network, image, image, options), "style layer relu1_1", "twice");
    options.style_layers = {{"relu1_1", -1}};
    REJECTS(nst::Objective(network, image, image, options), "the weight of relu1_1", "-1");
    options.style_layers.clear();
    options.content_layer.clear();
    REJECTS(nst::Objective(network, image, image, options), "expected a content layer or a style");
    for (double nst::ObjectiveOptions::*weight :
         {&nst::ObjectiveOptions::content_weight, &nst::ObjectiveOptions::style_weight,
          &nst::ObjectiveOptions::tv_weight}) {
        nst::ObjectiveOptions wrong;
        wrong.*weight = not_a_number;
        REJECTS(nst::Objective(network, image, image, wrong), "the weight of", "nan");
    }

    nst::Objective objective(network, image, image);
    REJECTS(objective(features(20, 16, 3)), "Objective: input must be 16x20x3", "20x16x3");
    REJECTS(objective(nothing), "Objective: input", "0x0x3");
    REJECTS(objective.costs(features(16, 20, 4)), "Objective: input", "16x20x4");
    REJECTS(nst::objective_memory(network, {0, 0, 3}, {16, 16, 3}), "Objective: content");
    REJECTS(nst::objective_memory(network, {16, 16, 3}, {16, 16, 4}), "Objective: style");
}

TEST_CASE("wrong arguments: Objective rejects a network that does not fit together") {
    const Image image = random_image(16, 20, 1);
    nst::Network network = small_vgg19();
    network.layers[2].filters = filters(3, 3, 5, 4);  // conv1_1 has 4 outputs
    REJECTS(nst::Objective(network, image, image), "conv1_2 needs 5 input", "got 4");
    network = small_vgg19();
    network.layers[0].bias = vector(3);
    REJECTS(nst::Objective(network, image, image), "conv1_1 needs 4 biases", "got 3");
    network = small_vgg19();
    network.layers[0].filters = Filters();
    REJECTS(nst::Objective(network, image, image), "conv1_1 must have filters", "0x0x0x0");
}

TEST_CASE("wrong arguments: the optimizers") {
    Tensor3 x = features(4, 5, 3);
    nst::Adam adam;
    REJECTS(adam.step(x, features(5, 4, 3)), "Adam: x and gradient", "5x4x3");
    adam.step(x, features(4, 5, 3));
    Tensor3 other = features(5, 4, 3);
    REJECTS(adam.step(other, features(5, 4, 3)), "Adam: x and gradient must be 4x5x3", "5x4x3");
    REJECTS(nst::Adam(nst::AdamOptions{0}), "Adam: learning_rate", "0");
    REJECTS(nst::Adam(nst::AdamOptions{2, 1}), "Adam: beta1", "1");
    REJECTS(nst::Adam(nst::AdamOptions{2, 0.9, not_a_number}), "Adam: beta2", "nan");
    REJECTS(nst::Adam(nst::AdamOptions{2, 0.9, 0.999, -1}), "Adam: epsilon", "-1");

    REJECTS(nst::LbfgsHistory(0), "LbfgsHistory: size", "0");
    nst::LbfgsHistory history;
    REJECTS(history.remember(features(4, 5, 3), features(5, 4, 3)), "LbfgsHistory: s and y");
    REQUIRE(history.remember(features(4, 5, 3), features(4, 5, 3)));
    REJECTS(history.remember(features(5, 4, 3), features(5, 4, 3)), "must be 4x5x3", "5x4x3");
    REJECTS(history.direction(features(5, 4, 3)), "LbfgsHistory: gradient", "5x4x3");
    const auto flat = [](const Tensor3&) { return nst::CostAndGradient{0, features(1, 1, 1)}; };
    REJECTS(nst::Lbfgs(flat, x), "Lbfgs: the gradient must be 4x5x3", "1x1x1");
    REJECTS(nst::Lbfgs({}, x), "Lbfgs: function");
    REJECTS(nst::Lbfgs(flat, x, {0}), "Lbfgs: history", "0");

    Vector values = vector(3);
    const Vector gradient = vector(3);
    nst::AdamWState state;
    REJECTS(nst::adamw_step({}, state, -1), "adamw_step: rate", "-1");
    nst::adamw_step({{values.data(), gradient.data(), 3, true}}, state, 0.1);
    REJECTS(nst::adamw_step({}, state, 0.1), "adamw_step: the state is of 1 parameters", "got 0");
    REJECTS(nst::adamw_step({{values.data(), gradient.data(), 2, true}}, state, 0.1),
            "adamw_step: parameters 0 must have 3", "got 2");
}

TEST_CASE("wrong arguments: transfer") {
    const nst::Network network = small_vgg19();
    const Image image = random_image(16, 20, 1);
    nst::TransferOptions options;
    options.iterations = 0;  // nothing runs that would find the mistake later
    REJECTS(nst::transfer(network, nothing, image, options), "transfer: content", "0x0x3");
    REJECTS(nst::transfer(network, image, nothing, options), "transfer: style", "0x0x3");
    REJECTS(nst::transfer(network, features(16, 20, 4), image, options), "transfer: content",
            "16x20x4");
    REJECTS(nst::transfer(network, image, features(16, 20, 1), options), "transfer: style",
            "16x20x1");
    options.start = random_image(20, 16, 1);
    REJECTS(nst::transfer(network, image, image, options), "transfer: the initial image",
            "20x16x3");
    options = {};
    options.iterations = -1;
    REJECTS(nst::transfer(network, image, image, options), "transfer: iterations", "-1");
    options = {};
    options.scales = -1;
    REJECTS(nst::transfer(network, image, image, options), "transfer: scales", "-1");
    options.scales = 2;
    REJECTS(nst::transfer(network, image, image, options), "transfer: at the smallest of 2 scales");
    options = {};
    options.noise_ratio = not_a_number;
    REJECTS(nst::transfer(network, image, image, options), "noise_image: ratio", "nan");
    REJECTS(nst::transfer_memory(network, {0, 0, 3}, {16, 16, 3}), "content", "0x0x3");
    REJECTS(nst::transfer_memory(network, {16, 16, 3}, {16, 16, 1}), "style", "16x16x1");
}

TEST_CASE("wrong arguments: what makes and trains networks") {
    const Image image = random_image(16, 16, 1);
    REJECTS(nst::random_vgg19({}), "random_vgg19:", "image");
    REJECTS(nst::random_vgg19({features(16, 16, 4)}), "image must be (H, W, 3)", "16x16x4");
    REJECTS(nst::random_vgg19({image}, {{0, 4, 4, 4, 4}}), "random_vgg19: block 1", "0");
    REJECTS(nst::random_vgg19({image}, {{4, 4, 4, 4, 4}, 1, 0}), "random_vgg19: std_dev", "0");
    const nst::Network network = small_vgg19();
    REJECTS(nst::calibrate_activations(network, {}, 1), "calibrate_activations:", "image");
    REJECTS(nst::calibrate_activations(network, {image}, not_a_number),
            "calibrate_activations: std_dev");
    REJECTS(nst::calibrate_activations(network, {image}, 1, not_a_number),
            "calibrate_activations:", "mean");
    REJECTS(nst::calibrate_activations(network, {image}, 1, 0, {"relu1_1"}), "relu1_1");
    REJECTS(nst::calibrate_activations(network, {nothing}, 1), "0x0x3");
    nst::Network damaged = network;
    damaged.layers[0].bias = vector(1);
    REJECTS(nst::calibrate_activations(damaged, {image}, 1), "b must have 4", "got 1");
    damaged.layers[0].filters = Filters();
    REJECTS(nst::calibrate_activations(damaged, {image}, 1), "w must", "0x0x0x0");

    REJECTS(nst::distil(network, {}, {}, {}), "distil:", "at least one image");
    nst::DistilOptions channels;
    channels.channels = {4, 4, 4, 4, 4};
    REJECTS(nst::distil(network, {features(16, 16, 4)}, {}, channels), "16x16x4");
    REJECTS(nst::distil(network, {image}, {nothing}, channels), "0x0x3");
    channels.channels = {4};
    REJECTS(nst::distil(network, {image}, {}, channels), "5 numbers", "got 1");
    REJECTS(nst::share_of_channels(network, 0), "share must be above 0", "got 0");
    REJECTS(nst::share_of_channels(network, 1, "relu6_1"), "relu6_1");
    REJECTS(nst::ConvRegression(0, 1), "at least 1", "0 and 1");
    nst::ConvRegression regression(3, 2);
    REJECTS(regression.add(features(4, 4, 2), features(4, 4, 2)), "x must be", "4x4x2");
    REJECTS(regression.add(features(4, 4, 3), features(4, 5, 2)), "z must be", "4x5x2");
    REJECTS(regression.solve(0), "ridge must be positive", "0");
    REJECTS(regression.error({}), "the filters must be 3x3x3x2", "0x0x0x0");
    nst::NumpyRandom random(1);
    REJECTS(nst::random_crops(image, 1, 17, random), "got 17", "16x16x3");
    REJECTS(nst::write_file("", "text"), "write_file:");
    REJECTS(nst::check_writable("."), "write_file:");

    REJECTS(nst::make_classifier({{0, 4, 4, 4, 4}}), "make_classifier: block 1");
    nst::Classifier classifier = nst::make_classifier({{4, 4, 4, 4, 4}});
    REJECTS(nst::ClassifierObjective(classifier, 0, 16), "count and side", "0");
    REJECTS(nst::ClassifierObjective(classifier, 1, 0), "count and side", "0");
    REJECTS(nst::ClassifierObjective({}, 1, 16), "must begin with a convolution");
    REJECTS(nst::feature_network({}), "feature_network: the network must begin");
    const nst::Classifier empty;
    REJECTS(nst::parameters(classifier, empty), "parameters: expected a classifier of");
    nst::Classifier none;
    REJECTS(nst::parameters(none, classifier), "parameters: the network must begin");
    nst::ClassifierObjective objective(classifier, 1, 16);
    REJECTS(objective(classifier, std::vector<Image>{}, {0}), "expected 1 ", "got 0");
    REJECTS(objective(classifier, {image}, std::vector<std::size_t>{}), "expected 1 labels",
            "got 0");
    REJECTS(objective(classifier, {random_image(16, 8, 1)}, {0}), "16x16x3", "16x8x3");
    REJECTS(objective(classifier, {image}, {7}), "a label must be below", "7");
    REJECTS(objective.evaluate(classifier, {image, image}, {0, 0}), "expected 1 ", "got 2");
}

TEST_CASE("wrong arguments: the number of threads") {
    REJECTS(nst::set_thread_count(-1), "set_thread_count:", "-1");
    REJECTS(nst::set_thread_count(1025), "set_thread_count:", "1025");
}

// What would dangle, or be read as another shape, does not compile.
static_assert(std::is_constructible_v<nst::Objective, nst::Network&, Image, Image>);
static_assert(!std::is_constructible_v<nst::Objective, nst::Network, Image, Image>);
template <class Gradient>
using ParametersOf =
    decltype(nst::parameters(std::declval<nst::Classifier&>(), std::declval<Gradient>()));
template <class Gradient, class = void>
constexpr bool has_parameters = false;
template <class Gradient>
constexpr bool has_parameters<Gradient, std::void_t<ParametersOf<Gradient>>> = true;
static_assert(has_parameters<const nst::Classifier&>);
static_assert(!has_parameters<nst::Classifier>);
