// Chapter 11: every backward pass checked, and the gradient of the costs as a picture.
#include <cmath>
#include <cstdio>
#include <string>

#include "by_hand.hpp"
#include "nst/conv2d.hpp"
#include "nst/image.hpp"
#include "nst/noise_image.hpp"
#include "nst/relu.hpp"
#include "nst/vgg19.hpp"
#include "support/backward_check.hpp"
#include "support/drawing.hpp"

using nst::Image, nst::Matrix, nst::Tensor3, course::check_backward, course::check_gradient;

namespace {

bool check_layers(const nst::Layer& conv, const Tensor3& x) {
    bool right = check_backward(
        "ReLU", x, nst::relu,
        [](auto& dy, auto& a) { return by_hand::relu_backward(dy, nst::relu(a)); },
        [](auto& dy, auto& a) { return nst::relu_backward(dy, nst::relu(a)); });
    right &= check_backward(
        "average pooling", x, nst::average_pool,
        [](auto& dy, auto& a) { return by_hand::average_pool_backward(dy, a.shape()); },
        [](auto& dy, auto& a) { return nst::average_pool_backward(dy, a.shape()); });
    right &= check_backward(
        "max pooling", x, [](auto& a) { return nst::max_pool(a).y; },
        [](auto& dy, auto& a) { return by_hand::max_pool_backward(dy, nst::max_pool(a)); },
        [](auto& dy, auto& a) { return nst::max_pool_backward(dy, nst::max_pool(a)); });
    return right & check_backward(
                       "convolution", x,
                       [&](auto& a) { return nst::conv2d(a, conv.filters, conv.bias); },
                       [&](auto& dy, auto&) { return by_hand::conv2d_backward(dy, conv.filters); },
                       [&](auto& dy, auto&) { return nst::conv2d_backward(dy, conv.filters); });
}

bool check_losses(const Tensor3& x, const Tensor3& other) {
    const Matrix gram = nst::gram_matrix(other);
    bool right = check_gradient(
        "content loss", x, [&](auto& a) { return nst::content_loss(a, other); },
        [&](auto& a) { return by_hand::content_loss_backward(a, other); },
        [&](auto& a) { return nst::content_loss_backward(a, other); });
    right &= check_backward("Gram matrix", x, nst::gram_matrix, by_hand::gram_matrix_backward,
                            nst::gram_matrix_backward);
    return right & check_gradient(
                       "style loss", x, [&](auto& a) { return nst::style_loss(a, gram); },
                       [&](auto& a) { return by_hand::style_loss_backward(a, gram); },
                       [&](auto& a) { return nst::style_loss_backward(a, gram); });
}

// The mean over red, green and blue; full blue and full red are three times the usual size.
course::Panel panel(const course::Function& cost, const Tensor3& x, const std::string& name) {
    Tensor3 gradient;
    const double value = cost(x, gradient);
    const Matrix mean = xt::mean(gradient, {2});
    const double size = std::sqrt(xt::mean(mean * mean)());
    std::printf("  %-16s %12.5g %16.5g\n", name.c_str(), value, size);
    return {course::signed_map(mean, 3 * size), "gradient of " + name};
}

bool show(const course::Arguments& arguments) {
    const nst::Network network = nst::load_vgg19(arguments.weights);
    const auto mean = network.mean;
    const Image photo = course::load_picture(arguments, arguments.content);
    const Image painting = course::load_picture(arguments, arguments.style);
    const Image piece = nst::resize_image(photo, 7, 9), other = nst::resize_image(painting, 7, 9);
    const auto cost = course::picture_cost(network, piece, other);
    const Tensor3 x = nst::noise_image(nst::subtract_mean(photo, mean));
    const Tensor3 a = course::features(network, piece)[0], b = course::features(network, other)[0];
    std::printf("Gradients by hand against differences, at conv1_1 of 9x7 pixels\n");
    bool right = check_layers(network.layers[network.index_of("conv1_2")], a) & check_losses(a, b);
    right &= course::check_directions("all of J", cost,
                                      nst::noise_image(nst::subtract_mean(piece, mean)));
    std::printf("\nAt the noisy start         value    its gradient\n");
    const auto part = [&](double alpha, double beta, const char* name) {
        return panel(course::picture_cost(network, photo, painting, alpha, beta), x, name);
    };
    const course::Panel start = {nst::add_mean(x, mean), "the noisy start"};
    const nst::Image sheet = course::sheet(
        {start, part(10, 0, "10 J_content"), part(0, 40, "40 J_style"), part(10, 40, "J")}, 2);
    std::printf("\n");
    course::write_picture(arguments, "gradient.png", sheet);
    return right;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv, {"11_backpropagation", "Chapter 11: backpropagation"}, show);
}
