// Chapter 09 by hand: the style cost over several layers (tutorial, steps 3.3 and 3.4).
#pragma once

#include <cstddef>
#include <vector>

#include "nst/total_cost.hpp"

namespace by_hand {

/// J_style = the sum over the layers l of weight(l) times loss(l). The weights of the tutorial are
/// five times 0.2: the mean. Nothing here divides by the weights' sum, so doubling all of them
/// doubles the cost.
inline double style_cost(const std::vector<double>& losses,
                         const std::vector<nst::StyleLayer>& layers) {
    double cost = 0;
    for (std::size_t l = 0; l < layers.size(); ++l) cost += layers[l].weight * losses[l];
    return cost;
}

}  // namespace by_hand
