#include "nst/classifier.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

#include "nst/batch_norm.hpp"
#include "nst/conv2d.hpp"
#include "nst/cross_entropy.hpp"
#include "nst/pooling.hpp"
#include "nst/relu.hpp"
#include "nst/threads.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"
#include "support/thread_count.hpp"

using namespace nst_test;
using nst::Classifier;
using nst::ClassifierObjective;
using nst::ClassifierOptions;
using nst::Image;
using nst::Matrix;
using nst::Real;
using nst::Tensor3;

namespace {

constexpr std::size_t side = 21;  // mostly odd before pooling: 21, 11, 6, 3, 2
// Winograd's filtering through thirteen layers, against the plain operations.
constexpr double chain_tolerance = 3e4 * epsilon;

std::vector<Image> three_images() {
    return {random_image(side, side, 1), random_image(side, side, 2), random_image(side, side, 3)};
}

Classifier small_classifier() {
    ClassifierOptions options;
    options.channels = {4, 17, 6, 5, 7};
    options.classes = 4;
    options.layers = {"relu3_1", "relu5_1"};
    Classifier classifier = nst::make_classifier(options);
    for (nst::Head& head : classifier.heads) {
        head.weights = random_tensor<Matrix>({head.weights.shape(0), 4}, 7);
        head.bias = random_tensor<nst::Vector>({4}, 8);
    }
    return classifier;
}

// A tall image of all items below each other, to be normalised at once.
Tensor3 stacked(const std::vector<Tensor3>& images) {
    const auto [height, width, channels] = images[0].shape();
    Tensor3 all = Tensor3::from_shape({images.size() * height, width, channels});
    for (std::size_t n = 0; n < images.size(); ++n) {
        std::copy(images[n].begin(), images[n].end(), &all(n * height, 0, 0));
    }
    return all;
}

// One layer after another on each image alone, except for the normalisation.
std::vector<Tensor3> plain_features(const Classifier& classifier, const std::string& last) {
    const nst::Network network = nst::feature_network(classifier);
    std::vector<Tensor3> features;
    for (const Image& image : three_images()) {
        features.push_back(nst::subtract_mean(image, network.mean));
    }
    for (std::size_t l = 0; l <= network.index_of(last); ++l) {
        const nst::Layer& layer = network.layers[l];
        if (layer.kind == nst::LayerKind::conv) {
            for (Tensor3& x : features) x = nst::conv2d(x, layer.filters, layer.bias);
            const Tensor3 normed = nst::batch_norm(stacked(features)).y;
            const nst::Vector& bias = classifier.network.layers[l].bias;
            for (std::size_t n = 0; n < features.size(); ++n) {
                std::copy_n(normed.data() + n * features[n].size(), features[n].size(),
                            features[n].data());
                features[n] = features[n] + bias;
            }
        } else if (layer.kind == nst::LayerKind::relu) {
            for (Tensor3& x : features) x = nst::relu(x);
        } else {
            for (Tensor3& x : features) x = nst::average_pool(x);
        }
    }
    return features;
}

// The head's logits for the features of one image.
std::vector<double> plain_logits(const nst::Head& head, const Tensor3& y) {
    std::vector<double> logits(head.bias.begin(), head.bias.end());
    for (std::size_t n = 0; n < y.size(); ++n) {
        for (std::size_t k = 0; k < logits.size(); ++k) {
            logits[k] += static_cast<double>(y.data()[n]) * head.weights(n % y.shape(2), k) *
                         static_cast<double>(y.shape(2)) / static_cast<double>(y.size());
        }
    }
    return logits;
}

}  // namespace

TEST_CASE("ClassifierObjective: a batch equals its images one by one, except for normalisation") {
    Classifier classifier = small_classifier();
    for (nst::Layer& layer : classifier.network.layers) {
        if (layer.kind == nst::LayerKind::conv) {
            layer.bias = random_tensor<nst::Vector>({layer.bias.size()}, 9);
        }
    }
    const std::vector<Image> images = three_images();
    const std::vector<std::size_t> labels = {2, 0, 3};
    double expected = 0;
    for (const nst::Head& head : classifier.heads) {
        Matrix logits = Matrix::from_shape({3, 4});
        const std::vector<Tensor3> features = plain_features(classifier, head.layer);
        for (std::size_t n = 0; n < 3; ++n) {
            const std::vector<double> row = plain_logits(head, features[n]);
            for (std::size_t k = 0; k < 4; ++k) logits(n, k) = static_cast<Real>(row[k]);
        }
        expected += 0.5 * nst::cross_entropy(logits, labels, 0.1);
    }
    ClassifierObjective objective(classifier, 3, side);
    CHECK(agree(objective(classifier, images, labels, 0.1).loss, expected, chain_tolerance));
}

TEST_CASE("ClassifierObjective: gives the same bits for any number of threads and when repeated") {
    const Classifier classifier = small_classifier();
    const std::vector<std::size_t> labels = {1, 1, 0};
    const int threads = nst::thread_count();
    std::vector<Classifier> gradients;
    for (const int count : {1, 2, 5}) {
        nst::set_thread_count(count);
        ClassifierObjective objective(classifier, 3, side);
        for (int call = 1; call <= 2; ++call) {
            objective(classifier, three_images(), labels);
            gradients.push_back(objective.gradient());
        }
    }
    nst::set_thread_count(threads);
    for (const Classifier& gradient : gradients) {
        for (std::size_t l = 0; l < gradient.network.layers.size(); ++l) {
            INFO(gradient.network.layers[l].name);
            CHECK(same_bits(gradient.network.layers[l].filters,
                            gradients[0].network.layers[l].filters));
        }
    }
}

TEST_CASE("ClassifierObjective: no state carries over between batches, not even NaN") {
    constexpr std::size_t count = 12;  // enough rows for several strips and blocks of tiles
    const Classifier classifier = small_classifier();
    std::vector<Image> images;
    std::vector<std::size_t> labels;
    for (std::uint32_t k = 0; k < count; ++k) {
        images.push_back(random_image(32, 32, k));
        labels.push_back(k % 4);
    }
    ClassifierObjective objective(classifier, count, 32);
    const double fresh = objective(classifier, images, labels).loss;
    Classifier of_fresh = objective.gradient();
    std::vector<Image> poison = images;
    for (Image& image : poison) image.fill(std::numeric_limits<Real>::quiet_NaN());
    CHECK(std::isnan(objective(classifier, poison, labels).loss));
    CHECK(objective(classifier, images, labels).loss == fresh);
    const Classifier of_next = objective.gradient();
    for (const nst::Parameters& values : nst::parameters(of_fresh, of_next)) {
        CHECK(std::equal(values.values, values.values + values.size, values.gradient));
    }
}

TEST_CASE("ClassifierObjective: counts the right guesses of the last head") {
    Classifier classifier = small_classifier();
    for (std::size_t h = 0; h < 2; ++h) {  // each head always guesses the class of its own index
        classifier.heads[h].weights.fill(0);
        classifier.heads[h].bias.fill(0);
        classifier.heads[h].bias(h) = 1;
    }
    ClassifierObjective objective(classifier, 3, side);
    CHECK(objective.evaluate(classifier, three_images(), {1, 0, 1}).correct == 2);
    CHECK(objective.evaluate(classifier, three_images(), {0, 0, 0}).correct == 0);
}

TEST_CASE("parameters: weights of layers and heads decay, biases do not") {
    Classifier classifier = small_classifier();
    const Classifier gradient = classifier;
    const auto& last = classifier.heads.back();
    const auto all = nst::parameters(classifier, gradient);
    // 13 convolutions up to relu5_1 and two heads, each with weights first and then the bias.
    REQUIRE(all.size() == 2 * (13 + 2));
    for (std::size_t k = 0; k < all.size(); ++k) {
        CAPTURE(k);
        CHECK(all[k].decay == (k % 2 == 0));
    }
    CHECK(all[all.size() - 2].values == last.weights.data());
    CHECK(all[all.size() - 2].size == last.weights.size());
    CHECK(all.back().values == last.bias.data());
    CHECK(all.back().gradient == gradient.heads.back().bias.data());
}

TEST_CASE("ClassifierObjective: a few steps of AdamW tell two classes apart") {
    ClassifierOptions options;
    options.channels = {4, 4, 4, 4, 4};
    const std::vector<Image> images = {random_image(side, side, 1),
                                       Image(random_image(side, side, 2) / 2)};
    Classifier classifier = nst::make_classifier(options);
    ClassifierObjective objective(classifier, 2, side);
    nst::AdamWState state;
    const double first = objective(classifier, images, {0, 1}).loss;
    for (int k = 0; k < 30; ++k) {
        objective(classifier, images, {0, 1});
        nst::adamw_step(nst::parameters(classifier, objective.gradient()), state, 0.01);
    }
    const nst::BatchResult last = objective.evaluate(classifier, images, {0, 1});
    CHECK(last.loss < first / 2);
    CHECK(last.correct == 2);
}

TEST_CASE("ClassifierObjective: rejects batches of the wrong size") {
    const Classifier classifier = small_classifier();
    ClassifierObjective objective(classifier, 3, side);
    CHECK(error_of([&] { objective(classifier, {}, {}); }) ==
          "ClassifierObjective: expected 3 images, got 0");
    std::vector<Image> images = three_images();
    images[1] = random_image(side, side + 1, 4);
    CHECK(error_of([&] {
              objective(classifier, images, {0, 0, 0});
          }) == "ClassifierObjective: an image must be 21x21x3, got 21x22x3");
    CHECK(error_of([&] { ClassifierObjective(classifier, 0, side); }) ==
          "ClassifierObjective: count and side must be positive, got 0 and 21");
    CHECK(error_of([&] {
              objective(classifier, three_images(), {0, 1});
          }) == "ClassifierObjective: expected 3 labels, got 2");
}

TEST_CASE("make_classifier: the first filters are NumPy's QR of NumPy's normal numbers") {
    ClassifierOptions options;
    options.channels = {2, 2, 2, 2, 2};
    const nst::Filters filters = nst::make_classifier(options).network.layers[0].filters;
    // np.linalg.qr(np.random.RandomState(19).randn(27, 2))[0], its rows 0, 1, 2 and 26
    const std::vector<std::pair<std::size_t, std::array<double, 2>>> rows = {
        {0, {-0.04901989, -0.08942134}},
        {1, {0.1281482, -0.07705031}},
        {2, {0.13381332, -0.0376941}},
        {26, {0.06039307, 0.08339448}}};
    for (const auto& [row, values] : rows) {
        for (std::size_t o = 0; o < 2; ++o) {
            CAPTURE(row, o);
            const double expected = values[o] / std::sqrt(3.0);
            CHECK(filters.data()[2 * row + o] == Approx(expected).margin(1e-7));
        }
    }
}

TEST_CASE("make_classifier: rejects zero classes, no layers, and layers that are not ReLU") {
    ClassifierOptions options;
    options.classes = 0;
    CHECK(error_of([&] { nst::make_classifier(options); }) ==
          "make_classifier: expected at least one class, got 0");
    options.classes = 2;
    options.layers = {"conv3_1"};
    CHECK(error_of([&] { nst::make_classifier(options); }) ==
          "make_classifier: a head's layer must be a ReLU, got conv3_1");
    options.layers = {};
    CHECK(error_of([&] { nst::make_classifier(options); }) ==
          "make_classifier: expected at least one layer with a head");
}

TEST_CASE("ClassifierObjective: rejects a classifier other than the one it was made for") {
    const Classifier classifier = small_classifier();
    ClassifierObjective objective(classifier, 3, side);
    ClassifierOptions options;
    options.channels = {4, 18, 6, 5, 7};
    options.classes = 4;
    options.layers = {"relu3_1", "relu5_1"};
    const Classifier wider = nst::make_classifier(options);
    const std::vector<std::size_t> labels = {0, 1, 2};
    const std::string line =
        "conv2_1 must have filters of 3x3x4x17 and 17 biases, got 3x3x4x18 and 18";
    CHECK(error_of([&] { objective(wider, three_images(), labels); }) ==
          "ClassifierObjective: " + line);
    CHECK(error_of([&] { objective.evaluate(wider, three_images(), labels); }) ==
          "ClassifierObjective: " + line);
    Classifier copy = classifier;
    CHECK(error_of([&] { nst::parameters(copy, wider); }) == "parameters: " + line);
    Classifier fewer = classifier;
    fewer.heads.pop_back();
    CHECK(error_of([&] { objective(fewer, three_images(), labels); }) ==
          "ClassifierObjective: expected 2 heads, got 1");
    Classifier moved = classifier;
    moved.heads[1].layer = "relu4_1";
    CHECK_THAT(error_of([&] { objective(moved, three_images(), labels); }),
               Contains("head 1 must be on relu5_1, of 7x4, got one on relu4_1"));
    CHECK(error_of([&] { objective(classifier, three_images(), {0, 1, 4}); }) != "(no error)");
    CHECK(error_of([&] { objective(classifier, three_images(), labels, 2); }) != "(no error)");
}

TEST_CASE("ClassifierObjective: rejects classifiers that cannot be trained and says why") {
    const auto message = [](const auto& change) {
        Classifier classifier = small_classifier();
        change(classifier);
        std::string line = error_of([&] { ClassifierObjective(classifier, 1, side); });
        std::string same = error_of([&] { nst::feature_network(classifier); });
        CHECK(line.substr(line.find(':')) == same.substr(same.find(':')));
        return line;
    };
    using C = Classifier&;
    CHECK_THAT(message([](C c) { c.network.layers.clear(); }), Contains("must begin with a conv"));
    CHECK_THAT(message([](C c) { c.network.layers.erase(c.network.layers.begin()); }),
               Contains("must begin with a convolution"));
    CHECK_THAT(message([](C c) { c.network.layers.pop_back(); }),
               Contains("must not end in a convolution; conv5_1 has no ReLU after it"));
    CHECK_THAT(message([](C c) { c.network.layers.erase(c.network.layers.begin() + 1); }),
               Contains("must have a ReLU after it; see conv1_2"));
    CHECK_THAT(message([](C c) {
                   c.network.layers[2].filters = nst::Filters::from_shape({3, 3, 5, 4});
               }),
               Contains("the filters of conv1_2 must be 3x3x4xC_out, got 3x3x5x4"));
    CHECK_THAT(message([](C c) {
                   c.network.layers[2].filters = nst::Filters::from_shape({1, 3, 4, 4});
               }),
               Contains("the filters of conv1_2 must be 3x3x4xC_out, got 1x3x4x4"));
    CHECK_THAT(message([](C c) { c.network.layers[0].bias = nst::Vector::from_shape({3}); }),
               Contains("conv1_1 must have 4 biases, one for each filter, got 3"));
    CHECK_THAT(message([](C c) { c.heads.clear(); }), Contains("at least one head, got none"));
    CHECK_THAT(message([](C c) { c.heads[0].layer = "conv3_1"; }),
               Contains("a head's layer must be a ReLU, got conv3_1"));
    CHECK_THAT(message([](C c) { c.heads[0].layer = "pool1"; }),
               Contains("a head's layer must be a ReLU, got pool1"));
    CHECK_THAT(message([](C c) {
                   c.heads[1].weights = Matrix::from_shape({6, 4});
               }),
               Contains("the weights of the head on relu5_1 must be 7x4 (channels, classes), got "
                        "6x4"));
    CHECK_THAT(message([](C c) { c.heads[1].bias = nst::Vector::from_shape({3}); }),
               Contains("the head on relu5_1 must have 4 biases, one for each class, got 3"));
    CHECK_THAT(message([](C c) { c.heads[0].loss_weight = std::nan(""); }),
               Contains("must be finite and not negative, got nan"));
}

TEST_CASE("ClassifierObjective: works after the number of threads grows or shrinks") {
    const Classifier classifier = small_classifier();
    const std::vector<std::size_t> labels = {0, 1, 2};
    const auto changed = [&](int before, int after) {
        const ThreadCount guard(before);
        ClassifierObjective objective(classifier, 3, side);
        const double first = objective(classifier, three_images(), labels).loss;
        nst::set_thread_count(after);
        const double second = objective(classifier, three_images(), labels).loss;
        CHECK(second == first);
        CHECK(objective.evaluate(classifier, three_images(), labels).loss == first);
    };
    changed(1, 4);
    changed(4, 1);
}
