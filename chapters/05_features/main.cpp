// Chapter 05: what every layer makes of a photo.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "by_hand.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/drawing.hpp"

using nst::Matrix;
using nst::Tensor3;

namespace {

constexpr std::size_t shown = 4;  // channels of a layer

// The first channel, and those after one, two and three quarters, of a layer's features.
void add_panels(std::vector<course::Panel>& panels, const std::string& name,
                const Tensor3& features) {
    const std::size_t height =
        std::max<std::size_t>(1, 110 * features.shape(0) / features.shape(1));
    for (std::size_t k = 0; k < shown; ++k) {
        const std::size_t c = k * features.shape(2) / shown;
        const Matrix map = course::channel(features, c);
        panels.push_back(
            {course::thumbnail(course::heat_map(map, 0, course::largest(map)), height, 110),
             course::text("%s, channel %zu", name.c_str(), c)});
    }
}

void print(const std::string& name, const Tensor3& y) {
    const auto silent = static_cast<double>(std::count(y.begin(), y.end(), nst::Real(0)));
    std::printf("  %-9s %4zu x %3zu x %3zu %11.3f %11.3f %7.1f %%\n", name.c_str(), y.shape(0),
                y.shape(1), y.shape(2), xt::mean(y)(), *std::max_element(y.begin(), y.end()),
                100 * silent / static_cast<double>(y.size()));
}

bool show(const course::Arguments& arguments) {
    const nst::Network network = nst::load_vgg19(arguments.weights);
    const nst::Image photo = course::load_picture(arguments, arguments.content);
    const Tensor3 input = nst::subtract_mean(photo, network.mean);
    const std::vector<Tensor3> block = by_hand::block_1(network, input);
    const std::vector<Tensor3> outputs = by_hand::forward(network, input, "relu5_1");
    const nst::Activations activations = nst::forward(network, input, "relu5_1");

    std::printf("  layer      H x   W x   C         mean     largest   zeros\n");
    std::vector<course::Panel> panels;
    bool same = true;
    for (std::size_t l = 0; l < outputs.size(); ++l) {
        const std::string& name = network.layers[l].name;
        same &= course::agree(name, outputs[l], activations.outputs[l]);
        if (l < block.size())
            same &= course::agree("block 1, " + name, block[l], activations.outputs[l]);
        if (l < block.size() || name.find("_1") != std::string::npos) print(name, outputs[l]);
        if (name.substr(0, 4) != "relu" || name.substr(5) != "_1") continue;
        add_panels(panels, name, outputs[l]);
    }
    std::printf("\n");
    course::write_picture(arguments, "features.png", course::sheet(panels, shown));
    return same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv, {"05_features", "Chapter 05: features"}, show);
}
