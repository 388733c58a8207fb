#include <string>
#include <vector>

#include "17_what_the_network_sees/by_hand.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/objective.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"
#include "support/receptive_field.hpp"
#include "support/small_vgg19.hpp"

using namespace nst_test;
using nst::Activations;
using nst::Evaluation;
using nst::Image;
using nst::Matrix;
using nst::Network;
using nst::Objective;
using nst::ObjectiveOptions;
using nst::Tensor3;

namespace {

// Objective convolves by Winograd's filtering, as in objective_test.cpp.
constexpr double tolerance = 5000 * epsilon;

struct Images {
    Network network = small_vgg19();
    Image content = random_image(19, 13, 1);
    Image style = random_image(23, 17, 2);
    Tensor3 input = random_tensor<Tensor3>({19, 13, 3}, 3, 100);

    Activations features(const Image& image) const {
        return nst::forward(network, nst::subtract_mean(image, network.mean), "pool5");
    }
};

}  // namespace

TEST_CASE("receptive_field: gives VGG-19's known sizes and steps") {
    const Network network = small_vgg19();
    const std::vector<std::pair<std::string, std::array<std::size_t, 2>>> known = {
        {"conv1_1", {3, 1}},  {"relu1_2", {5, 1}},    {"pool1", {6, 2}},    {"relu2_2", {14, 2}},
        {"pool2", {16, 4}},   {"relu3_1", {24, 4}},   {"pool3", {52, 8}},   {"relu4_2", {84, 8}},
        {"pool4", {124, 16}}, {"relu5_1", {156, 16}}, {"pool5", {268, 32}},
    };
    for (const auto& [layer, expected] : known) {
        CAPTURE(layer);
        const by_hand::ReceptiveField field = by_hand::receptive_field(network, layer);
        CHECK(field.size == expected[0]);
        CHECK(field.step == expected[1]);
    }
}

TEST_CASE("receptive_field: equals the range that the gradient at one column reaches") {
    // Enough channels that some path of active ReLUs leads to the outermost pixel.
    const Network network = small_vgg19({8, 12, 16, 16, 16});
    for (const char* layer :
         {"conv1_1", "relu1_2", "pool1", "relu2_2", "relu3_1", "pool3", "relu4_2"}) {
        CAPTURE(layer);
        const std::size_t size = by_hand::receptive_field(network, layer).size;
        CHECK(course::measured_receptive_field(network, layer, 2 * size) == size);
    }
}

TEST_CASE("content_only: equals an Objective without style layers") {
    const Images p;
    const Activations content = p.features(p.content);
    for (const std::string layer :
         {"conv1_1", "relu1_2", "pool1", "conv3_2", "relu4_2", "relu5_1"}) {
        CAPTURE(layer);
        Tensor3 gradient;
        const double cost = by_hand::content_only(
            p.network, p.input, layer, content.outputs[p.network.index_of(layer)], gradient);
        ObjectiveOptions options;
        options.content_layer = layer;
        options.content_weight = 1;
        options.style_layers.clear();
        Objective objective(p.network, p.content, p.style, options);
        const Evaluation& found = objective(p.input);
        CHECK(agree(found.total, cost, tolerance));
        CHECK(agree(found.gradient, gradient, tolerance));
    }
}

TEST_CASE("style_only: equals an Objective without a content layer") {
    const Images p;
    const Activations content = p.features(p.content);
    const Activations style = p.features(p.style);
    ObjectiveOptions options;
    options.content_layer.clear();
    options.style_layers.clear();
    options.style_weight = 1;
    std::vector<Matrix> grams;
    for (const nst::StyleLayer& layer : nst::tutorial_style_layers()) {
        CAPTURE(layer.name);
        const std::size_t l = p.network.index_of(layer.name);
        const double ratio = static_cast<double>(content.outputs[l].size()) /
                             static_cast<double>(style.outputs[l].size());
        grams.push_back(nst::gram_matrix(style.outputs[l]) * static_cast<nst::Real>(ratio));
        options.style_layers.push_back(layer);
        Tensor3 gradient;
        const double cost =
            by_hand::style_only(p.network, p.input, options.style_layers, grams, gradient);
        Objective objective(p.network, p.content, p.style, options);
        const Evaluation& found = objective(p.input);
        CHECK(agree(found.total, cost, tolerance));
        CHECK(agree(found.gradient, gradient, tolerance));
    }
}
