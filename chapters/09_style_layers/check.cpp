#include "09_style_layers/check.hpp"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "by_hand.hpp"

namespace check_09 {

namespace {

using Numbers = std::vector<double>;
using Trial = course::Trial<Numbers, Numbers>;

std::vector<nst::StyleLayer> layers_of(const Numbers& weights) {
    std::vector<nst::StyleLayer> layers;
    for (std::size_t l = 0; l < weights.size(); ++l) {
        layers.push_back({"layer " + std::to_string(l + 1), weights[l]});
    }
    return layers;
}

double sum(const Numbers& numbers) {
    double total = 0;
    for (const double number : numbers) total += number;
    return total;
}

double cost(const Numbers& losses, const Numbers& weights) {
    return by_hand::style_cost(losses, layers_of(weights));
}

void add_suspects(Trial& trial) {
    const auto count = [](const Numbers& numbers) { return static_cast<double>(numbers.size()); };
    trial.suspect("the cost is divided by the sum of the weights: here nothing is divided",
                  [](const Numbers& l, const Numbers& w) { return cost(l, w) / sum(w); });
    trial.suspect("the cost is divided by the number of layers: the weights do that already",
                  [=](const Numbers& l, const Numbers& w) { return cost(l, w) / count(l); });
    trial.suspect("the losses are added without their weights",
                  [](const Numbers& l, const Numbers&) { return sum(l); });
    trial.suspect("it is the mean of the losses: where are the weights?",
                  [=](const Numbers& l, const Numbers&) { return sum(l) / count(l); });
    trial.suspect("every loss is multiplied by the same weight, 0.2: where are the layers' own?",
                  [](const Numbers& l, const Numbers&) { return 0.2 * sum(l); });
    trial.suspect("every loss is multiplied by the first weight",
                  [](const Numbers& l, const Numbers& w) { return w[0] * sum(l); });
    trial.suspect("only the last layer counts: is the cost added to (+=)?",
                  [](const Numbers& l, const Numbers& w) { return w.back() * l.back(); });
    trial.suspect("only the first layer counts: does the sum run over all layers?",
                  [](const Numbers& l, const Numbers& w) { return w[0] * l[0]; });
    trial.suspect("the first layer is left out: does the sum begin at 0?",
                  [](const Numbers& l, const Numbers& w) { return cost(l, w) - w[0] * l[0]; });
    trial.suspect(
        "the last layer is left out: does the sum end too early?",
        [](const Numbers& l, const Numbers& w) { return cost(l, w) - w.back() * l.back(); });
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    Trial trial(
        "style_cost",
        [=](const Numbers& l, const Numbers& w) { return yours.style_cost(l, layers_of(w)); }, cost,
        {"losses", "weights"});
    add_suspects(trial);
    trial.trait({"one layer", "does the sum run over all layers?", ""},
                [](const Numbers& l, const Numbers&) { return l.size() == 1; });
    trial.on("one layer", {3}, {0.5});
    trial.on("two layers", {1, 10}, {0.25, 0.75});
    trial.on("five layers, the tutorial's weights", {2, 3, 5, 7, 11}, {0.2, 0.2, 0.2, 0.2, 0.2});
    trial.on("weights whose sum is not 1", {2, 3, 5}, {1, 2, 4});
    trial.on("one layer switched off", {2, 3, 5}, {0.5, 0, 0.5});
    return {trial.function};
}

}  // namespace check_09
