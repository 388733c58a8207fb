// Chapter 06: the content loss of the course's tensors, and of a photo against noise.
#include <cstdio>
#include <string>
#include <vector>

#include "by_hand.hpp"
#include "nst/content_loss.hpp"
#include "nst/image.hpp"
#include "nst/network.hpp"
#include "nst/noise_image.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/course_tensors.hpp"
#include "support/drawing.hpp"

using nst::Matrix;
using nst::Tensor3;

namespace {

// The tutorial's conv4_2, which is after ReLU.
constexpr const char* layer = "relu4_2";

// The numbers of the course's own test cell, and what it prints.
bool show_course_tensors() {
    const Tensor3 a_C = course::first_tensor();
    const Tensor3 a_G = course::second_tensor();
    const double by_hand = by_hand::content_loss(a_G, a_C);
    const double unrolled = by_hand::content_loss(by_hand::unroll(a_G), by_hand::unroll(a_C));
    const double library = nst::content_loss(a_G, a_C);
    std::printf("J_content of the course's tensors, 4x4x3\n");
    std::printf("  by hand, (H, W, C)     %.6f\n", by_hand);
    std::printf("  by hand, (HW, C)       %.6f\n", unrolled);
    std::printf("  library                %.6f\n", library);
    std::printf("  the course prints      6.765593\n\n");
    return course::agree("J_content, (H, W, C)", by_hand, library) &&
           course::agree("J_content, (HW, C)", unrolled, library);
}

bool show_photo_against_noise(const course::Arguments& arguments, const nst::Network& network,
                              const Tensor3& input) {
    const auto features = [&](const Tensor3& x) {
        return nst::forward(network, x, layer).outputs.back();
    };
    const Tensor3 content = features(input);
    Tensor3 moved = input;
    course::paste(moved, input, 0, 8);
    const std::vector<std::pair<std::string, Tensor3>> inputs = {
        {"the photo itself", input},
        {"moved by 8 pixels", moved},
        {"60 % noise, the start", nst::noise_image(input, 0.6)},
        {"noise alone", nst::noise_image(input, 1)}};
    std::printf("J_content at %s, %zux%zux%zu\n", layer, content.shape(0), content.shape(1),
                content.shape(2));
    bool same = true;
    std::vector<course::Panel> panels;
    std::vector<Matrix> distances;
    for (const auto& [name, generated_input] : inputs) {
        const Tensor3 generated = features(generated_input);
        const double loss = nst::content_loss(generated, content);
        same = course::agree(name, by_hand::content_loss(generated, content), loss) && same;
        std::printf("  %-22s %.2f\n", name.c_str(), loss);
        const nst::Image shown = nst::add_mean(generated_input, network.mean);
        const std::size_t height = 3 * content.shape(0);
        panels.push_back({course::thumbnail(shown, height, 3 * content.shape(1)),
                          course::text("%s\nJ_content = %.0f", name.c_str(), loss)});
        distances.push_back(course::distance(generated, content));
    }
    const double farthest = course::largest(distances.back());
    for (const Matrix& distance : distances) {
        panels.push_back({course::enlarge(course::heat_map(distance, 0, farthest), 3), ""});
    }
    std::printf("\n");
    course::write_picture(arguments, "content_loss.png", course::sheet(panels, inputs.size()));
    return same;
}

bool show(const course::Arguments& arguments) {
    const bool same = show_course_tensors();
    const nst::Network network = nst::load_vgg19(arguments.weights);
    const nst::Image photo = course::load_picture(arguments, arguments.content);
    const Tensor3 input = nst::subtract_mean(photo, network.mean);
    return show_photo_against_noise(arguments, network, input) && same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv, {"06_content_loss", "Chapter 06: content loss"}, show);
}
