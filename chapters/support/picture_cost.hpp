// The total cost of a picture and its gradient, for chapters before the objective.
#pragma once

#include <functional>
#include <vector>

#include "nst/content_loss.hpp"
#include "support/style_losses.hpp"

namespace course {

/// A function to make small: its value at x; writes its gradient.
using Function = std::function<double(const nst::Tensor3& x, nst::Tensor3& gradient)>;

/// The gradients of both costs with respect to the layers' outputs, with the tutorial's layers and
/// weights: where the way back begins.
inline nst::LayerGradients loss_gradients(const nst::Network& network,
                                          const std::vector<nst::Tensor3>& a_G,
                                          const std::vector<nst::Tensor3>& a_C,
                                          const std::vector<nst::Tensor3>& a_S, double alpha,
                                          double beta) {
    const std::size_t content = network.index_of("relu4_2");
    nst::LayerGradients gradients = {
        {"relu4_2", alpha * nst::content_loss_backward(a_G[content], a_C[content])}};
    for (const auto& [name, weight] : nst::tutorial_style_layers()) {
        const nst::Tensor3& a = a_G[network.index_of(name)];
        const nst::Tensor3& s = a_S[network.index_of(name)];
        const double ratio = static_cast<double>(a.size()) / static_cast<double>(s.size());
        const nst::Matrix target = nst::gram_matrix(s) * ratio;
        gradients[name] = beta * weight * nst::style_loss_backward(a, target);
    }
    return gradients;
}

/// J of chapter 10 and its gradient of chapter 11, with the tutorial's layers and weights, for the
/// features of a photo and a painting. The network must outlive the function.
inline Function picture_cost(const nst::Network& network, const std::vector<nst::Tensor3>& a_C,
                             const std::vector<nst::Tensor3>& a_S, double alpha = 10,
                             double beta = 40) {
    const std::size_t content = network.index_of("relu4_2");
    return [=, &network](const nst::Tensor3& x, nst::Tensor3& gradient) {
        const nst::Activations activations = nst::forward(network, x, "relu5_1");
        const auto& a_G = activations.outputs;
        gradient = nst::backward(network, activations,
                                 loss_gradients(network, a_G, a_C, a_S, alpha, beta));
        return nst::total_cost(nst::content_loss(a_G[content], a_C[content]),
                               style_cost(network, a_G, a_S), alpha, beta);
    };
}

}  // namespace course
