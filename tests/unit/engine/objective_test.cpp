#include "nst/objective.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "nst/content_loss.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/style_loss.hpp"
#include "nst/total_variation.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/padded_convolution.hpp"
#include "support/plain_objective.hpp"
#include "support/random_tensor.hpp"
#include "support/small_vgg19.hpp"

using namespace nst_test;
using nst::Activations;
using nst::Evaluation;
using nst::Image;
using nst::Matrix;
using nst::Network;
using nst::Objective;
using nst::ObjectiveOptions;
using nst::Pooling;
using nst::StyleLayer;
using nst::Tensor3;

namespace {

// Objective convolves by Winograd's filtering, whose transforms magnify rounding errors about ten
// times, in up to 16 layers in sequence. Costs are squares of differences, which magnify the errors
// again; in images of a few pixels nothing averages out.
constexpr double cost_tolerance = 5000 * epsilon;
// The same for the backward pass.
constexpr double gradient_tolerance = 5000 * epsilon;

struct Images {
    Image content = random_image(19, 13, 1);
    Image style = random_image(23, 17, 2);
    Tensor3 input = random_tensor<Tensor3>({19, 13, 3}, 3, 100);
};

// The content cost of the content image's features against zero.
double content_size(const Network& network, const Image& content, const ObjectiveOptions& options) {
    if (options.content_layer.empty()) return 0;
    const Activations activations = nst::forward(network, nst::subtract_mean(content, network.mean),
                                                 options.content_layer, options.pooling);
    const Tensor3& f = activations.outputs[network.index_of(options.content_layer)];
    const Tensor3 nothing = xt::zeros<nst::Real>(f.shape());
    return nst::content_loss(f, nothing);
}

void check_sum_of_parts(const Network& network, const Images& images,
                        const ObjectiveOptions& options) {
    const Evaluation expected =
        PlainObjective(network, images.content, images.style, options)(images.input);
    double largest_loss = 0;
    for (const double loss : expected.style_losses) largest_loss = std::max(largest_loss, loss);
    const double largest_content =
        std::max(expected.content, content_size(network, images.content, options));
    Objective objective(network, images.content, images.style, options);
    for (int call = 1; call <= 2; ++call) {  // the second call reuses the buffers of the first
        CAPTURE(call);
        const Evaluation& found = objective(images.input);
        // A loss is a sum of squared differences: when the differences nearly vanish, all digits
        // are rounding.
        CHECK(std::abs(found.content - expected.content) <= cost_tolerance * largest_content);
        REQUIRE(found.style_losses.size() == expected.style_losses.size());
        for (std::size_t l = 0; l < expected.style_losses.size(); ++l) {
            INFO(options.style_layers[l].name);
            const double off = std::abs(found.style_losses[l] - expected.style_losses[l]);
            CHECK(off <= cost_tolerance * largest_loss);
        }
        CHECK(agree(found.style, expected.style, cost_tolerance));
        CHECK(agree(found.total_variation, expected.total_variation, cost_tolerance));
        CHECK(agree(found.range_penalty, expected.range_penalty, cost_tolerance));
        CHECK(agree(found.total, expected.total, cost_tolerance));
        CHECK(agree(found.gradient, expected.gradient, gradient_tolerance));
    }
}

// A network of four channels; the part of a layer's name before the underscore gives its kind.
Network network_of(const std::vector<std::string>& names) {
    const std::map<std::string, nst::LayerKind> kinds = {{"conv", nst::LayerKind::conv},
                                                         {"relu", nst::LayerKind::relu},
                                                         {"pool", nst::LayerKind::pool}};
    Network network;
    for (const std::string& name : names) {
        const std::size_t inputs = network.layers.empty() ? 3 : 4;
        nst::Layer layer{kinds.at(name.substr(0, 4)), name, {}, {}};
        if (layer.kind == nst::LayerKind::conv) {
            layer.filters = random_tensor<nst::Filters>({3, 3, inputs, 4}, 1, 0.3);
            layer.bias = random_tensor<nst::Vector>({4}, 2);
        }
        network.layers.push_back(layer);
    }
    return network;
}

struct TapCase {
    const char* what;
    std::string content_layer;
    std::vector<StyleLayer> style_layers;
};

const std::vector<TapCase> tap_cases = {
    {"the tutorial's layers", "relu4_2", nst::tutorial_style_layers()},
    {"the content layer is a style layer", "relu4_1", nst::tutorial_style_layers()},
    {"before ReLU", "conv4_2", {{"conv1_1", 0.5}, {"conv2_1", 0.3}, {"conv5_1", 0.2}}},
    {"before and after the same ReLU", "relu2_2", {{"conv1_1", 1}, {"relu1_1", 2}, {"conv2_2", 3}}},
    {"before ReLU for both", "conv3_2", {{"conv3_2", 1}, {"relu3_2", 0.5}}},
    {"after pooling", "pool4", {{"pool1", 0.5}, {"pool3", 0.25}, {"pool4", 0.1}}},
    {"around a pooling", "relu2_2", {{"pool2", 1}, {"conv3_1", 1}, {"relu2_2", 1}}},
    {"the content is the deepest", "pool5", {{"relu1_1", 1}, {"relu3_3", 2}}},
    {"the first convolution alone", "conv1_1", {{"conv1_1", 1}}},
    {"the first ReLU alone", "relu1_1", {{"relu1_1", 1}}},
    {"the first pooling alone", "pool1", {{"pool1", 1}}},
    {"a style layer before the last", "relu5_4", {{"conv5_4", 1}, {"relu5_3", 1}}},
    {"style layers in any order", "relu1_2", {{"relu3_1", 0.1}, {"relu1_1", 0.7}, {"pool2", 0.2}}},
    {"layers that do not count", "relu4_2", {{"relu1_1", 0}, {"relu2_1", 1}, {"relu5_1", 0}}},
    {"the content is the first ReLU", "relu1_1", {{"relu2_1", 1}}},
    {"content alone", "relu3_2", {}},
    {"content alone, of the first layer", "conv1_1", {}},
    {"content alone, of the last", "pool5", {}},
    {"style alone", "", {{"relu1_1", 0.5}, {"relu2_1", 0.5}}},
    {"style alone, of the first layer", "", {{"relu1_1", 1}}},
    {"style alone, of the last", "", {{"relu5_4", 1}}},
};

}  // namespace

TEST_CASE("Objective: is the sum of its parts for any captured layers") {
    const Network network = small_vgg19();
    const Images images;
    for (const TapCase& taps : tap_cases) {
        for (const Pooling pooling : {Pooling::average, Pooling::max}) {
            INFO(taps.what << (pooling == Pooling::max ? ", max pooling" : ", average pooling"));
            ObjectiveOptions options;
            options.content_layer = taps.content_layer;
            options.style_layers = taps.style_layers;
            options.pooling = pooling;
            for (const nst::Padding padding : paddings) {
                CAPTURE(static_cast<int>(padding));
                options.padding = padding;
                check_sum_of_parts(network, images, options);
            }
        }
    }
}

TEST_CASE("Objective: is the sum of its parts for every kind of size with every padding") {
    // The deepest maps have one pixel; a block of channels of the ring is full, then over-full.
    const Network network = small_vgg19({4, 33, 32, 70, 8});
    using Size = std::array<std::size_t, 2>;
    for (const Size& size :
         {Size{1, 1}, {2, 2}, {3, 3}, {1, 9}, {9, 1}, {3, 2}, {16, 32}, {33, 17}, {90, 71}}) {
        for (const nst::Padding padding : flat_paddings) {
            CAPTURE(size[0], size[1], static_cast<int>(padding));
            ObjectiveOptions options;
            options.padding = padding;
            const Images images{random_image(size[0], size[1], 1), random_image(7, 5, 2),
                                random_tensor<Tensor3>({size[0], size[1], 3}, 3, 100)};
            check_sum_of_parts(network, images, options);
        }
    }
}

TEST_CASE(
    "Objective: is the sum of its parts for every kind of size, with a style of a different size") {
    const Network network = small_vgg19();
    using Size = std::array<std::size_t, 2>;
    for (const auto& [content, style] : {std::pair<Size, Size>{{1, 1}, {1, 1}},
                                         {{1, 1}, {5, 6}},
                                         {{1, 9}, {9, 1}},
                                         {{16, 32}, {16, 32}},
                                         {{33, 17}, {6, 7}},
                                         {{3, 2}, {31, 40}}}) {
        for (const Pooling pooling : {Pooling::average, Pooling::max}) {
            CAPTURE(content[0], content[1], style[0], style[1], pooling == Pooling::max);
            ObjectiveOptions options;
            options.pooling = pooling;
            const Images images{random_image(content[0], content[1], 1),
                                random_image(style[0], style[1], 2),
                                random_tensor<Tensor3>({content[0], content[1], 3}, 3, 100)};
            check_sum_of_parts(network, images, options);
        }
    }
}

TEST_CASE("Objective: is the sum of its parts for layers in a different order from VGG-19") {
    // Pooling right after a convolution, ReLU after pooling, two layers of each kind in a row.
    const Network network = network_of(
        {"conv_a", "pool_a", "relu_a", "pool_b", "pool_c", "conv_b", "conv_c", "relu_b", "relu_c"});
    using Styles = std::vector<StyleLayer>;
    for (const Styles& styles : {Styles{{"relu_c", 1}}, Styles{{"relu_a", 1}, {"conv_b", 2}},
                                 Styles{{"pool_a", 1}, {"pool_c", 1}, {"relu_b", 1}}}) {
        for (const Pooling pooling : {Pooling::average, Pooling::max}) {
            CAPTURE(styles[0].name, pooling == Pooling::max);
            ObjectiveOptions options;
            options.content_layer = "conv_c";
            options.style_layers = styles;
            options.pooling = pooling;
            check_sum_of_parts(network, Images(), options);
        }
    }
}

TEST_CASE("Objective: is the sum of its parts when pooling follows the first ReLU") {
    const Network network = network_of({"conv_a", "relu_a", "pool_a", "conv_b", "relu_b"});
    for (const Pooling pooling : {Pooling::average, Pooling::max}) {
        CAPTURE(pooling == Pooling::max);
        ObjectiveOptions options;
        options.content_layer = "relu_b";
        options.style_layers = {{"relu_b", 1}};
        options.pooling = pooling;
        check_sum_of_parts(network, Images(), options);
    }
}

TEST_CASE("Objective: is the sum of its parts with more channels than one channel block") {
    for (const Network& network : {small_vgg19({4, 70, 5, 6, 8}), small_vgg19({70, 4, 5, 6, 8})}) {
        for (const Pooling pooling : {Pooling::average, Pooling::max}) {
            CAPTURE(network.layers[0].bias.size(), pooling == Pooling::max);
            ObjectiveOptions options;
            options.pooling = pooling;
            check_sum_of_parts(network, Images(), options);
        }
    }
}

TEST_CASE("Objective: is the sum of its parts with more positions than one block of positions") {
    const Network network = small_vgg19();
    const Images images{random_image(90, 71, 1), random_image(83, 97, 2),
                        random_tensor<Tensor3>({90, 71, 3}, 3, 100)};
    ObjectiveOptions options;
    for (const std::string layer : {"conv1_1", "relu1_1", "relu2_1"}) {
        INFO(layer);
        options.content_layer = layer;
        options.style_layers = {{layer, 1}, {"relu3_1", 1}};
        check_sum_of_parts(network, images, options);
    }
}

TEST_CASE("Objective: of equal values in a max pooling window, the first one gets the gradient") {
    // The first convolution keeps zeros zero, so the outputs of the second are its biases.
    Network network = small_vgg19();
    auto& layers = network.layers;
    layers.erase(layers.begin() + 1);  // ReLU, which would block the gradient where its output is 0
    layers[0].bias.fill(0);
    layers[1].bias.fill(1);
    ObjectiveOptions options;
    options.pooling = Pooling::max;
    options.content_layer = "relu2_1";
    options.style_layers = {{"relu2_1", 1}};
    Images images;
    images.input.fill(0);
    check_sum_of_parts(network, images, options);
}

TEST_CASE("Objective: weights content and style, and either weight may be zero") {
    const Network network = small_vgg19();
    const Images images;
    for (const auto& [alpha, beta] :
         {std::pair<double, double>{1, 0}, {0, 1}, {0.5, 1e-3}, {0, 0}}) {
        CAPTURE(alpha, beta);
        ObjectiveOptions options;
        options.content_weight = alpha;
        options.style_weight = beta;
        check_sum_of_parts(network, images, options);
    }
}

TEST_CASE("Objective: a loss without layers costs nothing and needs no memory") {
    const Network network = small_vgg19();
    const Images images;
    const nst::Shape3 size = {190, 130, 3};
    ObjectiveOptions both;
    both.content_layer = "relu2_1";
    ObjectiveOptions content_alone = both;
    content_alone.style_layers.clear();
    Objective content(network, images.content, images.style, content_alone);
    const Evaluation& of_content = content(images.input);
    CHECK(of_content.style == 0);
    CHECK(of_content.style_losses.empty());
    CHECK(of_content.total == 10 * of_content.content);
    CHECK(nst::objective_memory(network, size, size, content_alone) <
          nst::objective_memory(network, size, size, both));

    ObjectiveOptions style_alone = both;
    style_alone.content_layer.clear();
    Objective style(network, images.content, images.style, style_alone);
    const Evaluation& of_style = style(images.input);
    CHECK(of_style.content == 0);
    CHECK(of_style.total == 40 * of_style.style);
    CHECK(nst::objective_memory(network, size, size, style_alone) <
          nst::objective_memory(network, size, size, both));
}

TEST_CASE("Objective: total variation counts in the total cost and the gradient") {
    const Network network = small_vgg19();
    const Images images;
    for (const auto& [alpha, beta, tv] :
         {std::array<double, 3>{10, 40, 0.5}, {0, 0, 2}, {1, 1e-3, 1e-3}}) {
        CAPTURE(alpha, beta, tv);
        ObjectiveOptions options;
        options.content_weight = alpha;
        options.style_weight = beta;
        options.tv_weight = tv;
        check_sum_of_parts(network, images, options);
    }
}

TEST_CASE("Objective: relative losses are shares of what is there at the start") {
    const Network network = small_vgg19();
    const Images images;
    ObjectiveOptions options;
    options.relative = true;
    options.content_weight = 0.04;
    options.style_weight = 0.7;
    options.tv_weight = 0.01;
    options.range_weight = 0.002;
    for (const Pooling pooling : {Pooling::average, Pooling::max}) {
        options.pooling = pooling;
        check_sum_of_parts(network, images, options);
    }
    Objective objective(network, images.content, images.style, options);
    const Evaluation& start = objective(nst::subtract_mean(images.content, network.mean));
    CHECK(start.content == 0);
    CHECK(start.style == Approx(1).epsilon(cost_tolerance));
    for (const double loss : start.style_losses) CHECK(loss == Approx(1).epsilon(cost_tolerance));
    CHECK(start.total_variation == Approx(1).epsilon(cost_tolerance));

    // The scale of a network's activations does not matter.
    Network louder = network;
    for (nst::Layer& layer : louder.layers) layer.bias *= nst::Real(8);
    louder.layers[0].filters *= nst::Real(8);
    Objective loud(louder, images.content, images.style, options);
    CHECK(loud(images.input).total == Approx(objective(images.input).total).epsilon(1e-4));

    // An image in its own style has nothing to divide by.
    Objective own(network, images.content, images.content, options);
    CHECK(own(nst::subtract_mean(images.content, network.mean)).style == 0);
    CHECK(std::isfinite(own(images.input).total));
    const Image black = xt::zeros<nst::Real>(images.content.shape());
    Objective flat(network, black, images.style, options);
    CHECK(std::isfinite(flat(images.input).total));
}

TEST_CASE("Objective: does not compute total variation when its weight is zero") {
    const Network network = small_vgg19();
    const Images images;
    Objective usual(network, images.content, images.style);
    const Evaluation& without = usual(images.input);
    CHECK(without.total_variation == 0);
    CHECK(without.total == nst::total_cost(without.content, without.style));

    ObjectiveOptions options;
    options.tv_weight = 3;
    Objective smooth(network, images.content, images.style, options);
    const Evaluation& with = smooth(images.input);
    CHECK(with.content == without.content);
    CHECK(with.style == without.style);
    constexpr double one_sum = 1e-15;  // of two doubles
    CHECK(agree(with.total, without.total + 3 * nst::total_variation(images.input), one_sum));
    CHECK_FALSE(same_bits(with.gradient, without.gradient).holds);
}

TEST_CASE(
    "Objective: costs alone equal those of a full evaluation and leave the gradient unchanged") {
    const Network network = small_vgg19();
    const Images images;
    Objective objective(network, images.content, images.style);
    const Evaluation before = objective(images.input);
    const Tensor3 other = random_tensor<Tensor3>({19, 13, 3}, 9, 50);
    const Evaluation costs = objective.costs(other);
    CHECK(same_bits(costs.gradient, before.gradient));
    const Evaluation whole = objective(other);
    CHECK(costs.total == whole.total);
    CHECK(costs.content == whole.content);
    CHECK(costs.style == whole.style);
    CHECK(costs.style_losses == whole.style_losses);
    CHECK_FALSE(costs.total == before.total);
}

TEST_CASE("Objective: no state carries over between evaluations, not even NaN") {
    const Images images;
    // With 150 channels, the Gram matrix is summed in two channel blocks.
    for (const Network& network : {small_vgg19(), small_vgg19({4, 150, 5, 6, 8})}) {
        for (const Pooling pooling : {Pooling::average, Pooling::max}) {
            ObjectiveOptions options;
            options.pooling = pooling;
            Objective objective(network, images.content, images.style, options);
            const Evaluation fresh = objective(images.input);
            Tensor3 poison = images.input;
            poison.fill(std::numeric_limits<nst::Real>::quiet_NaN());
            CHECK(std::isnan(objective(poison).total));
            const Evaluation& again = objective(images.input);
            CHECK(again.total == fresh.total);
            CHECK(same_bits(again.gradient, fresh.gradient));
        }
    }
}

TEST_CASE("Objective: NaN shows in the cost of every layer") {
    const Network network = small_vgg19();
    const Images images;
    Tensor3 poison = images.input;
    poison.fill(std::numeric_limits<nst::Real>::quiet_NaN());
    for (const Pooling pooling : {Pooling::average, Pooling::max}) {
        for (const std::string layer : {"relu1_1", "relu1_2", "pool1", "relu3_1", "pool5"}) {
            CAPTURE(pooling == Pooling::max, layer);
            ObjectiveOptions options;
            options.pooling = pooling;
            options.content_layer = layer;
            options.style_layers = {{layer, 1}};
            Objective objective(network, images.content, images.style, options);
            const Evaluation& found = objective(poison);
            CHECK(std::isnan(found.content));
            CHECK(std::isnan(found.style));
        }
    }
}

TEST_CASE("Objective: the content image with itself as style image costs nothing") {
    const Network network = small_vgg19();
    const Image image = random_image(19, 13, 1);
    for (const Pooling pooling : {Pooling::average, Pooling::max}) {
        ObjectiveOptions options;
        options.pooling = pooling;
        Objective objective(network, image, image, options);
        const Evaluation& found = objective(nst::subtract_mean(image, network.mean));
        CHECK(found.total == 0);
        CHECK(same_values(found.gradient, Tensor3(xt::zeros<nst::Real>({19, 13, 3}))));
    }
}

TEST_CASE("Objective: a style image tiled to a different size has the same statistics") {
    // Filters of one pixel, and even sizes: no edge distinguishes the tiled image from the small
    // one.
    Network network = small_vgg19();
    for (nst::Layer& layer : network.layers) {
        if (layer.kind != nst::LayerKind::conv) continue;
        const std::size_t inputs = layer.filters.shape(2);
        const std::size_t outputs = layer.filters.shape(3);
        const nst::Filters centre = random_tensor<nst::Filters>({1, 1, inputs, outputs}, 5);
        layer.filters.fill(0);
        for (std::size_t c = 0; c < inputs; ++c) {
            for (std::size_t o = 0; o < outputs; ++o)
                layer.filters(1, 1, c, o) = centre(0, 0, c, o);
        }
    }
    const Image small = random_image(16, 16, 1);
    Image tiled = Image::from_shape({32, 48, 3});
    for (std::size_t i = 0; i < 32; ++i) {
        for (std::size_t j = 0; j < 48; ++j) {
            for (std::size_t c = 0; c < 3; ++c) tiled(i, j, c) = small(i % 16, j % 16, c);
        }
    }
    constexpr double rounding_squared = 1e4 * epsilon * epsilon;  // the cost is a sum of squares
    const auto cost = [&](const Image& content, const Image& style) {
        return Objective(network, content, style)
            .costs(nst::subtract_mean(content, network.mean))
            .style;
    };
    const double of_another = cost(small, random_image(32, 48, 7));
    CHECK(cost(small, tiled) < rounding_squared * of_another);
    CHECK(cost(tiled, small) < rounding_squared * of_another);
}

TEST_CASE("Objective: can be moved") {
    const Network network = small_vgg19();
    const Images images;
    Objective first(network, images.content, images.style);
    const double total = first(images.input).total;
    Objective second = std::move(first);
    CHECK(second(images.input).total == total);
    Objective third(network, images.style, images.content);
    third = std::move(second);
    CHECK(third(images.input).total == total);
}

TEST_CASE("Objective: rejects invalid options before any work") {
    const Network network = small_vgg19();
    const Images images;
    const auto message = [&](const auto& change) {
        ObjectiveOptions options;
        change(options);
        const std::string line =
            error_of([&] { Objective objective(network, images.content, images.style, options); });
        CHECK(error_of([&] {  // the estimate rejects the same options
                  nst::objective_memory(network, {19, 13, 3}, {23, 17, 3}, options);
              }) == line);
        return line;
    };
    CHECK(message([](auto& o) { o.content_weight = -1; }) ==
          "Objective: the weight of the content must be finite and not negative, got -1");
    CHECK(message([](auto& o) { o.style_weight = std::numeric_limits<double>::infinity(); }) ==
          "Objective: the weight of the style must be finite and not negative, got inf");
    CHECK(message([](auto& o) { o.tv_weight = -2; }) ==
          "Objective: the weight of the total variation must be finite and not negative, got -2");
    CHECK(message([](auto& o) { o.range_weight = -1; }) ==
          "Objective: the weight of the range penalty must be finite and not negative, got -1");
    CHECK(message([](auto& o) { o.tv_weight = std::nan(""); }) ==
          "Objective: the weight of the total variation must be finite and not negative, got nan");
    CHECK(message([](auto& o) { o.style_layers[2].weight = -0.5; }) ==
          "Objective: the weight of relu3_1 must be finite and not negative, got -0.5");
    CHECK(message([](auto& o) { o.style_layers[2].weight = std::nan(""); }) ==
          "Objective: the weight of relu3_1 must be finite and not negative, got nan");
    CHECK(message([](auto& o) { o.style_layers[4].name = "relu1_1"; }) ==
          "Objective: style layer relu1_1 is in the list twice");
    CHECK(message([](auto& o) {
              o.style_layers.clear();
              o.content_layer.clear();
          }) == "Objective: expected a content layer or a style layer, got none");
    CHECK_THAT(message([](auto& o) { o.style_layers[1].name = "relu7_1"; }),
               Contains("there is no layer named relu7_1; the network has conv1_1 relu1_1"));
    CHECK_THAT(message([](auto& o) { o.content_layer = "conv4"; }),
               Contains("there is no layer named conv4; the network has conv1_1 relu1_1"));
}

TEST_CASE("Objective: rejects images and networks that do not match") {
    const Network network = small_vgg19();
    const Images images;
    const auto message = [&](const nst::Shape3& content, const nst::Shape3& style) {
        return error_of([&] {
            Objective objective(network, Image::from_shape(content), Image::from_shape(style));
        });
    };
    CHECK(message({0, 4, 3}, {4, 4, 3}) ==
          "Objective: content must be (H, W, 3) and not empty, got 0x4x3");
    CHECK(message({4, 4, 3}, {4, 4, 1}) ==
          "Objective: style must be (H, W, 3) and not empty, got 4x4x1");

    Objective objective(network, images.content, images.style);
    CHECK(error_of([&] {
              objective(Tensor3::from_shape({13, 19, 3}));
          }) == "Objective: input must be 19x13x3, the content image's size, got 13x19x3");
    CHECK(error_of([&] {
              objective.costs(Tensor3::from_shape({19, 13, 1}));
          }) == "Objective: input must be 19x13x3, the content image's size, got 19x13x1");

    Network headless = network;
    headless.layers.erase(headless.layers.begin());
    CHECK(error_of([&] { Objective o(headless, images.content, images.style); }) ==
          "Objective: the network must begin with a convolution");
    Network misfit = network;
    misfit.layers[2].filters = random_tensor<nst::Filters>({3, 3, 9, 4}, 1);
    CHECK(error_of([&] { Objective o(misfit, images.content, images.style); }) ==
          "Objective: conv1_2 needs 9 input channels, got 4");
}
