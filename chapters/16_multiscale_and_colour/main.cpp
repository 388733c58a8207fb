// Chapter 16: one photo painted in several ways: as the tutorial does, coarse to fine, smoothed,
// and in the photo's own colours.
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "by_hand.hpp"
#include "nst/preserve_colour.hpp"
#include "nst/total_variation.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/drawing.hpp"

using nst::Image;

namespace {

constexpr int scales = 3;

// In steps of 8 levels: with few colours a PNG is small.
course::Panel panel(const Image& picture, const std::string& label) {
    return {course::enlarge(8 * xt::round(picture / 8), 2), label};
}

// Both ways to do everything, on the two pictures.
bool compare(const nst::Network& network, const Image& content, const Image& style) {
    bool same = true;
    std::printf("%-34s%12s%12s\n", "total variation, of", "by hand", "library");
    const auto agree = [&](const char* name, const Image& by_hand, const Image& library) {
        std::printf("  %-32s%12.5g%12.5g\n", name, by_hand::total_variation(by_hand),
                    nst::total_variation(library));
        same = course::agree(name, by_hand, library) && same;
    };
    agree("the photo", content, content);
    agree("its gradient", by_hand::total_variation_backward(content),
          nst::total_variation_backward(content));
    const Image resized = nst::resize_image(style, content.shape(0), content.shape(1));
    agree("the painting, photo's colours", by_hand::preserve_colour(resized, content),
          nst::preserve_colour(resized, content));
    nst::TransferOptions quick;
    quick.iterations = 2;
    quick.scales = scales;
    const Image library = nst::transfer(network, content, style, quick);
    quick.scales = 1;
    agree("2 iterations at each scale",
          by_hand::coarse_to_fine(network, content, style, quick, scales), library);
    return same;
}

bool show(const course::Arguments& arguments) {
    const nst::Network network = nst::load_vgg19(arguments.weights);
    const Image content = course::load_picture(arguments, arguments.content);
    const Image style = course::load_picture(arguments, arguments.style);
    const bool same = compare(network, content, style);

    nst::Objective objective(network, content, style);
    std::vector<course::Panel> panels = {panel(content, "the photo"), panel(style, "the painting")};
    std::printf("\n%-26s%12s%12s%12s%10s\n", "", "content", "style", "TV", "seconds");
    const auto show_costs = [&](const std::string& name, const Image& picture, double seconds) {
        const nst::Evaluation& costs = objective.costs(nst::subtract_mean(picture, network.mean));
        std::printf("  %-24s%12.4g%12.4g%12.4g%10s\n", name.c_str(), costs.content, costs.style,
                    nst::total_variation(picture), course::text("~%.1f", seconds).c_str());
        panels.push_back(panel(picture, name));
    };
    const auto paint = [&](const std::string& name, int steps, double tv_weight, int at_scales) {
        nst::TransferOptions options;
        options.iterations = arguments.smoke ? 2 : steps;
        options.objective.tv_weight = tv_weight;
        options.scales = at_scales;
        const auto start = std::chrono::steady_clock::now();
        const Image painting = nst::transfer(network, content, style, options);
        const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
        show_costs(name, painting, time.count());
        return painting;
    };
    const Image plain = paint("plain", 200, 0, 1);
    paint("coarse to fine", 100, 0, scales);
    paint("TV weight 0.1", 200, 0.1, 1);
    const Image smooth = paint("TV weight 0.5", 200, 0.5, 1);
    show_costs("plain, photo's colours", nst::preserve_colour(plain, content), 0);
    show_costs("TV 0.5, photo's colours", nst::preserve_colour(smooth, content), 0);
    std::printf("\n");
    course::write_picture(arguments, "ways_to_paint.png", course::sheet(panels, 4));
    return same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv,
                       {"16_multiscale_and_colour", "Chapter 16: scales and colour", "128", "88"},
                       show);
}
