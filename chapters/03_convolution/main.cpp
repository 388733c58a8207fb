// Chapter 03: edges by a filter, and a convolution at three speeds.
#include <cmath>
#include <cstdio>
#include <string>

#include "by_hand.hpp"
#include "nst/conv2d.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/drawing.hpp"
#include "support/stopwatch.hpp"

using nst::Filters;
using nst::Image;
using nst::Tensor3;
using nst::Vector;

namespace {

// Two filters that look at red, green and blue alike: brightness to the right less that to the
// left, and below less above, with the middle counted twice.
Filters edge_filters() {
    Filters w = Filters::from_shape({3, 3, 3, 2});
    for (std::size_t u = 0; u < 3; ++u) {
        for (std::size_t v = 0; v < 3; ++v) {
            for (std::size_t c = 0; c < 3; ++c) {
                w(u, v, c, 0) = (double(v) - 1) * (u == 1 ? 2 : 1) / 24;
                w(u, v, c, 1) = (double(u) - 1) * (v == 1 ? 2 : 1) / 24;
            }
        }
    }
    return w;
}

bool show_edges(const course::Arguments& arguments) {
    const Image photo = course::load_picture(arguments, arguments.content);
    const Filters w = edge_filters();
    const Vector b = {0, 0};
    const Tensor3 y = by_hand::conv2d(photo, w, b);
    nst::Matrix strength = course::channel(y, 0);
    strength = xt::hypot(strength, course::channel(y, 1));
    const std::size_t rows = photo.shape(0), columns = photo.shape(1);
    for (std::size_t j = 0; j < columns; ++j) strength(0, j) = strength(rows - 1, j) = 0;
    for (std::size_t i = 0; i < rows; ++i) strength(i, 0) = strength(i, columns - 1) = 0;
    course::write_picture(
        arguments, "edges.png",
        course::sheet(
            {{photo, "the photo"},
             {course::signed_map(course::channel(y, 0), 40), "filter 0: right less left"},
             {course::signed_map(course::channel(y, 1), 40), "filter 1: below less above"},
             {course::heat_map(strength, 0, 50), "both: how strong the edge is"}},
            2));
    return course::agree("edges", y, nst::conv2d(photo, w, b));
}

// Times one convolution, and says how many thousand millions of multiplications and additions a
// second that is.
template <class Convolution>
Tensor3 timed(const char* name, double operations, const Convolution& convolution) {
    Tensor3 y;
    const double time = course::milliseconds([&] { y = convolution(); });
    std::printf("  %-24s ~%.2f ms, ~%.2f GFLOP/s\n", name, time, 1e-6 * operations / time);
    return y;
}

bool show_speed(const nst::Layer& conv, std::size_t height, std::size_t width) {
    const std::size_t inputs = conv.filters.shape(2), outputs = conv.filters.shape(3);
    Tensor3 x = Tensor3::from_shape({height, width, inputs});
    for (std::size_t k = 0; k < x.size(); ++k) x.data()[k] = std::sin(0.37 * double(k));
    const double operations = 18.0 * double(height * width * inputs * outputs);
    std::printf("\n%s: %zu channels to %zu, at %zux%zu, %.0f million operations\n",
                conv.name.c_str(), inputs, outputs, width, height, 1e-6 * operations);
    const auto& w = conv.filters;
    const auto& b = conv.bias;
    const Tensor3 loops = timed("six loops", operations, [&] { return by_hand::conv2d(x, w, b); });
    const Tensor3 product = timed("im2col, then three loops", operations,
                                  [&] { return by_hand::conv2d_im2col(x, w, b); });
    const Tensor3 library = timed("the library", operations, [&] { return nst::conv2d(x, w, b); });
    const bool same = course::agree("six loops", loops, library);
    return course::agree("im2col", product, library) && same;
}

bool show(const course::Arguments& arguments) {
    const nst::Network network = nst::load_vgg19(arguments.weights);
    const bool same = show_edges(arguments);
    const std::size_t width = arguments.smoke ? 20 : 100;
    return show_speed(network.layers[network.index_of("conv1_2")], 3 * width / 4, width) && same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv, {"03_convolution", "Chapter 03: convolution", "220"}, show);
}
