// Chapter 11: every backward pass against differences, and the gradient as a picture.
#include <cstdio>

#include "by_hand.hpp"
#include "nst/conv2d.hpp"
#include "nst/noise_image.hpp"
#include "nst/relu.hpp"
#include "nst/vgg19.hpp"
#include "support/chapter.hpp"
#include "support/drawing.hpp"
#include "support/gradient_report.hpp"
#include "support/picture_cost.hpp"

using course::print_gradient, nst::LayerGradients, nst::LayerKind, nst::Network, nst::Tensor3;
using T = const Tensor3&;

namespace {

// The backward passes by hand, each at x.
bool check_passes(const nst::Layer& conv, T x, T other) {
    const nst::Matrix A = nst::gram_matrix(other);
    const auto relu = [](T dy, T a) { return by_hand::relu_backward(dy, nst::relu(a)); };
    const auto average = [](T dy, T a) { return by_hand::average_pool_backward(dy, a.shape()); };
    const auto max = [](T dy, T a) { return by_hand::max_pool_backward(dy, nst::max_pool(a)); };
    const auto conv2d = [&](T dy, T) { return by_hand::conv2d_backward(dy, conv.filters); };
    const auto gram = by_hand::gram_matrix_backward;
    const auto content = [&](T a) { return by_hand::content_loss_backward(a, other); };
    const auto style = [&](T a) { return by_hand::style_loss_backward(a, A); };

    const auto y_max = [](T a) { return nst::max_pool(a).y; };
    const auto y_conv2d = [&](T a) { return nst::conv2d(a, conv.filters, conv.bias); };
    const auto J_content = [&](T a) { return nst::content_loss(a, other); };
    const auto J_style = [&](T a) { return nst::style_loss(a, A); };
    // & of numbers, not &&: all of them are printed, even if one is wrong.
    return int(print_gradient("ReLU", nst::check_backward(nst::relu, relu, x))) &
           print_gradient("average pooling", nst::check_backward(nst::average_pool, average, x)) &
           print_gradient("max pooling", nst::check_backward(y_max, max, x)) &
           print_gradient("convolution", nst::check_backward(y_conv2d, conv2d, x)) &
           print_gradient("Gram matrix", nst::check_backward(nst::gram_matrix, gram, x)) &
           print_gradient("content loss", nst::check_gradient(J_content, content, x)) &
           print_gradient("style loss", nst::check_gradient(J_style, style, x));
}

// From the last layer to the picture, by hand; `losses` has each loss' gradient at its layer.
Tensor3 way_back(const Network& network, const nst::Activations& a, const LayerGradients& losses) {
    Tensor3 dy = xt::zeros_like(a.outputs.back());
    for (std::size_t l = a.outputs.size(); l-- > 0;) {
        const nst::Layer& layer = network.layers[l];
        if (losses.count(layer.name) > 0) dy += losses.at(layer.name);
        dy = layer.kind == LayerKind::conv ? by_hand::conv2d_backward(dy, layer.filters)
             : layer.kind == LayerKind::relu
                 ? by_hand::relu_backward(dy, a.outputs[l])
                 : by_hand::average_pool_backward(dy, a.outputs[l - 1].shape());
    }
    return dy;
}

bool show(const course::Arguments& arguments) {
    const Network network = nst::load_vgg19(arguments.weights);
    const nst::Image photo = course::load_picture(arguments, arguments.content);
    const auto a_C = course::features(network, photo);
    const auto a_S = course::features(network, course::load_picture(arguments, arguments.style));
    const Tensor3 x = nst::noise_image(nst::subtract_mean(photo, network.mean), 0.6);
    const nst::Activations activations = nst::forward(network, x, "relu5_1");
    const Tensor3 noise = nst::noise_image(Tensor3(xt::zeros<double>({5, 7, 3})), 1);
    const auto small = nst::forward(network, noise, "relu1_1").outputs;
    bool right = check_passes(network.layers[2], small[0], small[1]);
    const course::Function J = course::picture_cost(network, a_C, a_S);
    right = print_gradient("whole network, J", course::check_cost(J, x)) && right;

    std::vector<course::Panel> panels = {{nst::add_mean(x, network.mean), "x"}};
    const auto draw = [&](const std::string& label, const LayerGradients& losses) {
        const Tensor3 dx = way_back(network, activations, losses);
        right = course::agree(label, dx, nst::backward(network, activations, losses)) && right;
        panels.push_back({course::gradient_map(dx), label});
    };
    draw("dJ_content / dx", course::loss_gradients(network, activations.outputs, a_C, a_S, 1, 0));
    draw("dJ_style / dx", course::loss_gradients(network, activations.outputs, a_C, a_S, 0, 1));
    for (const std::string layer : {"relu1_1", "relu3_1", "relu5_1"}) {
        Tensor3 dy = xt::zeros_like(activations.outputs[network.index_of(layer)]);
        for (std::size_t c = 0; c < dy.shape(2); ++c) dy(dy.shape(0) / 2, dy.shape(1) / 2, c) = 1;
        draw("one position of " + layer, {{layer, dy}});
    }
    std::printf("\n");
    course::write_picture(arguments, "gradient.png", course::sheet(panels, 3));
    return right;
}

}  // namespace

int main(int argc, char** argv) {
    return course::run(argc, argv,
                       {"11_backpropagation", "Chapter 11: backpropagation", "160", "32"}, show);
}
