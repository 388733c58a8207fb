#pragma once

#include <string>
#include <vector>

#include "nst/api.hpp"
#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// A layer whose Gram matrix is compared with the style image's, and its weight.
/// Introduced in chapter 09.
struct StyleLayer {
    std::string name;
    double weight;
};

/// Returns the tutorial's five layers, 0.2 each (step 3.3). The tutorial's `conv1_1` is after ReLU,
/// and so is `relu1_1` here.
/// Introduced in chapter 09.
NST_API std::vector<StyleLayer> tutorial_style_layers();

/// Computes the style cost over several layers: the sum of weight times loss (tutorial, step 3.4).
/// @param losses  style_loss of each layer, in the order of the layers
/// @throws Error when the numbers of losses and layers differ
/// Introduced in chapter 09.
NST_API double style_cost(const std::vector<double>& losses, const std::vector<StyleLayer>& layers);

/// Computes J = alpha J_content + beta J_style (tutorial, step 4).
/// Introduced in chapter 10.
NST_API double total_cost(double content_cost, double style_cost, double alpha = 10,
                          double beta = 40);

}  // namespace NST_PRECISION
}  // namespace nst
