#include "nst/total_cost.hpp"

#include "09_style_layers/by_hand.hpp"
#include "10_total_cost/by_hand.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace nst_test;

TEST_CASE("tutorial_style_layers: are the first ReLU of each of the five blocks, weight 0.2 each") {
    const std::vector<nst::StyleLayer> layers = nst::tutorial_style_layers();
    REQUIRE(layers.size() == 5);
    for (std::size_t l = 0; l < 5; ++l) {
        CHECK(layers[l].name == "relu" + std::to_string(l + 1) + "_1");
        CHECK(layers[l].weight == 0.2);
    }
}

TEST_CASE("style_cost: is the weighted sum of the losses") {
    const std::vector<nst::StyleLayer> layers = {{"relu1_1", 0.5}, {"relu2_1", 2}, {"relu3_1", 0}};
    CHECK(nst::style_cost({8, 3, 1000}, layers) == 10);
    const std::vector<double> losses = {0.1, 20.3, 4e5};
    CHECK(nst::style_cost(losses, layers) == by_hand::style_cost(losses, layers));
    const std::vector<double> five = {1.25, 3e7, 0.1, 77, 1e-3};
    CHECK(nst::style_cost(five, nst::tutorial_style_layers()) ==
          by_hand::style_cost(five, nst::tutorial_style_layers()));
}

TEST_CASE("style_cost: rejects a number of losses that differs from the number of layers") {
    CHECK(error_of([] {
              nst::style_cost({1, 2, 3, 4}, nst::tutorial_style_layers());
          }) == "style_cost: expected a loss for each of 5 layers, got 4");
}

TEST_CASE("total_cost: is alpha content plus beta style, by default 10 and 40") {
    CHECK(nst::total_cost(1, 1) == 50);
    CHECK(nst::total_cost(2, 3) == 140);
    CHECK(nst::total_cost(2, 3, 5, 7) == 31);
    CHECK(nst::total_cost(0.3, 0.7, 1.1, 1.3) == by_hand::total_cost(0.3, 0.7, 1.1, 1.3));
}
