#include "nst/classifier.hpp"

#include <cmath>

#include "base/require.hpp"
#include "network/orthogonal_vgg19.hpp"
#include "training/classifier_check.hpp"
#include "training/input_scale.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

// Filters and heads start with standard deviation 1 / sqrt(3 inputs), like PyTorch's layers,
// because AdamW's steps are equally long for small and large weights.
constexpr Real first_scale = Real(0.57735027);

}  // namespace

Classifier make_classifier(const ClassifierOptions& options) {
    require(options.classes > 0, "make_classifier: expected at least one class, got 0");
    require(!options.layers.empty(), "make_classifier: expected at least one layer with a head");
    NumpyRandom random(options.seed);
    Classifier classifier{orthogonal_vgg19("make_classifier", options.channels, random), {}};
    std::vector<Layer>& layers = classifier.network.layers;
    layers.resize(classifier.network.index_of("relu5_1") + 1);
    for (Layer& layer : layers) layer.filters *= first_scale;
    for (const std::string& layer : options.layers) {
        const std::size_t captured = classifier.network.index_of(layer);
        require(layers[captured].kind == LayerKind::relu,
                "make_classifier: a head's layer must be a ReLU, got ", layer);
        const std::size_t channels = layers[captured - 1].bias.size();
        Matrix weights = Matrix::from_shape({channels, options.classes});
        const double std_dev = first_scale / std::sqrt(static_cast<double>(channels));
        for (Real& weight : weights) weight = static_cast<Real>(std_dev * random.normal());
        classifier.heads.push_back({layer, weights, xt::zeros<Real>({options.classes}),
                                    1 / static_cast<double>(options.layers.size())});
    }
    return classifier;
}

Network feature_network(const Classifier& classifier) {
    check_classifier("feature_network", classifier);
    Network network = classifier.network;
    for (Layer& layer : network.layers) layer.bias.fill(0);
    network.layers[0].filters *= input_scale;
    return network;
}

std::vector<Parameters> parameters(Classifier& classifier, const Classifier& gradient) {
    check_classifier("parameters", classifier);
    require_same_shapes("parameters", classifier, gradient);
    std::vector<Parameters> all;
    for (std::size_t l = 0; l < classifier.network.layers.size(); ++l) {
        Layer& layer = classifier.network.layers[l];
        const Layer& at = gradient.network.layers[l];
        if (layer.kind != LayerKind::conv) continue;
        all.push_back({layer.filters.data(), at.filters.data(), layer.filters.size(), true});
        all.push_back({layer.bias.data(), at.bias.data(), layer.bias.size(), false});
    }
    for (std::size_t h = 0; h < classifier.heads.size(); ++h) {
        Head& head = classifier.heads[h];
        const Head& at = gradient.heads[h];
        all.push_back({head.weights.data(), at.weights.data(), head.weights.size(), true});
        all.push_back({head.bias.data(), at.bias.data(), head.bias.size(), false});
    }
    return all;
}

}  // namespace NST_PRECISION
}  // namespace nst
