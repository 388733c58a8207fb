// The total cost of a picture and its gradient, for chapters before the objective.
#pragma once

#include <functional>

#include "nst/content_loss.hpp"
#include "support/style_losses.hpp"

namespace course {

/// A function to make small: its value at x; writes its gradient.
using Function = std::function<double(const nst::Tensor3& x, nst::Tensor3& gradient)>;

/// J of chapter 10 and its gradient of chapter 11, with the tutorial's layers and weights. The
/// network must outlive the function.
inline Function picture_cost(const nst::Network& network, const nst::Image& photo,
                             const nst::Image& painting, double alpha = 10, double beta = 40) {
    const std::size_t content = network.index_of("relu4_2");
    const nst::Tensor3 a_C = features(network, photo)[content];
    const auto a_S = features(network, painting);
    return [=, &network](const nst::Tensor3& x, nst::Tensor3& gradient) {
        const nst::Trace trace = nst::forward(network, x, "relu5_1");
        const nst::Tensor3& a_G = trace.outputs[content];
        nst::LayerGradients gradients = {{"relu4_2", alpha * nst::content_loss_backward(a_G, a_C)}};
        for (const auto& [name, weight] : nst::tutorial_style_layers()) {
            const nst::Tensor3& a = trace.outputs[network.index_of(name)];
            const nst::Tensor3& s = a_S[network.index_of(name)];
            const double ratio = static_cast<double>(a.size()) / static_cast<double>(s.size());
            const nst::Matrix target = nst::gram_matrix(s) * ratio;
            gradients[name] = beta * weight * nst::style_loss_backward(a, target);
        }
        gradient = nst::backward(network, trace, gradients);
        return nst::total_cost(nst::content_loss(a_G, a_C), style_cost(network, trace.outputs, a_S),
                               alpha, beta);
    };
}

}  // namespace course
