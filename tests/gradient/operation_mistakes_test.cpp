// Backward passes of operations with one deliberate mistake each: the checker must reject and name
// each of them.

#include <functional>
#include <string>
#include <utility>

#include "gradient/inputs.hpp"
#include "gradient/mistakes.hpp"
#include "nst/conv2d.hpp"
#include "nst/gradcheck.hpp"
#include "nst/pooling.hpp"
#include "nst/relu.hpp"
#include "support/catch.hpp"

using nst::check_backward;
using nst::Filters;
using nst::GradcheckOptions;
using nst::GradcheckOutcome;
using nst::GradcheckReport;
using nst::MistakePattern;
using nst::named_values;
using nst::Shape3;
using nst::Tensor3;
using nst::Vector;
using nst_test::changed;
using nst_test::is_named;
using nst_test::spread_tensor;

namespace {

// How the filters of the backward convolution are formed.
struct KernelMistake {
    bool rows_reversed = true;
    bool columns_reversed = true;
    bool channels_transposed = true;
    bool rows_and_columns_transposed = false;
};

// conv2d_backward by its definition, with one mistake. Square kernels only.
Tensor3 mistaken_conv2d_backward(const Tensor3& dy, const Filters& w, const KernelMistake& made) {
    const auto [kh, kw, inputs, outputs] = w.shape();
    Filters rotated = Filters::from_shape({kh, kw, outputs, inputs});
    for (std::size_t u = 0; u < kh; ++u) {
        for (std::size_t v = 0; v < kw; ++v) {
            std::size_t row = made.rows_reversed ? kh - 1 - u : u;
            std::size_t column = made.columns_reversed ? kw - 1 - v : v;
            if (made.rows_and_columns_transposed) std::swap(row, column);
            for (std::size_t o = 0; o < outputs; ++o) {
                for (std::size_t c = 0; c < inputs; ++c) {
                    rotated(u, v, o, c) =
                        made.channels_transposed ? w(row, column, c, o) : w(row, column, o, c);
                }
            }
        }
    }
    return nst::conv2d(dy, rotated, xt::zeros<double>({inputs}));
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

// The tensor shifted down and right and padded with zeros.
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

TEST_CASE("mistakes: the test's conv2d_backward is right without a mistake") {
    const GradcheckReport report = check_conv2d(2, 3, 3, KernelMistake());
    INFO(report);
    CHECK(report.passed());
}

TEST_CASE("mistakes: conv2d_backward with a kernel that is not rotated by 180 degrees") {
    KernelMistake made;
    made.rows_reversed = made.columns_reversed = false;
    for (const std::size_t kernel : {3U, 5U}) {
        is_named(check_conv2d(2, 3, kernel, made), MistakePattern::rotated_kernel,
                 "by 180 degrees: is the kernel turned, exactly once?");
    }
    is_named(check_conv2d(2, 3, 3, made, {4, 9, 0}), MistakePattern::rotated_kernel, "180 degrees");
    made.rows_reversed = true;
    is_named(check_conv2d(2, 3, 3, made), MistakePattern::rotated_kernel, "reversing the columns");
    made = {};
    made.rows_reversed = false;
    is_named(check_conv2d(2, 3, 3, made), MistakePattern::rotated_kernel, "reversing the rows");
}

TEST_CASE("mistakes: conv2d_backward with a transposed kernel") {
    KernelMistake made;
    made.rows_and_columns_transposed = true;
    is_named(check_conv2d(2, 3, 3, made), MistakePattern::transposed_kernel,
             "are the kernel's rows and columns exchanged?");
    // On an image that is not square the checker cannot test for transposition, but it still
    // rejects the gradient.
    is_named(check_conv2d(2, 3, 3, made, {5, 8, 0}), MistakePattern::unknown, "no known pattern");
}

TEST_CASE("mistakes: conv2d_backward replaced by the forward convolution") {
    KernelMistake made;
    made.rows_reversed = made.columns_reversed = made.channels_transposed = false;
    is_named(check_conv2d(3, 3, 3, made), MistakePattern::not_transposed, "not its transpose");
    made.rows_reversed = made.columns_reversed = true;
    is_named(check_conv2d(3, 3, 3, made), MistakePattern::not_transposed,
             "are input and output channels exchanged?");
}

TEST_CASE("mistakes: conv2d_backward shifted, negated, or missing at the border") {
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

TEST_CASE("mistakes: conv2d_backward with only one output channel") {
    const Tensor3 x = spread_tensor<Tensor3>({5, 6, 2});
    const auto w = spread_tensor<Filters>({3, 3, 2, 3}, 2);
    const auto forward = [&](const Tensor3& at) {
        return nst::conv2d(at, w, xt::zeros<double>({3}));
    };
    // The contribution of one output channel.
    const auto contribution = [&](const Tensor3& dy, std::size_t channel) {
        const auto others = [=](double& value, std::size_t, std::size_t, std::size_t c) {
            if (c != channel) value = 0;
        };
        return nst::conv2d_backward(changed(dy, others), w);
    };
    GradcheckOptions options;
    const Tensor3 dy = nst::upstream_gradient(forward(x));
    for (const std::size_t channel : {0U, 1U, 2U}) {
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

TEST_CASE("mistakes: relu_backward with an inverted mask, without a mask, or negated") {
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
    // The mask is shifted, not the gradient, so the result is right only in some places.
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

TEST_CASE("mistakes: average_pool_backward that counts padding in the divisor") {
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
    // In the corner the factor is 4, so no single factor fits.
    is_named(check_average_pool({5, 7, 3}, quarter), MistakePattern::region,
             "right except in the last row and the last column: are edges and odd sizes handled?");
}

TEST_CASE("mistakes: average_pool_backward that drops the last row, or fills one pixel in four") {
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

TEST_CASE("mistakes: max_pool_backward that fills all four pixels, or the wrong one") {
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
                 return nst::max_pool_backward(dy, nst::max_pool(Tensor3(-x)));
             }),
             MistakePattern::wrong_side, "from the wrong side?");
}

TEST_CASE("mistakes: max_pool_backward replaced by average_pool_backward") {
    const GradcheckReport report = check_max_pool([](const Tensor3& dy, const Tensor3& x) {
        return nst::average_pool_backward(dy, x.shape());
    });
    INFO(report);
    CHECK(report.outcome == GradcheckOutcome::wrong);
    CHECK(report.wrong == 144);
}
