#include "nst/total_cost.hpp"

#include "base/require.hpp"

namespace nst {
inline namespace NST_PRECISION {

std::vector<StyleLayer> tutorial_style_layers() {
    return {
        {"relu1_1", 0.2}, {"relu2_1", 0.2}, {"relu3_1", 0.2}, {"relu4_1", 0.2}, {"relu5_1", 0.2}};
}

double style_cost(const std::vector<double>& losses, const std::vector<StyleLayer>& layers) {
    require(losses.size() == layers.size(), "style_cost: expected a loss for each of ",
            layers.size(), " layers, got ", losses.size());
    double cost = 0;
    for (std::size_t l = 0; l < layers.size(); ++l) cost += layers[l].weight * losses[l];
    return cost;
}

double total_cost(double content_cost, double style_cost, double alpha, double beta) {
    return alpha * content_cost + beta * style_cost;
}

}  // namespace NST_PRECISION
}  // namespace nst
