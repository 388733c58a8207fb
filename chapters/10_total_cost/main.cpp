// Chapter 10: the course's total cost, and what alpha and beta choose among mixed pictures.
#include <algorithm>
#include <cstdio>
#include <vector>

#include "by_hand.hpp"
#include "nst/content_loss.hpp"
#include "nst/image.hpp"
#include "nst/numpy_random.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/drawing.hpp"
#include "support/line_plot.hpp"
#include "support/style_losses.hpp"

using nst::Image;

namespace {

// The course's cell: np.random.seed(3), and the two costs are np.random.randn().
bool show_course_numbers() {
    nst::NumpyRandom random(3);
    const double J_content = random.normal();
    const double J_style = random.normal();
    const double by_hand = by_hand::total_cost(J_content, J_style);
    const double library = nst::total_cost(J_content, J_style);
    std::printf("J of the course's two numbers, alpha 10, beta 40\n");
    std::printf("  by hand                %.14f\n", by_hand);
    std::printf("  library                %.14f\n  the course prints      %s\n\n", library,
                "35.34667875478276");
    return course::agree("J", by_hand, library);
}

// The photo with a share of the painting laid over it: number k has k tenths.
struct Mixtures {
    std::vector<double> share, content, style;
};

// Prints which mixture alpha and beta like best, and adds J of all of them to the curves.
bool choose(const Mixtures& all, double alpha, double beta, std::vector<course::Curve>& curves) {
    bool same = true;
    std::vector<double> J;
    for (std::size_t k = 0; k < all.share.size(); ++k) {
        J.push_back(by_hand::total_cost(all.content[k], all.style[k], alpha, beta));
        same &=
            course::agree("J", J[k], nst::total_cost(all.content[k], all.style[k], alpha, beta));
    }
    const auto best = std::size_t(std::min_element(J.begin(), J.end()) - J.begin());
    std::printf("%5g %6g %12g %12.4g %10.1f %13.2f %%\n", alpha, beta, alpha / beta, J[best],
                all.share[best], 100 * alpha * all.content[best] / J[best]);
    for (double& value : J) value /= beta * all.style[0];
    curves.push_back({course::text("%g", alpha / beta), all.share, J});
    return same;
}

bool show(const course::Arguments& arguments) {
    bool same = show_course_numbers();
    const nst::Network network = nst::load_vgg19(arguments.weights);
    const std::size_t layer = network.index_of("relu4_2");
    const Image photo = course::load_picture(arguments, arguments.content);
    const Image painting =
        nst::resize_image(nst::load_image(arguments.style), photo.shape(0), photo.shape(1));
    const auto a_C = course::features(network, photo);
    const auto a_S = course::features(network, painting);
    Mixtures all;
    std::vector<course::Panel> thumbnails;
    std::printf("share of the painting    J_content      J_style\n");
    for (int k = 0; k <= 10; ++k) {
        const Image picture = (1 - k / 10.0) * photo + k / 10.0 * painting;
        const auto a_G = course::features(network, picture);
        all.share.push_back(k / 10.0);
        all.content.push_back(nst::content_loss(a_G[layer], a_C[layer]));
        all.style.push_back(course::style_cost(network, a_G, a_S));
        std::printf("%21.1f %12.0f %12.4g\n", k / 10.0, all.content.back(), all.style.back());
        thumbnails.push_back({course::thumbnail(picture, 38, 50), course::text("%.1f", k / 10.0)});
    }
    std::printf("\nalpha   beta   alpha/beta   smallest J   at share   of it content\n");
    std::vector<course::Curve> curves;
    for (const auto& [alpha, beta] : {std::pair(10, 40), {6000, 1}, {8000, 1}, {15000, 1}}) {
        same = choose(all, alpha, beta, curves) && same;
    }
    const Image plot = course::line_plot(curves, {"J by alpha/beta", "share of the painting", "J"});
    std::printf("\n");
    course::write_picture(arguments, "total_cost.png",
                          course::sheet({{plot, ""}, {course::sheet(thumbnails, 11), ""}}, 1));
    return same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv, {"10_total_cost", "Chapter 10: total cost", "200", "48"}, show);
}
