// Chapter 09: five layers' style losses of a photo against two paintings, and each layer's share.
#include <cstdio>
#include <string>
#include <vector>

#include "by_hand.hpp"
#include "nst/total_cost.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/drawing.hpp"
#include "support/style_losses.hpp"

using nst::Image;

namespace {

const std::vector<nst::StyleLayer> layers = nst::tutorial_style_layers();

// The painting against itself costs nothing, and of nothing every share is 0.
double ratio(double part, double whole) {
    return whole > 0 ? part / whole : 0;
}

// A bar for each layer: its share of the cost.
Image bars(const std::vector<double>& all, double cost) {
    constexpr std::size_t full = 420;
    constexpr std::size_t bar = 20;
    Image canvas = course::plain(layers.size() * (bar + 6), full);
    for (std::size_t l = 0; l < layers.size(); ++l) {
        const double share = ratio(layers[l].weight * all[l], cost);
        const std::size_t top = l * (bar + 6);
        const std::size_t width = static_cast<std::size_t>(share * full);
        course::write(canvas, layers[l].name, top + 4, 0);
        course::fill(canvas, top, 50, bar, width + 1, {0, 114, 178});
        course::write(canvas, course::text("%.2f %%", 100 * share), top + 4, 57 + width);
    }
    return canvas;
}

// Prints the table of one painting; returns whether by hand and library agree.
bool show_painting(const std::string& name, const std::vector<double>& all,
                   std::vector<course::Panel>& panels) {
    const double by_hand = by_hand::style_cost(all, layers);
    const double library = nst::style_cost(all, layers);
    std::printf("%-24s weight           loss       share    even weight\n", name.c_str());
    for (std::size_t l = 0; l < layers.size(); ++l) {
        const double weighted = layers[l].weight * all[l];
        std::printf("  %-22s %6.1f %14.4g %9.3f %% %14.4g\n", layers[l].name.c_str(),
                    layers[l].weight, all[l], 100 * ratio(weighted, library),
                    ratio(0.2 * library, all[l]));
    }
    std::printf("  J_style by hand        %21.6g\n", by_hand);
    std::printf("  J_style library        %21.6g\n\n", library);
    panels.push_back({bars(all, library), course::text("J_style = %.2e", library)});
    return course::agree(name, by_hand, library);
}

bool show(const course::Arguments& arguments) {
    const nst::Network network = nst::load_vgg19(arguments.weights);
    const Image photo = course::load_picture(arguments, arguments.content);
    const auto generated = course::features(network, photo);
    std::printf("J_style of %s against two paintings\n\n", arguments.content.filename().c_str());
    bool same = true;
    std::vector<course::Panel> panels;
    for (const auto& file : {arguments.style, course::sample("style/field_of_strokes.png")}) {
        const Image painting = course::load_picture(arguments, file);
        const std::string name = file.filename().string();
        panels.push_back({course::thumbnail(painting, 124, 165), name});
        const auto style = course::features(network, painting);
        same = show_painting(name, course::style_losses(network, generated, style), panels) && same;
    }
    course::write_picture(arguments, "style_layers.png", course::sheet(panels, 2));
    return same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv, {"09_style_layers", "Chapter 09: the style layers"}, show);
}
