#include "09_style_layers/by_hand.hpp"
#include "09_style_layers/check.hpp"
#if __has_include("09_style_layers/exercise.hpp")
#include "09_style_layers/exercise.hpp"
#define NST_HAS_EXERCISE 1
#endif
#include "course/checking.hpp"

using checking::is_named;
using Layers = std::vector<nst::StyleLayer>;

namespace {

namespace unweighted {
double style_cost(const std::vector<double>& losses, const Layers&) {
    double cost = 0;
    for (const double loss : losses) cost += loss;
    return cost;
}
}  // namespace unweighted

namespace mean {
double style_cost(const std::vector<double>& losses, const Layers& layers) {
    double cost = 0;
    double sum = 0;
    for (std::size_t l = 0; l < layers.size(); ++l) {
        cost += layers[l].weight * losses[l];
        sum += layers[l].weight;
    }
    return cost / sum;
}
}  // namespace mean

namespace overwritten {
double style_cost(const std::vector<double>& losses, const Layers& layers) {
    double cost = 0;
    for (std::size_t l = 0; l < layers.size(); ++l) cost = layers[l].weight * losses[l];
    return cost;
}
}  // namespace overwritten

namespace from_one {
double style_cost(const std::vector<double>& losses, const Layers& layers) {
    double cost = 0;
    for (std::size_t l = 1; l < layers.size(); ++l) cost += layers[l].weight * losses[l];
    return cost;
}
}  // namespace from_one

course::Exercise with(double (*style_cost)(const std::vector<double>&, const Layers&)) {
    return check_09::exercise({style_cost});
}

}  // namespace

TEST_CASE("exercise 09: the stub counts as not written, the solution passes") {
    checking::passes(NST_EXERCISE(by_hand));
#ifdef NST_HAS_EXERCISE
    checking::is_not_written(NST_EXERCISE(exercise));
#endif
}

TEST_CASE("exercise 09: mistakes are named") {
    is_named(with(unweighted::style_cost), 0, "the losses are added without their weights");
    is_named(with(mean::style_cost), 0, "the cost is divided by the sum of the weights");
    is_named(with(overwritten::style_cost), 0, "only the last layer counts");
    is_named(with(from_one::style_cost), 0, "the first layer is left out");
}
