// Chapter 14: one convolution in five ways, from six loops to Winograd's filtering on all
// processors.
#include <cstdio>
#include <string>
#include <vector>

#include "by_hand.hpp"
#include "nst/conv2d.hpp"
#include "nst/threads.hpp"
#include "nst/vgg19.hpp"
#include "nst/winograd.hpp"
#include "support/chapter.hpp"
#include "support/drawing.hpp"
#include "support/stopwatch.hpp"

using nst::Filters, nst::Tensor3, nst::Vector, course::text;

namespace {

// Chapter 03's convolution, for 3x3 filters.
Tensor3 six_loops(const Tensor3& x, const Filters& w, const Vector& b) {
    Tensor3 y = Tensor3::from_shape({x.shape(0), x.shape(1), w.shape(3)});
    for (std::size_t n = 0; n < y.size(); ++n) {
        const std::size_t i = n / y.shape(2) / y.shape(1);
        const std::size_t j = n / y.shape(2) % y.shape(1), o = n % y.shape(2);
        double sum = b(o);
        for (std::size_t tap = 0; tap < 9; ++tap) {
            const std::size_t p = i + tap / 3, q = j + tap % 3;  // the pixel's place, plus 1
            if (p < 1 || p > x.shape(0) || q < 1 || q > x.shape(1)) continue;
            for (std::size_t c = 0; c < x.shape(2); ++c) {
                sum += static_cast<double>(x(p - 1, q - 1, c)) * w(tap / 3, tap % 3, c, o);
            }
        }
        y.data()[n] = static_cast<nst::Real>(sum);
    }
    return y;
}

bool show(const course::Arguments& arguments) {
    const nst::Network network = nst::load_vgg19(arguments.weights);
    const nst::Image photo = course::load_picture(arguments, arguments.content);
    const Tensor3 input = nst::subtract_mean(photo, network.mean);
    const Tensor3 x = nst::forward(network, input, "relu3_1").outputs.back();
    const nst::Layer& layer = network.layers[network.index_of("conv3_2")];
    const Filters& w = layer.filters;
    const double work = 18e-6 * static_cast<double>(x.size() * w.shape(3));  // MFLOP
    std::printf("conv3_2, %zux%zux%zu to %zu channels\n", x.shape(0), x.shape(1), x.shape(2),
                w.shape(3));
    std::printf("%-26s%12s%12s%14s\n", "", "ms", "GFLOP/s", "error");

    const Tensor3 exact = six_loops(x, w, layer.bias);
    bool same = true;
    std::vector<course::Bar> bars;
    const auto climb = [&](const std::string& name, const auto& convolve) {
        const Tensor3 y = convolve();
        const double ms = course::milliseconds(convolve);
        const double error = xt::amax(xt::abs(y - exact))() / xt::amax(xt::abs(exact))();
        std::printf("  %-24s%12s%12s%14s\n", name.c_str(), text("~%.4g", ms).c_str(),
                    text("~%.3g", work / ms).c_str(), text("~%.0e", error).c_str());
        bars.push_back({name, work / ms});
        same = course::agree(name, y, exact) && same;
    };
    climb("six loops", [&] { return six_loops(x, w, layer.bias); });
    climb("F(2x2, 3x3) by hand", [&] { return by_hand::winograd_conv2d(x, w, layer.bias); });
    const int threads = nst::thread_count();
    nst::set_thread_count(1);
    climb("im2col and BLAS", [&] { return nst::conv2d(x, w, layer.bias); });
    const auto winograd = [&] { return nst::winograd_conv2d(x, w, layer.bias); };
    climb("Winograd, library", winograd);
    nst::set_thread_count(threads);
    climb("the same, all threads", winograd);
    std::printf("\n");
    const course::Panel ladder = {course::logarithmic_bars(bars), "GFLOP/s of direct work"};
    course::write_picture(arguments, "ladder.png", course::sheet({ladder}, 1));
    return same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(
        argc, argv, {"14_faster_convolution", "Chapter 14: faster convolution", "160", "32"}, show);
}
