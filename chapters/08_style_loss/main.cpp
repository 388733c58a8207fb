// Chapter 08: the style loss of the course's tensors, as it is and as the tutorial misreads it.
#include <cstdio>
#include <string>
#include <vector>

#include "by_hand.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/network.hpp"
#include "nst/style_loss.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/course_tensors.hpp"
#include "support/drawing.hpp"
#include "support/shuffle.hpp"

using nst::Matrix;
using nst::Tensor3;

namespace {

// The tutorial's style loss: the right formula, with two matrices that are no Gram matrices.
double misread_style_loss(const Tensor3& generated, const Tensor3& style) {
    const Matrix difference =
        by_hand::misread_gram_matrix(generated) - by_hand::misread_gram_matrix(style);
    double sum = 0;
    for (const double value : difference) sum += value * value;
    const double size = static_cast<double>(generated.size());  // H W C
    return sum / (4 * size * size);
}

// Prints both style losses; returns whether by hand and library agree.
bool print(const std::string& name, const Tensor3& generated, const Tensor3& style, int decimals) {
    const Matrix style_gram = nst::gram_matrix(style) * generated.size() / style.size();
    const double by_hand = by_hand::style_loss(generated, style_gram);
    const double library = nst::style_loss(generated, style_gram);
    std::printf("  %-26s%15.*f%15.*f%17.*f\n", name.c_str(), decimals, by_hand, decimals, library,
                decimals, misread_style_loss(generated, style));
    return course::agree(name, by_hand, library);
}

nst::Image numbers(const Matrix& gram) {
    std::vector<course::Cell> cells;
    for (const double value : gram) cells.push_back({course::text("%.1f", value), course::white});
    return course::cells(cells, gram.shape(1), 50);
}

// The 48 numbers of a (4, 4, 3) as cells that say of which channel each is.
void draw_reshape(const course::Arguments& arguments) {
    const std::vector<course::Colour> colours = {{235, 150, 90}, {110, 190, 150}, {110, 160, 215}};
    std::vector<course::Cell> memory, transposed;
    for (std::size_t k = 0; k < 48; ++k) {
        memory.push_back({std::to_string(k % 3), colours[k % 3]});
        transposed.push_back({std::to_string(k / 16), colours[k / 16]});
    }
    const Tensor3 f = course::second_tensor();
    const std::vector<course::Panel> panels = {
        {course::cells(memory, 48, 9), "in memory: 16 positions, the 3 channels of each together"},
        {course::plain(20, 150), ""},
        {course::cells(transposed, 16, 27), "transposed to (C, HW): a row for each channel"},
        {numbers(nst::gram_matrix(f)), "Gram matrix of a_G"},
        {course::cells(memory, 16, 27), "only reshaped: a row is 16 neighbours in memory"},
        {numbers(by_hand::misread_gram_matrix(f)), "not a Gram matrix"}};
    course::write_picture(arguments, "style_loss.png", course::sheet(panels, 2));
}

bool show(const course::Arguments& arguments) {
    const Tensor3 a_S = course::first_tensor();
    const Tensor3 a_G = course::second_tensor();
    std::printf("J_style                            by hand        library    reshaped only\n");
    bool same = print("the course's tensors", a_G, a_S, 6);
    std::printf("  %-26s%30.6f%17.6f\n", "published", 9.190279, 11.345221);
    same = print("the course's, a_G shuffled", course::shuffled_positions(a_G), a_S, 6) && same;

    const nst::Network network = nst::load_vgg19(arguments.weights);
    const auto features = [&](const auto& file) {
        const nst::Image picture = course::load_picture(arguments, file);
        const Tensor3 input = nst::subtract_mean(picture, network.mean);
        return nst::forward(network, input, "relu1_1").outputs.back();
    };
    const Tensor3 style = features(arguments.style);
    std::printf("relu1_1 of %s against\n", arguments.style.filename().c_str());
    same = print("itself", style, style, 2) && same;
    same = print("itself, shuffled", course::shuffled_positions(style), style, 2) && same;
    same =
        print(arguments.content.filename().string(), features(arguments.content), style, 2) && same;
    std::printf("\n");
    draw_reshape(arguments);
    return same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv, {"08_style_loss", "Chapter 08: the style loss"}, show);
}
