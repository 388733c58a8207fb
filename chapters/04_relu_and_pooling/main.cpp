// Chapter 04: a channel before and after ReLU and both poolings.
#include <algorithm>
#include <cstdio>
#include <string>

#include "by_hand.hpp"
#include "nst/conv2d.hpp"
#include "nst/network.hpp"
#include "nst/relu.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/drawing.hpp"

using nst::Tensor3;

namespace {

void print(const char* what, const Tensor3& x) {
    std::printf("  %s\n", what);
    for (std::size_t i = 0; i < x.shape(0); ++i) {
        for (std::size_t j = 0; j < x.shape(1); ++j) std::printf(" %6.2f", x(i, j, 0));
        std::printf("\n");
    }
}

// 3x5 pixels: windows of four, of two, and of one.
void show_odd_size() {
    const Tensor3 x = {
        {{1}, {-2}, {3}, {-4}, {5}}, {{6}, {7}, {-8}, {9}, {10}}, {{-11}, {12}, {13}, {14}, {-15}}};
    std::printf("One channel of 3x5 pixels\n");
    print("x", x);
    print("ReLU", by_hand::relu(x));
    print("average pooling", by_hand::average_pool(x));
    print("max pooling", by_hand::max_pool(x).y);
}

bool show(const course::Arguments& arguments) {
    show_odd_size();
    const nst::Network network = nst::load_vgg19(arguments.weights);
    const nst::Image photo = course::load_picture(arguments, arguments.content);
    const nst::Layer& first = network.layers[0];
    const Tensor3 x =
        nst::conv2d(nst::subtract_mean(photo, network.mean), first.filters, first.bias);
    const Tensor3 y = by_hand::relu(x);
    const Tensor3 average = by_hand::average_pool(y);
    const nst::MaxPooled max = by_hand::max_pool(y);

    const auto silent = static_cast<double>(std::count(y.begin(), y.end(), nst::Real(0)));
    std::printf("\nconv1_1 of the photo, %zux%zux%zu\n", x.shape(0), x.shape(1), x.shape(2));
    std::printf("  zeros after ReLU     %.1f %%\n", 100 * silent / static_cast<double>(y.size()));
    std::printf("  pooled to            %zux%zux%zu\n", average.shape(0), average.shape(1),
                average.shape(2));
    std::printf("  mean of all values   %.3f, average pooled %.3f, max pooled %.3f\n\n",
                xt::mean(y)(), xt::mean(average)(), xt::mean(max.y)());

    const std::size_t shown = std::min<std::size_t>(5, x.shape(2) - 1);  // a channel
    const nst::Matrix map = course::channel(x, shown);
    const double most = course::largest(map);
    const std::size_t height = photo.shape(0), width = photo.shape(1);
    const auto large = [&](const nst::Image& picture) {
        return course::thumbnail(picture, height, width);
    };
    course::write_picture(
        arguments, "relu_and_pooling.png",
        course::sheet(
            {{course::signed_map(map, most),
              course::text("conv1_1, channel %zu: blue is negative", shown)},
             {course::heat_map(course::channel(y, shown), 0, most / 2), "after ReLU: black is 0"},
             {large(course::heat_map(course::channel(average, shown), 0, most / 2)),
              "average pooling"},
             {large(course::heat_map(course::channel(max.y, shown), 0, most / 2)), "max pooling"}},
            2));

    bool same = course::agree("ReLU", y, nst::relu(x));
    same &= course::agree("average pooling", average, nst::average_pool(y));
    same &= course::agree("max pooling", max.y, nst::max_pool(y).y);
    same &= course::agree("winners of max pooling", max.argmax, nst::max_pool(y).argmax);
    return same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv,
                       {"04_relu_and_pooling", "Chapter 04: ReLU and pooling", "295x221"}, show);
}
