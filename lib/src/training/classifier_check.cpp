#include "training/classifier_check.hpp"

#include <cmath>

#include "base/require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

void check_conv(const char* function, const Layer& layer, std::size_t channels) {
    const auto& shape = layer.filters.shape();
    require(layer.filters.size() > 0 && shape[0] == 3 && shape[1] == 3 && shape[2] == channels,
            function, ": the filters of ", layer.name, " must be 3x3x", channels, "xC_out, got ",
            shape_text(shape));
    require(layer.bias.size() == shape[3], function, ": ", layer.name, " must have ", shape[3],
            " biases, one for each filter, got ", layer.bias.size());
}

void check_head(const char* function, const Network& network, const Head& head, std::size_t classes,
                const std::vector<std::size_t>& channels) {
    const std::size_t l = network.index_of(head.layer);
    require(network.layers[l].kind == LayerKind::relu, function,
            ": a head's layer must be a ReLU, got ", head.layer);
    require(head.weights.size() > 0 && head.weights.shape(0) == channels[l] &&
                head.weights.shape(1) == classes,
            function, ": the weights of the head on ", head.layer, " must be ", channels[l], "x",
            classes, " (channels, classes), got ", shape_text(head.weights.shape()));
    require(head.bias.size() == classes, function, ": the head on ", head.layer, " must have ",
            classes, " biases, one for each class, got ", head.bias.size());
    require(std::isfinite(head.loss_weight) && head.loss_weight >= 0, function,
            ": the loss weight of the head on ", head.layer,
            " must be finite and not negative, got ", head.loss_weight);
}

}  // namespace

void check_classifier(const char* function, const Classifier& classifier) {
    const std::vector<Layer>& layers = classifier.network.layers;
    require(!layers.empty() && layers[0].kind == LayerKind::conv, function,
            ": the network must begin with a convolution");
    std::vector<std::size_t> channels;  // number of channels of each layer's output
    for (std::size_t l = 0; l < layers.size(); ++l) {
        channels.push_back(l == 0 ? 3 : channels.back());
        const bool after_conv = l > 0 && layers[l - 1].kind == LayerKind::conv;
        require(after_conv == (layers[l].kind == LayerKind::relu), function,
                ": every convolution, and nothing else, must have a ReLU after it; see ",
                layers[l].name);
        if (layers[l].kind != LayerKind::conv) continue;
        check_conv(function, layers[l], channels[l]);
        channels[l] = layers[l].bias.size();
    }
    require(layers.back().kind != LayerKind::conv, function,
            ": the network must not end in a convolution; ", layers.back().name,
            " has no ReLU after it");
    require(!classifier.heads.empty(), function, ": expected at least one head, got none");
    const std::size_t classes = classifier.heads[0].bias.size();
    for (const Head& head : classifier.heads) {
        check_head(function, classifier.network, head, classes, channels);
    }
}

void require_same_shapes(const char* function, const Classifier& expected,
                         const Classifier& other) {
    const std::vector<Layer>& layers = expected.network.layers;
    require(other.network.layers.size() == layers.size(), function, ": expected a classifier of ",
            layers.size(), " layers, got ", other.network.layers.size());
    for (std::size_t l = 0; l < layers.size(); ++l) {
        const Layer& layer = other.network.layers[l];
        require(layer.kind == layers[l].kind && layer.name == layers[l].name, function,
                ": expected ", layers[l].name, " as layer ", l, ", got ", layer.name);
        require(layer.filters.shape() == layers[l].filters.shape() &&
                    layer.bias.size() == layers[l].bias.size(),
                function, ": ", layer.name, " must have filters of ",
                shape_text(layers[l].filters.shape()), " and ", layers[l].bias.size(),
                " biases, got ", shape_text(layer.filters.shape()), " and ", layer.bias.size());
    }
    require(other.heads.size() == expected.heads.size(), function, ": expected ",
            expected.heads.size(), " heads, got ", other.heads.size());
    for (std::size_t h = 0; h < other.heads.size(); ++h) {
        const Head& head = other.heads[h];
        const Head& wanted = expected.heads[h];
        require(head.layer == wanted.layer && head.weights.shape() == wanted.weights.shape() &&
                    head.bias.size() == wanted.bias.size(),
                function, ": head ", h, " must be on ", wanted.layer, ", of ",
                shape_text(wanted.weights.shape()), ", got one on ", head.layer, ", of ",
                shape_text(head.weights.shape()));
    }
}

}  // namespace NST_PRECISION
}  // namespace nst
