// Chapter 13: the photo, painted. The tutorial's model_nn with what it prints and saves.
#include <cstdio>
#include <string>
#include <vector>

#include "by_hand.hpp"
#include "nst/image.hpp"
#include "nst/noise_image.hpp"
#include "nst/transfer.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/drawing.hpp"

using nst::Image;

namespace {

constexpr int iterations = 200;
constexpr double learning_rate = 2;
constexpr int compared = 21;  // iterations that the library runs too

course::Panel panel(const Image& picture, const std::string& label) {
    const std::size_t height = 140 * picture.shape(0) / picture.shape(1);
    return {nst::resize_image(picture, height > 0 ? height : 1, 140), label};
}

// Prints what the tutorial prints.
void print(const nst::Progress& progress) {
    std::printf("Iteration %d :\n", progress.iteration);
    std::printf("total cost = %g\n", progress.costs.total);
    std::printf("content cost = %g\n", progress.costs.content);
    std::printf("style cost = %g\n", progress.costs.style);
    std::fflush(stdout);
}

// Whether the library's transfer goes the same way; `by_hand` has the total after 0, 20 ...
bool library_agrees(const nst::Network& network, const Image& content, const Image& style,
                    const std::vector<double>& by_hand) {
    nst::TransferOptions options;
    options.iterations = compared;
    options.adam.learning_rate = learning_rate;
    bool same = true;
    nst::transfer(network, content, style, options, [&](const nst::Progress& progress) {
        const std::size_t k = static_cast<std::size_t>(progress.iteration) / 20;
        if (progress.iteration % 20 != 0 || k >= by_hand.size()) return true;
        const std::string what = "total cost, iteration " + std::to_string(progress.iteration);
        std::printf("%s: library %g\n", what.c_str(), progress.costs.total);
        same = course::agree(what, by_hand[k], progress.costs.total) && same;
        return true;
    });
    return same;
}

bool show(const course::Arguments& arguments) {
    const nst::Network network = nst::load_vgg19(arguments.weights);
    const Image content = course::load_picture(arguments, arguments.content);
    const Image style = course::load_picture(arguments, arguments.style);
    const nst::Tensor3 start = nst::noise_image(nst::subtract_mean(content, network.mean), 0.6);
    std::vector<double> totals;
    std::vector<course::Panel> panels = {panel(content, "the photo"), panel(style, "the painting"),
                                         panel(nst::add_mean(start, network.mean), "the start")};
    const auto report = [&](const nst::Progress& progress) {
        print(progress);
        const Image picture = nst::add_mean(progress.input, network.mean);
        nst::save_image(arguments.output / (std::to_string(progress.iteration) + ".png"), picture);
        totals.push_back(progress.costs.total);
        if (progress.iteration == 20 || progress.iteration == 100) {
            panels.push_back(panel(picture, "iteration " + std::to_string(progress.iteration)));
        }
        return true;
    };
    const int steps = arguments.smoke ? 2 : iterations;
    const Image painting = by_hand::model_nn(network, content, style, steps, learning_rate, report);
    panels.push_back(panel(painting, course::text("after %d iterations", steps)));
    std::printf("\n");
    const bool same = library_agrees(network, content, style, totals);
    std::printf("\nWrote %s and one for every 20 iterations\n",
                (arguments.output / "0.png").c_str());
    course::write_picture(arguments, "generated_image.jpg", painting);
    course::write_picture(arguments, "style_transfer.png", course::sheet(panels, 3));
    return same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv, {"13_style_transfer", "Chapter 13: style transfer"}, show);
}
