// Chapter 17: from noise, the photo as one layer knows it, and the painting as the Gram matrices of
// one to five layers know it.
#include <cstdio>

#include "by_hand.hpp"
#include "nst/noise_image.hpp"
#include "nst/transfer.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/drawing.hpp"
#include "support/picture_cost.hpp"
#include "support/receptive_field.hpp"

using nst::Image, nst::Network, nst::ObjectiveOptions, nst::Tensor3;

namespace {

constexpr std::size_t least = 16;  // one position of relu5_1

struct Studio {
    const course::Arguments& arguments;
    const Network network = nst::load_vgg19(arguments.weights);
    const Image photo = course::load_picture(arguments, arguments.content, least);
    const Image painting = course::load_picture(arguments, arguments.style, least);
    bool same = true;

    // Prints a line of the table; J is the objective by hand.
    course::Panel rebuild(const std::string& layer, const ObjectiveOptions& objective,
                          const course::Function& J) {
        nst::TransferOptions options;
        options.objective = objective;
        options.optimizer = nst::Optimizer::lbfgs;
        options.noise_ratio = 1;
        options.iterations = arguments.smoke ? 3 : 100;
        double left = 0;
        const auto watch = [&](const nst::Progress& now) { return (left = now.costs.total) > 0; };
        const Image made = nst::transfer(network, photo, painting, options, watch);
        const Tensor3 noise = nst::noise_image(xt::zeros_like(photo), 1);
        Tensor3 gradient;
        const double cost = J(noise, gradient);
        nst::Objective library(network, photo, painting, objective);
        const std::size_t size = by_hand::receptive_field(network, layer).size;
        const std::size_t measured = course::measured_receptive_field(network, layer, 2 * size);
        same = same && size == measured && course::agree(layer, cost, library(noise).total) &&
               course::agree(layer, gradient, library(noise).gradient);
        const std::string label = (objective.style_layers.size() > 1 ? "+ " : "") + layer;
        std::printf("  %-10s%6zu%10zu%14.4g%12.4g%14s\n", label.c_str(), size, measured, cost,
                    library(noise).total, course::text("~%.2g %%", 100 * left / cost).c_str());
        return {made, course::text("%s, sees %zux%zu", label.c_str(), size, size)};
    }
};

bool show(const course::Arguments& arguments) {
    Studio studio{arguments};
    const Network& network = studio.network;
    std::printf("content       sees  measured    J of noise     library          left\n");
    std::vector<course::Panel> content = {{studio.photo, "the photo"}};
    const auto a_C = course::features(network, studio.photo);
    for (const std::string layer : {"relu1_2", "relu2_2", "relu3_2", "relu4_2", "relu5_1"}) {
        const Tensor3& target = a_C[network.index_of(layer)];
        const auto J = [&](const Tensor3& x, Tensor3& gradient) {
            return by_hand::content_only(network, x, layer, target, gradient);
        };
        content.push_back(studio.rebuild(layer, {layer, {}, 1}, J));
    }
    std::vector<course::Panel> style = {{studio.painting, "the painting"}};
    std::printf("style\n");
    const auto a_S = course::features(network, studio.painting);
    ObjectiveOptions objective{"", {}, 0, 1};
    std::vector<nst::Matrix> grams;
    for (const nst::StyleLayer& layer : nst::tutorial_style_layers()) {
        const std::size_t l = network.index_of(layer.name);
        grams.push_back(nst::gram_matrix(a_S[l]) * double(a_C[l].size()) / double(a_S[l].size()));
        objective.style_layers.push_back(layer);
        const auto J = [&](const Tensor3& x, Tensor3& gradient) {
            return by_hand::style_only(network, x, objective.style_layers, grams, gradient);
        };
        style.push_back(studio.rebuild(layer.name, objective, J));
    }
    std::printf("\n");
    course::write_picture(arguments, "content.png", course::sheet(content, 3));
    course::write_picture(arguments, "style.png", course::sheet(style, 3));
    return studio.same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(
        argc, argv,
        {"17_what_the_network_sees", "Chapter 17: what the network sees", "128x96", "32"}, show);
}
