#include "nst/preset.hpp"

#include <cmath>

#include "nst/image.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"
#include "support/studio.hpp"

using namespace nst_test;
using nst::Image;
using nst::ObjectiveOptions;
using nst::Progress;
using nst::TransferOptions;

namespace {

Studio painting(std::size_t height, std::size_t width) {
    Studio made;
    made.content = random_image(height, width, 1);
    made.style = random_image(70, 90, 2);
    made.options = nst::find_preset("painting").options;
    made.options.iterations = 3;
    return made;
}

double distance_of(const Image& a, const Image& b) {
    double sum = 0;
    for (std::size_t k = 0; k < a.size(); ++k) sum += std::abs(double{a.data()[k]} - b.data()[k]);
    return sum / static_cast<double>(a.size());
}

}  // namespace

TEST_CASE("find_preset: the first is the tutorial's, an unknown one is named with all others") {
    REQUIRE(nst::presets().size() == 2);
    CHECK(nst::presets()[0].name == "tutorial");
    const TransferOptions& tutorial = nst::find_preset("tutorial").options;
    CHECK(tutorial.iterations == 200);
    CHECK(tutorial.objective.content_weight == 10);
    CHECK_FALSE(tutorial.objective.relative);
    CHECK_FALSE(tutorial.style_scale.has_value());
    const TransferOptions& recipe = nst::find_preset("painting").options;
    CHECK(recipe.objective.relative);
    CHECK(recipe.scales == 0);
    CHECK(error_of([] { nst::find_preset("gatys"); }) ==
          "find_preset: there is no preset gatys; expected one of tutorial, painting");
}

TEST_CASE("set_style_strength: goes from the content alone to the style alone") {
    ObjectiveOptions options;
    nst::set_style_strength(options, 0);
    CHECK(options.content_weight == 0.04);
    CHECK(options.style_weight == 0);
    CHECK(options.tv_weight == 0);
    nst::set_style_strength(options, 0.5);
    CHECK(options.content_weight == 0.01);
    CHECK(options.style_weight == 0.25);
    nst::set_style_strength(options, 1);
    CHECK(options.content_weight == 0);
    CHECK(options.style_weight == 1);
    CHECK(options.tv_weight == 0.004);
    for (const double wrong : {-0.1, 1.1, std::nan("")}) {
        CHECK(error_of([&] {
                  nst::set_style_strength(options, wrong);
              }).find("set_style_strength: strength must be 0 to 1, got ") == 0);
    }
}

TEST_CASE("transfer: with style strength 0 the painting is the content image") {
    Studio s = painting(210, 203);  // two scales
    nst::set_style_strength(s.options.objective, 0);
    CHECK(distance_of(s.paint(), s.content) < 0.01);
}

TEST_CASE("transfer: more style strength leaves less style and changes more content") {
    double content = -1;
    double style = 2;
    for (const double strength : {0.25, 0.5, 0.75, 1.0}) {
        Studio s = painting(90, 80);
        s.options.iterations = 100;  // enough for what the weights say to come true
        nst::set_style_strength(s.options.objective, strength);
        double last_content = 0;
        double last_style = 0;
        s.paint([&](const Progress& progress) {
            last_content = progress.costs.content;
            last_style = progress.costs.style;
            return true;
        });
        CHECK(last_content > content);
        CHECK(last_style < style);
        content = last_content;
        style = last_style;
    }
}

TEST_CASE("scale_count: as many scales as keep the shorter side at 100 pixels or more") {
    TransferOptions options;
    CHECK(nst::scale_count({600, 800, 3}, options) == 1);
    options.scales = 5;
    CHECK(nst::scale_count({600, 800, 3}, options) == 5);
    options.scales = 0;
    CHECK(nst::scale_count({16, 2000, 3}, options) == 1);
    CHECK(nst::scale_count({199, 500, 3}, options) == 1);
    CHECK(nst::scale_count({200, 500, 3}, options) == 2);
    CHECK(nst::scale_count({300, 400, 3}, options) == 2);
    CHECK(nst::scale_count({1600, 1200, 3}, options) == 4);
}

TEST_CASE("transfer: style_scale brings the style to the content's size at every scale") {
    Studio s = painting(40, 50);
    s.options = TransferOptions();
    s.options.iterations = 2;
    s.options.style_scale = 0.8;
    const Image scaled = s.paint();
    // 40 of 90 pixels: the longer side is 0.8 times 50
    s.style = nst::resize_image(s.style, 31, 40);
    s.options.style_scale.reset();
    CHECK(same_bits(s.paint(), scaled));
    s.options.style_scale = 4;  // smaller than wanted: as it is
    CHECK(same_bits(s.paint(), scaled));
    for (const double wrong : {0.0, -1.0, std::nan("")}) {
        s.options.style_scale = wrong;
        CHECK(error_of([&] {
                  s.paint();
              }).find("transfer: style_scale must be finite and positive, got ") == 0);
    }
}

TEST_CASE("transfer: coarse_content changes the weight at the smaller scales only") {
    Studio s = painting(40, 50);
    s.options.scales = 2;
    std::vector<double> totals;
    const auto remember = [&](const Progress& progress) {
        const nst::Evaluation& costs = progress.costs;
        const ObjectiveOptions& objective = s.options.objective;
        const double rest = objective.style_weight * costs.style +
                            objective.tv_weight * costs.total_variation +
                            objective.range_weight * costs.range_penalty;
        const double weight = (costs.total - rest) / costs.content / objective.content_weight;
        CHECK(weight == Approx(progress.scale == 1 ? 0.25 : 1).epsilon(1e-6));
        return true;
    };
    s.options.coarse_content = 0.25;
    s.paint(remember);
    s.options.coarse_content = -1;
    CHECK(error_of([&] { s.paint(); }) ==
          "transfer: coarse_content must be finite and not negative, got -1");
}

TEST_CASE("transfer: return_detail adds what the smaller content image could not show") {
    Studio s = painting(48, 40);
    s.options.scales = 2;
    s.options.iterations = 0;
    s.options.return_detail = true;
    CHECK(distance_of(s.paint(), s.content) < 1e-3);
    s.options.return_detail = false;
    CHECK(distance_of(s.paint(), s.content) > 10);  // blurred
}
