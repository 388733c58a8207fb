// Chapter 13 by hand: the whole transfer, step after step (tutorial, step 5, `model_nn`).
#pragma once

#include "nst/adam.hpp"
#include "nst/network.hpp"
#include "nst/noise_image.hpp"
#include "nst/objective.hpp"
#include "nst/tensor.hpp"
#include "nst/transfer.hpp"

namespace by_hand {

using nst::Image;

/// Paints the content in the manner of the style: x begins as 60 % noise and 40 % photo; then
/// `iterations` times the gradient of J with respect to every pixel, and one step of Adam.
///
/// After step 0, 20, 40 ... `report` gets the costs of the picture as it is *after* that step, and
/// the picture less the mean. What report returns is ignored.
inline Image model_nn(const nst::Network& network, const Image& content, const Image& style,
                      int iterations, double learning_rate, const nst::Observer& report) {
    nst::Objective objective(network, content, style);
    nst::AdamOptions options;
    options.learning_rate = learning_rate;
    nst::Adam adam(options);
    nst::Tensor3 x = nst::noise_image(nst::subtract_mean(content, network.mean), 0.6);
    for (int i = 0; i < iterations; ++i) {
        adam.step(x, objective(x).gradient);
        if (i % 20 == 0) report({i, iterations, objective.costs(x), x});
    }
    return nst::add_mean(x, network.mean);
}

}  // namespace by_hand
