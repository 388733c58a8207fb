// Chapter 07: the Gram matrices of the course's tensor and of two paintings.
#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "by_hand.hpp"
#include "nst/content_loss.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/image.hpp"
#include "nst/network.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/course_tensors.hpp"
#include "support/drawing.hpp"
#include "support/shuffle.hpp"

using nst::Matrix;
using nst::Tensor3;

namespace {

bool show_course_tensor() {
    const Matrix by_hand = by_hand::gram_matrix(course::gram_tensor());
    const Matrix library = nst::gram_matrix(course::gram_tensor());
    const Matrix printed = {{6.42230511, -4.42912197, -2.09668207},
                            {-4.42912197, 19.46583748, 19.56387138},
                            {-2.09668207, 19.56387138, 20.6864624}};
    std::printf("Gram matrix of the course's tensor, 3 channels at 2 positions\n");
    std::printf("  by hand                  library                  the course prints\n");
    for (std::size_t a = 0; a < 3; ++a) {
        for (const Matrix* gram : {&by_hand, &library, &printed}) {
            std::printf("%9.3f%8.3f%8.3f", (*gram)(a, 0), (*gram)(a, 1), (*gram)(a, 2));
        }
        std::printf("\n");
    }
    return course::agree("Gram matrix of the course's tensor", by_hand, library);
}

// Three columns: the features of the first painting, of the second, and of the first shuffled.
bool compare(const course::Arguments& arguments, const std::vector<Tensor3>& features,
             std::vector<course::Panel> panels) {
    std::printf("\nGram matrices at relu1_1, divided by H W\n");
    std::printf("                           G(0, 0)    G(0, 1)    largest\n");
    bool same = true;
    std::vector<Matrix> grams;
    for (std::size_t k = 0; k < 3; ++k) {
        const Matrix gram = nst::gram_matrix(features[k]);
        same = course::agree(panels[k].label, by_hand::gram_matrix(features[k]), gram) && same;
        grams.push_back(gram * gram.shape(0) / static_cast<double>(features[k].size()));
        std::printf("  %-20s %11.2f%11.2f%11.2f\n", panels[k].label.c_str(), grams[k](0, 0),
                    grams[k](0, 1), course::largest(grams[k]));
        const Matrix map = course::channel(features[k], 0);
        const nst::Image picture = course::heat_map(map, 0, course::largest(map));
        panels.push_back({course::thumbnail(picture, 120, 160), "channel 0 of relu1_1"});
    }
    std::printf("J_content of the first against itself shuffled: %.2f\n\n",
                nst::content_loss(features[2], features[0]));
    const double largest = std::max(course::largest(grams[0]), course::largest(grams[1]));
    for (const Matrix& gram : grams) {
        const nst::Image picture = course::heat_map(gram, 0, largest);
        panels.push_back({course::thumbnail(picture, 160, 160), "Gram matrix"});
    }
    course::write_picture(arguments, "gram_matrix.png", course::sheet(panels, 3));
    return same;
}

bool show(const course::Arguments& arguments) {
    const bool same = show_course_tensor();
    const nst::Network network = nst::load_vgg19(arguments.weights);
    std::vector<course::Panel> panels;
    std::vector<Tensor3> features;
    for (const auto& file : {arguments.style, course::sample("style/field_of_strokes.png")}) {
        const nst::Image painting = course::load_picture(arguments, file);
        const Tensor3 input = nst::subtract_mean(painting, network.mean);
        features.push_back(nst::forward(network, input, "relu1_1").outputs.back());
        panels.push_back({nst::resize_image(painting, 120, 160), file.filename().string()});
    }
    features.push_back(course::shuffled_positions(features[0]));
    nst::Image words = course::plain(120, 160, {225, 225, 225});
    course::write(words, "the first painting's\nfeatures, each at\nanother position", 40, 20);
    panels.push_back({words, "the first, shuffled"});
    return compare(arguments, features, panels) && same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv, {"07_gram_matrix", "Chapter 07: the Gram matrix"}, show);
}
