// Deliberately wrong backward passes, one mistake each: the checker must reject and name them.

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gradient/inputs.hpp"
#include "gradient/small_network.hpp"
#include "nst/content_loss.hpp"
#include "nst/conv2d.hpp"
#include "nst/gradcheck.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/objective.hpp"
#include "nst/pooling.hpp"
#include "nst/relu.hpp"
#include "nst/style_loss.hpp"
#include "support/catch.hpp"

using nst::check_backward;
using nst::check_gradient;
using nst::Filters;
using nst::GradcheckOptions;
using nst::GradcheckOutcome;
using nst::GradcheckReport;
using nst::Matrix;
using nst::MistakePattern;
using nst::named_values;
using nst::Network;
using nst::Shape3;
using nst::Tensor3;
using nst::Vector;
using nst_test::small_network;
using nst_test::spread_tensor;

namespace {

void is_named(const GradcheckReport& report, MistakePattern pattern, const std::string& part) {
    INFO(report);
    CHECK(report.outcome == GradcheckOutcome::wrong);
    CHECK(report.diagnosis.pattern == pattern);
    CHECK(report.diagnosis.words.find(part) != std::string::npos);
}

// What the filters of the backward convolution are made of.
struct KernelMistake {
    bool rows_turned = true;
    bool columns_turned = true;
    bool channels_exchanged = true;
    bool rows_and_columns_exchanged = false;
};

// conv2d_backward by its definition, with a mistake. Square kernels only.
Tensor3 mistaken_conv2d_backward(const Tensor3& dy, const Filters& w, const KernelMistake& made) {
    const auto [kh, kw, inputs, outputs] = w.shape();
    Filters turned = Filters::from_shape({kh, kw, outputs, inputs});
    for (std::size_t u = 0; u < kh; ++u) {
        for (std::size_t v = 0; v < kw; ++v) {
            std::size_t row = made.rows_turned ? kh - 1 - u : u;
            std::size_t column = made.columns_turned ? kw - 1 - v : v;
            if (made.rows_and_columns_exchanged) std::swap(row, column);
            for (std::size_t o = 0; o < outputs; ++o) {
                for (std::size_t c = 0; c < inputs; ++c) {
                    turned(u, v, o, c) =
                        made.channels_exchanged ? w(row, column, c, o) : w(row, column, o, c);
                }
            }
        }
    }
    return nst::conv2d(dy, turned, xt::zeros<double>({inputs}));
}

GradcheckReport check_conv2d(std::size_t inputs, std::size_t outputs, std::size_t kernel,
                             const KernelMistake& made, const Shape3& size = {7, 7, 0}) {
    const auto w = spread_tensor<Filters>({kernel, kernel, inputs, outputs}, 2);
    const auto b = spread_tensor<Vector>({outputs}, 3);
    const auto forward = [&](const Tensor3& x) { return nst::conv2d(x, w, b); };
    const auto backward = [&](const Tensor3& dy, const Tensor3&) {
        return mistaken_conv2d_backward(dy, w, made);
    };
    return check_backward(forward, backward, spread_tensor<Tensor3>({size[0], size[1], inputs}));
}

// The tensor moved down and right, zeros coming in.
Tensor3 shifted(const Tensor3& tensor, std::size_t down, std::size_t right) {
    Tensor3 result = xt::zeros_like(tensor);
    for (std::size_t i = down; i < tensor.shape(0); ++i) {
        for (std::size_t j = right; j < tensor.shape(1); ++j) {
            for (std::size_t c = 0; c < tensor.shape(2); ++c) {
                result(i, j, c) = tensor(i - down, j - right, c);
            }
        }
    }
    return result;
}

// Calls change(value, i, j, c) for every value.
template <class Change>
Tensor3 changed(Tensor3 tensor, const Change& change) {
    for (std::size_t i = 0; i < tensor.shape(0); ++i) {
        for (std::size_t j = 0; j < tensor.shape(1); ++j) {
            for (std::size_t c = 0; c < tensor.shape(2); ++c) change(tensor(i, j, c), i, j, c);
        }
    }
    return tensor;
}

using Backward = std::function<Tensor3(const Tensor3& dy, const Tensor3& x)>;

GradcheckReport check_relu(const Backward& backward) {
    return check_backward(nst::relu, backward, spread_tensor<Tensor3>({5, 7, 3}));
}

GradcheckReport check_average_pool(const Shape3& size, const Backward& backward) {
    return check_backward(nst::average_pool, backward, spread_tensor<Tensor3>(size));
}

GradcheckReport check_max_pool(const Backward& backward) {
    const auto forward = [](const Tensor3& x) { return nst::max_pool(x).y; };
    return check_backward(forward, backward, spread_tensor<Tensor3>({6, 8, 3}));
}

// dx(i, j, c) = share(dy of the window, i, j, c).
template <class Share>
Tensor3 spread_back(const Tensor3& dy, const Tensor3& x, const Share& share) {
    return changed(x, [&](double& value, std::size_t i, std::size_t j, std::size_t c) {
        value = share(dy(i / 2, j / 2, c), i, j, c);
    });
}

}  // namespace

// ---- conv2d ----

TEST_CASE("mistakes: the mistaken conv2d_backward is right when it makes none") {
    const GradcheckReport report = check_conv2d(2, 3, 3, KernelMistake());
    INFO(report);
    CHECK(report.passed());
}

TEST_CASE("mistakes: conv2d_backward with a kernel that is not turned") {
    KernelMistake made;
    made.rows_turned = made.columns_turned = false;
    for (const std::size_t kernel : {3, 5}) {
        is_named(check_conv2d(2, 3, kernel, made), MistakePattern::turned_kernel,
                 "by 180 degrees: is the kernel turned, exactly once?");
    }
    is_named(check_conv2d(2, 3, 3, made, {4, 9, 0}), MistakePattern::turned_kernel, "180 degrees");
    made.rows_turned = true;
    is_named(check_conv2d(2, 3, 3, made), MistakePattern::turned_kernel, "reversing the columns");
    made = {};
    made.rows_turned = false;
    is_named(check_conv2d(2, 3, 3, made), MistakePattern::turned_kernel, "reversing the rows");
}

TEST_CASE("mistakes: conv2d_backward with the kernel's rows and columns exchanged") {
    KernelMistake made;
    made.rows_and_columns_exchanged = true;
    is_named(check_conv2d(2, 3, 3, made), MistakePattern::exchanged_kernel,
             "are the kernel's rows and columns exchanged?");
    // The exchange cannot be tried on a picture that is not square, but it is not passed either.
    is_named(check_conv2d(2, 3, 3, made, {5, 8, 0}), MistakePattern::unknown, "no known pattern");
}

TEST_CASE("mistakes: conv2d_backward that is the forward convolution") {
    KernelMistake made;
    made.rows_turned = made.columns_turned = made.channels_exchanged = false;
    is_named(check_conv2d(3, 3, 3, made), MistakePattern::not_transposed, "not its transpose");
    made.rows_turned = made.columns_turned = true;
    is_named(check_conv2d(3, 3, 3, made), MistakePattern::not_transposed,
             "are input and output channels exchanged?");
}

TEST_CASE("mistakes: conv2d_backward that is shifted, negative, or lost at the border") {
    const auto w = spread_tensor<Filters>({3, 3, 2, 4}, 2);
    const auto b = spread_tensor<Vector>({4}, 3);
    const auto check = [&](const std::function<Tensor3(const Tensor3&)>& mistake) {
        const auto forward = [&](const Tensor3& x) { return nst::conv2d(x, w, b); };
        const auto backward = [&](const Tensor3& dy, const Tensor3&) {
            return mistake(nst::conv2d_backward(dy, w));
        };
        return check_backward(forward, backward, spread_tensor<Tensor3>({7, 6, 2}));
    };
    is_named(check([](const Tensor3& dx) { return shifted(dx, 1, 0); }), MistakePattern::shifted,
             "one row too far: is an index off by one?");
    is_named(check([](const Tensor3& dx) { return shifted(dx, 0, 1); }), MistakePattern::shifted,
             "one column too far");
    is_named(check([](const Tensor3& dx) { return shifted(dx, 1, 1); }), MistakePattern::shifted,
             "one row too far and one column too far");
    is_named(check([](const Tensor3& dx) { return -dx; }), MistakePattern::sign, "the sign");
    const auto lost = [](double& value, std::size_t i, std::size_t j, std::size_t) {
        if (i == 0 || j == 0 || i == 6 || j == 5) value = 0;
    };
    is_named(check([&](const Tensor3& dx) { return changed(dx, lost); }), MistakePattern::region,
             "right except at the border, which is zero: is the padding right?");
}

TEST_CASE("mistakes: conv2d_backward that forgets all output channels but one") {
    const Tensor3 x = spread_tensor<Tensor3>({5, 6, 2});
    const auto w = spread_tensor<Filters>({3, 3, 2, 3}, 2);
    const auto forward = [&](const Tensor3& at) {
        return nst::conv2d(at, w, xt::zeros<double>({3}));
    };
    // What one output channel alone contributes.
    const auto contribution = [&](const Tensor3& dy, std::size_t channel) {
        const auto others = [=](double& value, std::size_t, std::size_t, std::size_t c) {
            if (c != channel) value = 0;
        };
        return nst::conv2d_backward(changed(dy, others), w);
    };
    GradcheckOptions options;
    const Tensor3 dy = nst::upstream_gradient(forward(x));
    for (const std::size_t channel : {0, 1, 2}) {
        options.parts.push_back(
            named_values("output channel " + std::to_string(channel), contribution(dy, channel)));
    }
    const auto last_only = [&](const Tensor3& upstream, const Tensor3&) {
        return contribution(upstream, 2);
    };
    is_named(check_backward(forward, last_only, x, options), MistakePattern::missing_part,
             "only the part of output channel 2 is there, output channel 0, output channel 1 is "
             "missing");
}

// ---- ReLU and pooling ----

TEST_CASE("mistakes: relu_backward with the mask from the wrong side, without a mask, negative") {
    is_named(check_relu([](const Tensor3& dy, const Tensor3& x) {
                 return Tensor3(xt::where(x <= 0.0, dy, 0.0));
             }),
             MistakePattern::wrong_side, "is the mask taken from the wrong side?");
    is_named(check_relu([](const Tensor3& dy, const Tensor3&) { return dy; }),
             MistakePattern::not_masked, "is a mask missing?");
    is_named(check_relu([](const Tensor3& dy, const Tensor3& x) {
                 return Tensor3(-nst::relu_backward(dy, nst::relu(x)));
             }),
             MistakePattern::sign, "the sign is wrong");
}

TEST_CASE("mistakes: relu_backward with a mask shifted by one") {
    // The mask is in the wrong place, not the gradient: right in some places only.
    is_named(check_relu([](const Tensor3& dy, const Tensor3& x) {
                 return nst::relu_backward(dy, nst::relu(shifted(x, 1, 0)));
             }),
             MistakePattern::missing_accumulation, "right in only");
}

TEST_CASE("mistakes: average_pool_backward without its 1/4") {
    is_named(check_average_pool({6, 8, 3},
                                [](const Tensor3& dy, const Tensor3& x) {
                                    return Tensor3(4.0 * nst::average_pool_backward(dy, x.shape()));
                                }),
             MistakePattern::factor, "4 times too large: is the 1/4 there?");
}

TEST_CASE("mistakes: average_pool_backward that counts the padding in the divisor") {
    const Backward quarter = [](const Tensor3& dy, const Tensor3& x) {
        return spread_back(dy, x, [](double gradient, std::size_t, std::size_t, std::size_t) {
            return gradient / 4;
        });
    };
    is_named(check_average_pool({5, 8, 3}, quarter), MistakePattern::region,
             "right except in the last row, which is 2 times too small: are edges and odd sizes "
             "handled?");
    is_named(check_average_pool({6, 7, 3}, quarter), MistakePattern::region,
             "right except in the last column, which is 2 times too small");
    // In the corner it is 4 times, so there is no one number.
    is_named(check_average_pool({5, 7, 3}, quarter), MistakePattern::region,
             "right except in the last row and the last column: are edges and odd sizes handled?");
}

TEST_CASE("mistakes: average_pool_backward that drops the last row, or fills one pixel of four") {
    const Backward drops = [](const Tensor3& dy, const Tensor3& x) {
        const auto last_row = [](double& value, std::size_t i, std::size_t, std::size_t) {
            if (i == 4) value = 0;
        };
        return changed(nst::average_pool_backward(dy, x.shape()), last_row);
    };
    is_named(check_average_pool({5, 8, 3}, drops), MistakePattern::region,
             "right except in the last row, which is zero");
    const Backward first_pixel = [](const Tensor3& dy, const Tensor3& x) {
        return spread_back(dy, x, [](double gradient, std::size_t i, std::size_t j, std::size_t) {
            return i % 2 == 0 && j % 2 == 0 ? gradient / 4 : 0;
        });
    };
    is_named(check_average_pool({6, 8, 3}, first_pixel), MistakePattern::missing_accumulation,
             "zero in 108 of 144 places where it should not be");
}

TEST_CASE("mistakes: max_pool_backward to all four pixels, or to the wrong one") {
    is_named(check_max_pool([](const Tensor3& dy, const Tensor3& x) {
                 return spread_back(dy, x,
                                    [](double gradient, std::size_t, std::size_t, std::size_t) {
                                        return gradient;
                                    });
             }),
             MistakePattern::not_masked, "not zero in 108 places where it should be");
    is_named(check_max_pool([](const Tensor3& dy, const Tensor3& x) {
                 nst::MaxPooled pooled = nst::max_pool(x);
                 for (auto& place : pooled.argmax) {  // 0 1 / 2 3, read as 0 2 / 1 3
                     if (place == 1 || place == 2) place = static_cast<std::uint8_t>(3 - place);
                 }
                 return nst::max_pool_backward(dy, pooled);
             }),
             MistakePattern::misplaced, "the place of a maximum, computed wrongly?");
    is_named(check_max_pool([](const Tensor3& dy, const Tensor3& x) {
                 return nst::max_pool_backward(dy, nst::max_pool(-x));
             }),
             MistakePattern::wrong_side, "from the wrong side?");
}

TEST_CASE("mistakes: max_pool_backward that is average_pool's") {
    const GradcheckReport report = check_max_pool([](const Tensor3& dy, const Tensor3& x) {
        return nst::average_pool_backward(dy, x.shape());
    });
    INFO(report);
    CHECK(report.outcome == GradcheckOutcome::wrong);
    CHECK(report.wrong == 144);
}

// ---- losses ----

namespace {

GradcheckReport check_content_loss(double factor) {
    const Tensor3 content = spread_tensor<Tensor3>({5, 7, 3}, 2);
    const auto loss = [&](const Tensor3& x) { return nst::content_loss(x, content); };
    const auto gradient = [&](const Tensor3& x) { return factor * (x - content); };
    return check_gradient(loss, gradient, spread_tensor<Tensor3>({5, 7, 3}));
}

template <class Gradient>
GradcheckReport check_style_loss(const Gradient& gradient) {
    const Matrix gram = nst::gram_matrix(spread_tensor<Tensor3>({5, 7, 3}, 2));
    const auto loss = [&](const Tensor3& x) { return nst::style_loss(x, gram); };
    const auto mistaken = [&](const Tensor3& x) { return gradient(x, gram); };
    return check_gradient(loss, mistaken, spread_tensor<Tensor3>({5, 7, 3}));
}

}  // namespace

TEST_CASE("mistakes: content_loss_backward with each of its constants wrong, and its sign") {
    constexpr double hwc = 5 * 7 * 3;
    CHECK(check_content_loss(1 / (2 * hwc)).passed());
    is_named(check_content_loss(2 / hwc), MistakePattern::factor,
             "4 times too large: is the 1/4 there?");
    is_named(check_content_loss(1 / (4 * hwc)), MistakePattern::factor,
             "2 times too small: is the 2 there, as from the derivative of a square?");
    is_named(check_content_loss(0.5), MistakePattern::factor,
             "105 times too large: is the division by rows * columns * channels = 105 there?");
    is_named(check_content_loss(2), MistakePattern::factor,
             "is the division by 4 * rows * columns * channels = 420 there?");
    is_named(check_content_loss(1 / (2 * hwc * hwc)), MistakePattern::factor,
             "is the division by rows * columns * channels = 105 done once too often?");
    is_named(check_content_loss(-1 / (2 * hwc)), MistakePattern::sign,
             "the sign is wrong: is it (a - b) where (b - a) is meant?");
}

TEST_CASE("mistakes: style_loss_backward with a wrong sign, scale or Gram matrix") {
    const auto times = [](double factor) {
        return check_style_loss([factor](const Tensor3& x, const Matrix& gram) {
            return factor * nst::style_loss_backward(x, gram);
        });
    };
    is_named(times(-1), MistakePattern::sign, "the sign is wrong");
    is_named(times(4), MistakePattern::factor, "4 times too large: is the 1/4 there?");
    is_named(times(105 * 105), MistakePattern::factor,
             "is the division by (rows * columns * channels)^2");
    is_named(times(35), MistakePattern::factor, "is the division by rows * columns = 35 there?");
    const GradcheckReport no_style = check_style_loss([](const Tensor3& x, const Matrix& gram) {
        return nst::style_loss_backward(x, 0.0 * gram);
    });
    CHECK(no_style.outcome == GradcheckOutcome::wrong);
}

TEST_CASE("mistakes: gram_matrix_backward with only one of its two terms, or one twice") {
    const Tensor3 x = spread_tensor<Tensor3>({5, 7, 3});
    const auto half = [](const Matrix& dg, const Tensor3& f) {
        // F dG; right is F (dG + dG^T).
        Tensor3 gradient = xt::zeros_like(f);
        for (std::size_t p = 0; p < f.shape(0) * f.shape(1); ++p) {
            for (std::size_t c = 0; c < f.shape(2); ++c) {
                for (std::size_t d = 0; d < f.shape(2); ++d) {
                    gradient.data()[p * f.shape(2) + c] += f.data()[p * f.shape(2) + d] * dg(d, c);
                }
            }
        }
        return gradient;
    };
    const auto check = [&](const auto& backward) {
        const Matrix dg = nst::upstream_gradient(nst::gram_matrix(x));
        GradcheckOptions options;
        options.parts = {named_values("F dG", half(dg, x)),
                         named_values("F dG^T", half(xt::transpose(dg), x))};
        options.suspects = {
            named_values("2 F dG: this holds for a symmetric dG only", 2.0 * half(dg, x))};
        return check_backward(nst::gram_matrix, backward, x, options);
    };
    is_named(check(half), MistakePattern::missing_part,
             "only the part of F dG is there, F dG^T is missing");
    is_named(check([&](const Matrix& dg, const Tensor3& f) { return 2.0 * half(dg, f); }),
             MistakePattern::suspect, "symmetric dG only");
    is_named(check([&](const Matrix& dg, const Tensor3& f) {
                 return -nst::gram_matrix_backward(dg, f);
             }),
             MistakePattern::sign, "the sign");
}

TEST_CASE("mistakes: subtract_mean with its gradient's channels in the order BGR") {
    const std::array<double, 3> mean = {123.68, 116.779, 103.939};
    const auto forward = [&](const nst::Image& image) { return nst::subtract_mean(image, mean); };
    const auto reversed = [](const Tensor3& dy, const nst::Image&) {
        return changed(dy, [&](double& value, std::size_t i, std::size_t j, std::size_t c) {
            value = dy(i, j, 2 - c);
        });
    };
    const nst::Image image = 80.0 * spread_tensor<nst::Image>({4, 5, 3}) + 128.0;
    is_named(check_backward(forward, reversed, image), MistakePattern::reversed,
             "BGR where RGB is meant?");
}

// ---- the chain and the objective ----

namespace {

// backward through the chain, which at a tapped layer does whatever meet does with the gradient
// that comes by and the one that comes in.
template <class Meet>
Tensor3 mistaken_backward(const Network& network, const nst::Trace& trace,
                          const nst::LayerGradients& taps, const Meet& meet) {
    Tensor3 gradient = xt::zeros_like(trace.outputs.back());
    for (std::size_t l = trace.outputs.size(); l-- > 0;) {
        const nst::Layer& layer = network.layers[l];
        const Tensor3& x = l == 0 ? trace.input : trace.outputs[l - 1];
        if (const auto tap = taps.find(layer.name); tap != taps.end()) meet(gradient, tap->second);
        if (layer.kind == nst::LayerKind::conv) {
            gradient = nst::conv2d_backward(gradient, layer.filters);
        } else if (layer.kind == nst::LayerKind::relu) {
            gradient = nst::relu_backward(gradient, trace.outputs[l]);
        } else {
            gradient = nst::average_pool_backward(gradient, x.shape());
        }
    }
    return gradient;
}

// The loss sum of weight * output over some layers, with a gradient that meets as given.
template <class Meet>
GradcheckReport check_chain(const Meet& meet) {
    const nst_test::OneThread one_thread;
    const Network network = small_network();
    const Tensor3 x = spread_tensor<Tensor3>({7, 9, 3});
    const nst::Trace at_x = nst::forward(network, x, "relu3_1");
    nst::LayerGradients weights;
    GradcheckOptions options;
    std::uint32_t seed = 100;
    for (const std::string layer : {"relu1_1", "pool1", "relu3_1"}) {
        const Tensor3& output = at_x.outputs[network.index_of(layer)];
        weights[layer] = spread_tensor<Tensor3>(output.shape(), seed++);
        options.parts.push_back(
            named_values(layer, nst::backward(network, at_x, {{layer, weights[layer]}})));
    }
    const auto loss = [&](const Tensor3& at) {
        const nst::Trace trace = nst::forward(network, at, "relu3_1");
        double sum = 0;
        for (const auto& [layer, weight] : weights) {
            sum += xt::sum(weight * trace.outputs[network.index_of(layer)])();
        }
        return sum;
    };
    const auto gradient = [&](const Tensor3& at) {
        return mistaken_backward(network, nst::forward(network, at, "relu3_1"), weights, meet);
    };
    return check_gradient(loss, gradient, x, options);
}

}  // namespace

TEST_CASE("mistakes: the mistaken chain is right when gradients are added where they meet") {
    const GradcheckReport report =
        check_chain([](Tensor3& gradient, const Tensor3& tap) { gradient += tap; });
    INFO(report);
    CHECK(report.passed());
}

TEST_CASE("mistakes: a gradient overwritten at a tapped layer, left out, or added twice") {
    is_named(check_chain([](Tensor3& gradient, const Tensor3& tap) { gradient = tap; }),
             MistakePattern::missing_part,
             "only the part of relu1_1 is there, pool1, relu3_1 is missing: are gradients added "
             "(+=) where they meet, not overwritten?");
    int taps = 0;
    is_named(check_chain([&](Tensor3& gradient, const Tensor3& tap) {
                 if (taps++ % 3 != 1) gradient += tap;
             }),
             MistakePattern::missing_part,
             "only the part of relu1_1, relu3_1 is there, pool1 is missing");
    taps = 0;
    is_named(check_chain([&](Tensor3& gradient, const Tensor3& tap) {
                 gradient += tap;
                 if (taps++ % 3 == 2) gradient += tap;
             }),
             MistakePattern::missing_part, "the part of relu1_1 is counted twice");
}

TEST_CASE("mistakes: an objective's gradient without the content, or without a style layer") {
    const nst_test::OneThread one_thread;
    const Network network = small_network();
    const nst::Image content = 80.0 * spread_tensor<nst::Image>({7, 9, 3}, 1) + 128.0;
    const nst::Image style = 80.0 * spread_tensor<nst::Image>({7, 9, 3}, 2) + 128.0;
    const Tensor3 x = 60.0 * spread_tensor<Tensor3>({7, 9, 3}, 3);
    const auto objective = [&](double content_weight, std::vector<nst::StyleLayer> layers) {
        nst::ObjectiveOptions options;
        options.content_layer = "relu2_1";
        options.content_weight = content_weight;
        options.style_layers = std::move(layers);
        return nst::Objective(network, content, style, options);
    };
    // A content weight that makes the parts of one size: the smallest is not to vanish in the
    // error.
    nst::Objective whole = objective(1e3, {{"relu1_1", 0.5}, {"relu3_1", 0.5}});
    nst::Objective content_only = objective(1e3, {{"relu1_1", 0}});
    nst::Objective first_only = objective(0, {{"relu1_1", 0.5}});
    nst::Objective last_only = objective(0, {{"relu3_1", 0.5}});
    GradcheckOptions options;
    options.parts = {named_values("content", content_only(x).gradient),
                     named_values("relu1_1", first_only(x).gradient),
                     named_values("relu3_1", last_only(x).gradient)};
    const auto cost = [&](const Tensor3& at) { return whole.costs(at).total; };
    const auto without_content = [&](const Tensor3& at) {
        return Tensor3(first_only(at).gradient + last_only(at).gradient);
    };
    is_named(check_gradient(cost, without_content, x, options), MistakePattern::missing_part,
             "content is missing");
    const auto without_last = [&](const Tensor3& at) {
        return Tensor3(first_only(at).gradient + content_only(at).gradient);
    };
    is_named(check_gradient(cost, without_last, x, options), MistakePattern::missing_part,
             "relu3_1 is missing");
    // And from two directions alone, as for a network too large for more.
    options.probes = nst::GradientProbes::random_directions;
    options.directions = 2;
    is_named(check_gradient(cost, without_last, x, options), MistakePattern::missing_part,
             "relu3_1 is missing");
}
