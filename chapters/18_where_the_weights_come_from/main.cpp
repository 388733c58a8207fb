// Chapter 18: a network learns from nothing to tell textures apart, and paints with what it knows
// before, half-way and after.
#include <cstdio>

#include "by_hand.hpp"
#include "nst/conv2d.hpp"
#include "nst/cross_entropy.hpp"
#include "nst/transfer.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/learning.hpp"

using nst::Image, nst::Network, nst::Tensor3;

namespace {

constexpr std::size_t least = 16;  // one position of relu5_1

// J = sum of y^2 / 2 over a convolution's output, so dJ/dy is y. J is quadratic in every weight:
// any difference, however large, gives its derivative.
bool compare(const nst::Layer& layer, const Tensor3& x) {
    const auto J = [&](nst::Real change) {
        nst::Filters w = layer.filters;
        w(0, 0, 0, 0) += change;
        return xt::sum<double>(xt::square(nst::conv2d(x, w, layer.bias)))() / 2;
    };
    const Tensor3 dy = nst::conv2d(x, layer.filters, layer.bias);
    const nst::Filters dw = by_hand::conv2d_backward_filters(x, dy);
    const nst::Filters library = nst::conv2d_backward_filters(x, dy);
    const nst::Matrix z = {{2, -1, 0.5}, {0, 3, 1}};
    const double loss = by_hand::cross_entropy(z, {0, 2});
    std::printf("\n                   by hand     library  difference\n");
    std::printf("dw(0, 0, 0, 0)%12.5g%12.5g%12.5g\n", dw(0, 0, 0, 0), library(0, 0, 0, 0),
                (J(1) - J(-1)) / 2);
    std::printf("cross entropy %12.5g%12.5g\n", loss, nst::cross_entropy(z, {0, 2}));
    return course::agree("dw", dw, library) &&
           course::agree("db", by_hand::conv2d_backward_bias(dy), nst::conv2d_backward_bias(dy)) &&
           course::agree("cross entropy", loss, nst::cross_entropy(z, {0, 2})) &&
           course::agree("dz", by_hand::cross_entropy_backward(z, {0, 2}),
                         nst::cross_entropy_backward(z, {0, 2}));
}

// The network as it was before, half-way and after.
std::vector<Network> learn(const course::Arguments& arguments, const train::Settings& settings,
                           const train::Textures& textures) {
    train::Run run = train::start(settings);
    nst::ClassifierObjective objective(run.classifier, settings.batch, settings.side);
    course::LearningCurve curve(settings);
    std::vector<Network> networks(3, nst::feature_network(run.classifier));
    while (run.optimizer.steps < settings.steps) {
        curve.add(train::step(settings, textures, run, objective), textures, run, objective);
        networks[2] = nst::feature_network(run.classifier);
        if (run.optimizer.steps <= (settings.steps + 1) / 2) networks[1] = networks[2];
    }
    course::write_picture(arguments, "learning.png", curve.picture());
    return networks;
}

bool show(const course::Arguments& arguments, const train::Settings& settings) {
    const Image photo = course::load_picture(arguments, arguments.content, least);
    const Image painting = course::load_picture(arguments, arguments.style, least);
    const train::Textures textures(settings.textures);
    course::write_picture(arguments, "textures.png", course::texture_sheet(textures));
    std::vector<Network> networks = learn(arguments, settings, textures);
    course::write_picture(arguments, "filters.png", course::filter_sheet(networks));
    // textures besides: relu5_1 needs many more positions than channels
    const auto pictures = train::with_squares({photo, painting}, textures, 48, 96);
    for (Network& network : networks) network = train::to_paint_with(network, pictures);
    networks.push_back(nst::load_vgg19(arguments.weights));
    std::vector<course::Panel> panels = {{photo, "the photo"}, {painting, "the painting"}};
    for (const Network& network : networks) {
        nst::TransferOptions options;
        options.iterations = arguments.smoke ? 3 : 200;
        options.noise_ratio = 0;
        panels.push_back(
            {nst::transfer(network, photo, painting, options), course::stages[panels.size() - 2]});
    }
    course::write_picture(arguments, "transfers.png", course::sheet(panels, 3));
    const Tensor3 x = nst::subtract_mean(textures.crop(0, 0, 0, 32), networks[0].mean);
    return compare(networks[0].layers[0], x);
}

}  // namespace

int main(int argc, char** argv) {
    course::About about{"18_where_the_weights_come_from",
                        "Chapter 18: where the weights come from"};
    about.size = "128x96";
    long steps = 600, textures = 48;
    about.options = {{"--steps", "Batches to train on", &steps, 1, 1000000},
                     {"--textures", "Classes to tell apart", &textures, 2, 10000}};
    return course::run(argc, argv, about, [&](const course::Arguments& given) {
        return show(given, course::small_training(steps, textures, given.smoke));
    });
}
