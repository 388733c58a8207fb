// Training against PyTorch: loss and gradients of a classifier, and AdamW.
#include "golden/golden.hpp"
#include "golden/tolerances.hpp"
#include "nst/classifier.hpp"
#include "support/catch.hpp"
#include "support/npy.hpp"

using namespace nst_test;

namespace {

// As in make_golden.py.
constexpr std::size_t crop_side = 24;
constexpr nst::Real filter_scale = 64;

nst::Image crop_of(const nst::Image& image) {
    nst::Image crop = nst::Image::from_shape({crop_side, crop_side, 3});
    for (std::size_t i = 0; i < crop_side; ++i) {
        std::copy_n(&image(i, 0, 0), crop_side * 3, &crop(i, 0, 0));
    }
    return crop;
}

nst::Classifier golden_classifier(const nst::Network& network) {
    nst::Classifier classifier{network, {}};
    classifier.network.layers.resize(network.index_of("relu5_1") + 1);
    classifier.network.layers[0].filters *= filter_scale;
    for (const std::string layer : {"relu3_1", "relu5_1"}) {
        classifier.heads.push_back(
            {layer, read_npy<double, 2, nst::Real>(golden_file("training/head_" + layer)),
             xt::zeros<nst::Real>({std::size_t(3)}), 0.5});
    }
    return classifier;
}

template <class Tensor>
void compare(const Tensor& ours, const std::string& name) {
    INFO(name);
    CHECK(beyond(largest_error(Numbers(ours.begin(), ours.end()), read_numbers("training/" + name)),
                 training_tolerance) == "");
}

}  // namespace

TEST_CASE("ClassifierObjective: loss and gradients match PyTorch, " NST_BUILD) {
    const Golden golden(nst::Pooling::average);
    const nst::Classifier classifier = golden_classifier(golden.network);
    nst::ClassifierObjective objective(classifier, 2, crop_side);
    const nst::BatchResult result =
        objective(classifier, {crop_of(golden.content), crop_of(golden.style)}, {2, 0}, 0.1);
    compare(std::vector<double>{result.loss}, "loss");
    for (const nst::Head& head : objective.gradient().heads) {
        compare(head.weights, "d_head_" + head.layer);
    }
    for (const nst::Layer& layer : objective.gradient().network.layers) {
        if (layer.kind != nst::LayerKind::conv) continue;
        compare(layer.filters, "d_" + layer.name);
        compare(layer.bias, "d_" + layer.name + "_bias");
    }
}

TEST_CASE("adamw_step: ten steps match PyTorch, " NST_BUILD) {
    const auto gradients = read_npy<double, 4>(golden_file("adam/gradients"));
    const auto positions = read_npy<double, 4>(golden_file("training/adamw_positions"));
    const std::size_t size = gradients.size() / gradients.shape(0);
    std::vector<nst::Real> x(positions.data(), positions.data() + size);
    nst::AdamWState state;
    nst::AdamWOptions options;
    options.weight_decay = 0.05;
    for (std::size_t step = 0; step < gradients.shape(0); ++step) {
        const std::vector<nst::Real> gradient(gradients.data() + step * size,
                                              gradients.data() + (step + 1) * size);
        nst::adamw_step({{x.data(), gradient.data(), size, true}}, state, 0.1, options);
        const double* golden = positions.data() + (step + 1) * size;
        CHECK(beyond(largest_error(Numbers(x.begin(), x.end()), Numbers(golden, golden + size)),
                     adam_tolerance) == "");
    }
}
