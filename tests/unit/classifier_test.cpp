#include "nst/classifier.hpp"

#include <limits>

#include "nst/cross_entropy.hpp"
#include "nst/threads.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Classifier;
using nst::ClassifierObjective;
using nst::ClassifierOptions;
using nst::Image;
using nst::Matrix;
using nst::Real;
using nst::Tensor3;

namespace {

constexpr std::size_t side = 21;  // odd at every pooling: 21, 11, 6, 3, 2
// Winograd's filtering through thirteen layers, against the plain operations.
constexpr double chain_tolerance = 3e4 * epsilon;

std::vector<Image> three_pictures() {
    return {random_picture(side, side, 1), random_picture(side, side, 2),
            random_picture(side, side, 3)};
}

Classifier small_classifier() {
    ClassifierOptions options;
    options.channels = {4, 17, 6, 5, 7};
    options.classes = 4;
    options.layers = {"relu3_1", "relu5_1"};
    Classifier classifier = nst::make_classifier(three_pictures(), options);
    for (nst::Head& head : classifier.heads) {
        head.weights = random_tensor<Matrix>({head.weights.shape(0), 4}, 7);
        head.bias = random_tensor<nst::Vector>({4}, 8);
    }
    return classifier;
}

// The head's logits for one picture, by the plain chain.
std::vector<double> plain_logits(const Classifier& classifier, const nst::Head& head,
                                 const Image& picture) {
    const nst::Network network = nst::unscaled_network(classifier);
    const Tensor3 y =
        nst::forward(network, nst::subtract_mean(picture, network.mean), head.layer).outputs.back();
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

TEST_CASE("ClassifierObjective: a batch is its pictures, one by one, through the plain chain") {
    const Classifier classifier = small_classifier();
    const std::vector<Image> pictures = three_pictures();
    const std::vector<std::size_t> labels = {2, 0, 3};
    double expected = 0;
    for (const nst::Head& head : classifier.heads) {
        Matrix logits = Matrix::from_shape({3, 4});
        for (std::size_t n = 0; n < 3; ++n) {
            const std::vector<double> row = plain_logits(classifier, head, pictures[n]);
            for (std::size_t k = 0; k < 4; ++k) logits(n, k) = static_cast<Real>(row[k]);
        }
        expected += 0.5 * nst::cross_entropy(logits, labels, 0.1);
    }
    ClassifierObjective objective(classifier, 3, side);
    CHECK(agree(objective(classifier, pictures, labels, 0.1).loss, expected, chain_tolerance));
}

TEST_CASE("ClassifierObjective: no picture sees another, forward or backward") {
    // The gradient of a batch is the mean of its pictures' gradients.
    const Classifier classifier = small_classifier();
    const std::vector<Image> pictures = three_pictures();
    const std::vector<std::size_t> labels = {2, 0, 3};
    ClassifierObjective together(classifier, 3, side);
    ClassifierObjective alone(classifier, 1, side);
    const double loss = together(classifier, pictures, labels).loss;
    double mean_loss = 0;
    Classifier mean = together.gradient();
    auto sums = nst::parameters(mean, together.gradient());
    for (auto& sum : sums) std::fill_n(sum.values, sum.size, Real(0));
    for (std::size_t n = 0; n < 3; ++n) {
        mean_loss += alone(classifier, {pictures[n]}, {labels[n]}).loss / 3;
        const auto parts = nst::parameters(mean, alone.gradient());
        for (std::size_t p = 0; p < sums.size(); ++p) {
            for (std::size_t k = 0; k < sums[p].size; ++k) {
                sums[p].values[k] += parts[p].gradient[k] / 3;
            }
        }
    }
    CHECK(agree(loss, mean_loss, chain_tolerance));
    for (std::size_t l = 0; l < mean.network.layers.size(); ++l) {
        INFO(mean.network.layers[l].name);
        CHECK(agree(together.gradient().network.layers[l].filters, mean.network.layers[l].filters,
                    chain_tolerance));
        CHECK(agree(together.gradient().network.layers[l].bias, mean.network.layers[l].bias,
                    chain_tolerance));
    }
}

TEST_CASE("ClassifierObjective: the same bits for any number of threads, and the second time") {
    const Classifier classifier = small_classifier();
    const std::vector<std::size_t> labels = {1, 1, 0};
    const int threads = nst::thread_count();
    std::vector<Classifier> gradients;
    for (const int count : {1, 2, 5}) {
        nst::set_thread_count(count);
        ClassifierObjective objective(classifier, 3, side);
        objective(classifier, three_pictures(), labels);
        objective(classifier, three_pictures(), labels);
        gradients.push_back(objective.gradient());
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

TEST_CASE("ClassifierObjective: some steps of AdamW tell two classes apart") {
    ClassifierOptions options;
    options.channels = {4, 4, 4, 4, 4};
    const std::vector<Image> pictures = {random_picture(side, side, 1),
                                         Image(random_picture(side, side, 2) / 2)};
    Classifier classifier = nst::make_classifier(pictures, options);
    ClassifierObjective objective(classifier, 2, side);
    nst::AdamWState state;
    const double first = objective(classifier, pictures, {0, 1}).loss;
    for (int k = 0; k < 30; ++k) {
        objective(classifier, pictures, {0, 1});
        nst::adamw_step(nst::parameters(classifier, objective.gradient()), state, 0.01);
    }
    const nst::BatchResult last = objective.judge(classifier, pictures, {0, 1});
    CHECK(last.loss < first / 2);
    CHECK(last.correct == 2);
}

TEST_CASE("ClassifierObjective: refuses batches of another size") {
    const Classifier classifier = small_classifier();
    ClassifierObjective objective(classifier, 3, side);
    CHECK(error_of([&] { objective(classifier, {}, {}); }) ==
          "ClassifierObjective: expected 3 pictures, got 0");
    std::vector<Image> pictures = three_pictures();
    pictures[1] = random_picture(side, side + 1, 4);
    CHECK(error_of([&] {
              objective(classifier, pictures, {0, 0, 0});
          }) == "ClassifierObjective: a picture must be 21x21x3, got 21x22x3");
    CHECK(error_of([&] { ClassifierObjective(classifier, 0, side); }) ==
          "ClassifierObjective: count and side must be positive, got 0 and 21");
    CHECK(error_of([&] {
              objective(classifier, three_pictures(), {0, 1});
          }) == "ClassifierObjective: expected 3 labels, got 2");
}

TEST_CASE("make_classifier: refuses no classes, no layers, and layers that are no ReLU") {
    ClassifierOptions options;
    options.classes = 0;
    CHECK(error_of([&] { nst::make_classifier(three_pictures(), options); }) ==
          "make_classifier: expected at least one class, got 0");
    options.classes = 2;
    options.layers = {"conv3_1"};
    CHECK(error_of([&] { nst::make_classifier(three_pictures(), options); }) ==
          "make_classifier: a head's layer must be a ReLU, got conv3_1");
    options.layers = {};
    CHECK(error_of([&] { nst::make_classifier(three_pictures(), options); }) ==
          "make_classifier: expected at least one layer with a head");
}
