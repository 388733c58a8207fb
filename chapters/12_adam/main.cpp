// Chapter 12: gradient descent against Adam, in a bowl and on the pixels of a picture.
#include <cstdio>
#include <functional>
#include <string>
#include <vector>

#include "by_hand.hpp"
#include "nst/noise_image.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/drawing.hpp"
#include "support/line_plot.hpp"
#include "support/picture_cost.hpp"

using nst::Tensor3, course::Function, course::text;

namespace {

// A bowl that is 100 times as steep along the second axis as along the first.
double bowl(const Tensor3& x, Tensor3& gradient) {
    gradient = x;
    gradient(0, 0, 1) *= 100;
    return (x(0, 0, 0) * x(0, 0, 0) + 100 * x(0, 0, 1) * x(0, 0, 1)) / 2;
}

// Moves x.
using Step = std::function<void(Tensor3& x, const Tensor3& gradient)>;

// Gradient descent: x = x - rate g.
Step plain(double rate) {
    return [rate](Tensor3& x, const Tensor3& g) { x -= rate * g; };
}

// Adam by the library from m = 0 on, each step compared with the one by hand.
Step adam(double rate, Tensor3 m, bool& same) {
    const nst::AdamOptions options{rate};
    m.fill(0);
    return [=, v = m, t = 0, a = nst::Adam(options), &same](Tensor3& x, const Tensor3& g) mutable {
        Tensor3 by_hand = x;
        by_hand::adam_step(by_hand, g, m, v, ++t, options);
        a.step(x, g);
        same = course::agree("Adam", by_hand, x) && same;
    };
}

// Prints the values of f on the way, and draws them.
course::Curve walk(const std::string& name, const Function& f, Tensor3 x, Step step, int steps) {
    course::Curve curve{name, {}, {}};
    Tensor3 gradient;
    for (int t = 0; t <= steps; ++t) {
        curve.x.push_back(t);
        curve.y.push_back(f(x, gradient));
        step(x, gradient);
    }
    std::printf("  %-32s %11.4g %11.4g %11.4g\n", name.c_str(), curve.y[0],
                curve.y[curve.y.size() / 2], curve.y.back());
    return curve;
}

bool show(const course::Arguments& arguments) {
    bool same = true;
    const Tensor3 corner = {{{-4, 1}}};
    std::vector<course::Curve> bowls, pixels;
    std::printf("In the bowl, after step                    0          50         100\n");
    for (const double rate : {0.01, 0.019, 0.0201}) {
        bowls.push_back(walk(text("descent, rate %g", rate), bowl, corner, plain(rate), 100));
    }
    bowls.push_back(walk("Adam, rate 0.2", bowl, corner, adam(0.2, corner, same), 100));

    const nst::Network network = nst::load_vgg19(arguments.weights);
    const nst::Image photo = course::load_picture(arguments, arguments.content);
    const auto a_S = course::features(network, course::load_picture(arguments, arguments.style));
    const Function J = course::picture_cost(network, course::features(network, photo), a_S);
    const Tensor3 start = nst::noise_image(nst::subtract_mean(photo, network.mean), 0.6);
    Tensor3 gradient;
    J(start, gradient);
    const double mean = xt::mean(xt::abs(gradient))();  // of the derivatives' sizes
    const int n = arguments.smoke ? 2 : 50;
    std::printf("\nJ of the picture, after step          %9d %11d %11d\n", 0, n / 2, n);
    for (const double length : {2, 8}) {
        const std::string name = text("descent, first step %g", length);
        pixels.push_back(walk(name, J, start, plain(length / mean), n));
    }
    for (const double rate : {2, 10}) {
        pixels.push_back(walk(text("Adam, rate %g", rate), J, start, adam(rate, start, same), n));
    }
    std::printf("\n");
    const course::Axes axes = {"J on the way down", "step", "J", false, true};
    course::write_picture(arguments, "bowl.png", course::line_plot(bowls, axes, 360, 760));
    course::write_picture(arguments, "adam.png", course::line_plot(pixels, axes, 360, 760));
    return same;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv, {"12_adam", "Chapter 12: Adam", "128", "32"}, show);
}
