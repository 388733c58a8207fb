// The style losses of the tutorial's layers, for chapters before the objective.
#pragma once

#include <vector>

#include "nst/gram_matrix.hpp"
#include "nst/network.hpp"
#include "nst/style_loss.hpp"
#include "nst/total_cost.hpp"

namespace course {

/// The outputs of all layers that the losses need, for a picture of 0 to 255.
inline std::vector<nst::Tensor3> features(const nst::Network& network, const nst::Image& picture) {
    return nst::forward(network, nst::subtract_mean(picture, network.mean), "relu5_1").outputs;
}

/// The style loss of each of the tutorial's layers by itself, not weighted; the two pictures may
/// have different sizes.
inline std::vector<double> style_losses(const nst::Network& network,
                                        const std::vector<nst::Tensor3>& generated,
                                        const std::vector<nst::Tensor3>& style) {
    std::vector<double> losses;
    for (const nst::StyleLayer& layer : nst::tutorial_style_layers()) {
        const nst::Tensor3& a_G = generated[network.index_of(layer.name)];
        const nst::Tensor3& a_S = style[network.index_of(layer.name)];
        const double ratio = static_cast<double>(a_G.size()) / static_cast<double>(a_S.size());
        losses.push_back(nst::style_loss(a_G, nst::gram_matrix(a_S) * ratio));
    }
    return losses;
}

/// J_style by the tutorial's layers and weights.
inline double style_cost(const nst::Network& network, const std::vector<nst::Tensor3>& generated,
                         const std::vector<nst::Tensor3>& style) {
    return nst::style_cost(style_losses(network, generated, style), nst::tutorial_style_layers());
}

}  // namespace course
