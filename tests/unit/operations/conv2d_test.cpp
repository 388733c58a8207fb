#include "nst/conv2d.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "03_convolution/by_hand.hpp"
#include "11_backpropagation/by_hand.hpp"
#include "18_where_the_weights_come_from/by_hand.hpp"
#include "nst/threads.hpp"
#include "operations/kernels.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/padded_convolution.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Filters;
using nst::Tensor3;
using nst::Vector;

namespace {

// Sums of up to 600 products of numbers below 1: rounding grows with the square root of their
// number, and the largest result is several times a single product.
constexpr double sum_tolerance = 16 * epsilon;
constexpr double position_tolerance = 64 * epsilon;  // sums over up to 8250 positions

struct Case {
    std::size_t height, width, inputs, kh, kw, outputs;
};

void check_both_ways(const Case& s) {
    CAPTURE(s.height, s.width, s.inputs, s.kh, s.kw, s.outputs);
    const auto x = random_tensor<Tensor3>({s.height, s.width, s.inputs}, 1);
    const auto w = random_tensor<Filters>({s.kh, s.kw, s.inputs, s.outputs}, 2);
    const auto b = random_tensor<Vector>({s.outputs}, 3);
    const auto dy = random_tensor<Tensor3>({s.height, s.width, s.outputs}, 4);
    CHECK(agree(nst::conv2d(x, w, b), by_hand::conv2d(x, w, b), sum_tolerance));
    CHECK(agree(nst::conv2d_backward(dy, w), by_hand::conv2d_backward(dy, w), sum_tolerance));
    for (const nst::Padding padding : flat_paddings) {
        CAPTURE(padding == nst::Padding::reflect);
        CHECK(agree(nst::conv2d(x, w, b, padding), loop_conv2d(x, w, b, padding), sum_tolerance));
        CHECK(agree(nst::conv2d_backward(dy, w, padding), loop_conv2d_backward(dy, w, padding),
                    sum_tolerance));
    }
}

const std::vector<std::array<std::size_t, 2>> image_sizes = {{1, 1}, {1, 2}, {2, 1}, {1, 9},
                                                             {9, 1}, {2, 2}, {5, 7}, {8, 6}};
const std::vector<std::array<std::size_t, 2>> kernel_sizes = {{1, 1}, {3, 3}, {5, 5},
                                                              {3, 5}, {5, 3}, {1, 3}};

}  // namespace

TEST_CASE("conv2d: agrees with six loops on every kind of size, forward and backward") {
    for (const auto& [height, width] : image_sizes) {
        for (const auto& [kh, kw] : kernel_sizes) {
            for (const auto& [inputs, outputs] : {std::array<std::size_t, 2>{1, 1}, {3, 2}, {2, 5}})
                check_both_ways({height, width, inputs, kh, kw, outputs});
        }
    }
}

TEST_CASE("conv2d: agrees with six loops on many channels") {
    check_both_ways({3, 4, 64, 3, 3, 33});
    check_both_ways({4, 3, 33, 3, 3, 64});
    check_both_ways({3, 3, 130, 1, 1, 129});
    check_both_ways({2, 3, 24, 5, 5, 1});
}

TEST_CASE("conv2d: agrees with six loops when the image is split into strips") {
    // A strip holds 1 MB of the im2col matrix: 4 rows of this image in float, 2 in double, so these
    // heights end in a whole strip, one row more, and one row less.
    for (const std::size_t height : std::vector<std::size_t>{1, 2, 3, 4, 5, 7, 8, 9}) {
        check_both_ways({height, 100, 64, 3, 3, 3});
    }
    // The same for the backward pass, where im2col reads the output gradient.
    check_both_ways({9, 100, 3, 3, 3, 64});
    // One row alone is more than a strip.
    check_both_ways({3, 500, 64, 3, 3, 2});
    // Thousands of one-pixel rows: the strips end far from the edges.
    check_both_ways({5000, 1, 8, 3, 3, 2});
}

TEST_CASE("conv2d: neither flips nor transposes the filter") {
    Tensor3 x = xt::zeros<nst::Real>({5, 7, 1});
    x(2, 3, 0) = 1;
    Filters w = Filters::from_shape({3, 5, 1, 1});
    for (std::size_t k = 0; k < 15; ++k) w.data()[k] = static_cast<nst::Real>(k + 1);
    const Tensor3 y = nst::conv2d(x, w, xt::zeros<nst::Real>({1}));
    // The output above and left of the lit pixel sees it through the lower right filter tap, and so
    // on.
    CHECK(y(1, 1, 0) == 15);
    CHECK(y(1, 5, 0) == 11);
    CHECK(y(3, 1, 0) == 5);
    CHECK(y(3, 5, 0) == 1);
    CHECK(y(2, 3, 0) == 8);
    CHECK(y(1, 3, 0) == 13);
    CHECK(y(2, 1, 0) == 10);
    CHECK(y(0, 3, 0) == 0);
    CHECK(y(2, 0, 0) == 0);
}

TEST_CASE("conv2d_backward: spreads one output's gradient over the image like its filter") {
    Tensor3 dy = xt::zeros<nst::Real>({5, 7, 1});
    dy(2, 3, 0) = 1;
    Filters w = Filters::from_shape({3, 5, 1, 1});
    for (std::size_t k = 0; k < 15; ++k) w.data()[k] = static_cast<nst::Real>(k + 1);
    const Tensor3 dx = nst::conv2d_backward(dy, w);
    CHECK(dx(1, 1, 0) == 1);
    CHECK(dx(1, 5, 0) == 5);
    CHECK(dx(2, 3, 0) == 8);
    CHECK(dx(3, 1, 0) == 11);
    CHECK(dx(3, 5, 0) == 15);
    CHECK(dx(0, 3, 0) == 0);
    CHECK(dx(2, 0, 0) == 0);
}

TEST_CASE("conv2d: reflect turns round at the edge pixel, replicate repeats it") {
    using nst::Padding;
    const Tensor3 x{{{1}, {2}, {3}}};
    // The result is what the outermost tap of a filter of one row reads for each output.
    const auto read = [&](std::size_t taps, bool last, Padding padding) {
        Filters w = xt::zeros<nst::Real>({std::size_t(1), taps, std::size_t(1), std::size_t(1)});
        w(0, last ? taps - 1 : 0, 0, 0) = 1;
        return nst::conv2d(x, w, Vector{0}, padding);
    };
    CHECK(same_values(read(3, false, Padding::zero), Tensor3{{{0}, {1}, {2}}}));
    CHECK(same_values(read(3, false, Padding::reflect), Tensor3{{{2}, {1}, {2}}}));
    CHECK(same_values(read(3, true, Padding::reflect), Tensor3{{{2}, {3}, {2}}}));
    CHECK(same_values(read(3, false, Padding::replicate), Tensor3{{{1}, {1}, {2}}}));
    CHECK(same_values(read(3, true, Padding::replicate), Tensor3{{{2}, {3}, {3}}}));
    // Further outside than the image is wide: 3 2 1 2 3 2 1 2 3 2 1.
    CHECK(same_values(read(9, false, Padding::reflect), Tensor3{{{1}, {2}, {3}}}));
    CHECK(same_values(read(9, true, Padding::reflect), Tensor3{{{1}, {2}, {3}}}));
    CHECK(same_values(read(7, false, Padding::reflect), Tensor3{{{2}, {3}, {2}}}));
    CHECK(same_values(read(7, true, Padding::reflect), Tensor3{{{2}, {1}, {2}}}));
    CHECK(same_values(read(9, true, Padding::replicate), Tensor3{{{3}, {3}, {3}}}));
}

TEST_CASE("conv2d_backward: adds what was read outside the image to the pixel it was read from") {
    using nst::Padding;
    const Filters w = xt::ones<nst::Real>({1, 3, 1, 1});
    const Tensor3 dy{{{1}, {10}, {100}}};
    CHECK(same_values(nst::conv2d_backward(dy, w), Tensor3{{{11}, {111}, {110}}}));
    CHECK(
        same_values(nst::conv2d_backward(dy, w, Padding::reflect), Tensor3{{{11}, {212}, {110}}}));
    CHECK(same_values(nst::conv2d_backward(dy, w, Padding::replicate),
                      Tensor3{{{12}, {111}, {210}}}));
    CHECK(same_values(nst::conv2d_backward(Tensor3{{{5}}}, w, Padding::reflect), Tensor3{{{15}}}));
}

TEST_CASE("conv2d: each output channel has its own filter and its own bias") {
    Tensor3 x = Tensor3::from_shape({1, 2, 3});
    for (std::size_t k = 0; k < 6; ++k) x.data()[k] = static_cast<nst::Real>(k + 1);
    Filters w = xt::zeros<nst::Real>({1, 1, 3, 2});
    w(0, 0, 2, 0) = 1;   // output 0 takes input 2
    w(0, 0, 0, 1) = 10;  // output 1 takes ten times input 0
    const Tensor3 y = nst::conv2d(x, w, Vector{100, 200});
    CHECK(same_values(y, Tensor3{{{103, 210}, {106, 240}}}));
}

TEST_CASE("conv2d: im2col and one matrix product give the same convolution") {
    for (const auto& [height, width] : image_sizes) {
        for (const auto& [kh, kw] : kernel_sizes) {
            CAPTURE(height, width, kh, kw);
            const auto x = random_tensor<Tensor3>({height, width, 3}, 1);
            const auto w = random_tensor<Filters>({kh, kw, 3, 2}, 2);
            const auto b = random_tensor<Vector>({2}, 3);
            CHECK(agree(by_hand::conv2d_im2col(x, w, b), by_hand::conv2d(x, w, b), sum_tolerance));
        }
    }
}

TEST_CASE("conv2d: rejects shapes that do not match, in one line") {
    const auto conv2d = [](const nst::Shape3& x, const std::array<std::size_t, 4>& w,
                           std::size_t biases) {
        return error_of([&] {
            nst::conv2d(Tensor3::from_shape(x), Filters::from_shape(w),
                        Vector::from_shape({biases}));
        });
    };
    CHECK(conv2d({5, 5, 3}, {2, 3, 3, 4}, 4) ==
          "conv2d: w must be (kh, kw, C_in, C_out) with odd kh and kw, got 2x3x3x4");
    CHECK(conv2d({5, 5, 3}, {3, 4, 3, 4}, 4) ==
          "conv2d: w must be (kh, kw, C_in, C_out) with odd kh and kw, got 3x4x3x4");
    CHECK(conv2d({5, 5, 0}, {3, 3, 0, 4}, 4) ==
          "conv2d: w must be (kh, kw, C_in, C_out) with odd kh and kw, got 3x3x0x4");
    CHECK(conv2d({5, 5, 2}, {3, 3, 3, 4}, 4) ==
          "conv2d: x must be (H, W, 3), as w is 3x3x3x4, got 5x5x2");
    CHECK(conv2d({0, 5, 3}, {3, 3, 3, 4}, 4) ==
          "conv2d: x must be (H, W, 3), as w is 3x3x3x4, got 0x5x3");
    CHECK(conv2d({5, 5, 3}, {3, 3, 3, 4}, 3) ==
          "conv2d: b must have 4 numbers, one for each output channel of w, got 3");
    CHECK(conv2d({5, 5, 3}, {3, 3, 3, 4}, 0) ==
          "conv2d: b must have 4 numbers, one for each output channel of w, got 0");
}

TEST_CASE("conv2d_backward: rejects shapes that do not match, in one line") {
    const auto backward = [](const nst::Shape3& dy, const std::array<std::size_t, 4>& w) {
        return error_of(
            [&] { nst::conv2d_backward(Tensor3::from_shape(dy), Filters::from_shape(w)); });
    };
    CHECK(backward({5, 5, 4}, {3, 2, 3, 4}) ==
          "conv2d_backward: w must be (kh, kw, C_in, C_out) with odd kh and kw, got 3x2x3x4");
    CHECK(backward({5, 5, 3}, {3, 3, 3, 4}) ==
          "conv2d_backward: dy must be (H, W, 4), as w is 3x3x3x4, got 5x5x3");
    CHECK(backward({5, 0, 4}, {3, 3, 3, 4}) ==
          "conv2d_backward: dy must be (H, W, 4), as w is 3x3x3x4, got 5x0x4");
}

TEST_CASE("conv2d_backward_filters and conv2d_backward_bias: agree with the loops by hand") {
    auto sizes = image_sizes;
    sizes.push_back({250, 33});  // several strips of the 8 channels
    for (const auto& [height, width] : sizes) {
        for (const std::size_t channels : {1U, 3U, 8U}) {
            CAPTURE(height, width, channels);
            const auto x = random_tensor<Tensor3>({height, width, channels}, 5);
            const auto dy = random_tensor<Tensor3>({height, width, 2 * channels - 1}, 6);
            CHECK(agree(nst::conv2d_backward_filters(x, dy),
                        by_hand::conv2d_backward_filters(x, dy), position_tolerance));
            CHECK(agree(nst::conv2d_backward_bias(dy), by_hand::conv2d_backward_bias(dy),
                        position_tolerance));
        }
    }
}

TEST_CASE("kernels::conv2d and its backward passes: do not depend on the workspace's contents") {
    const nst::Real nan = std::numeric_limits<nst::Real>::quiet_NaN();
    const auto x = random_tensor<Tensor3>({250, 33, 8}, 5);  // several strips
    const auto dy = random_tensor<Tensor3>({250, 33, 5}, 6);
    const auto w = random_tensor<Filters>({3, 3, 8, 5}, 7);
    nst::Workspace workspace;
    const auto poison = [&] {
        constexpr std::size_t count = 1 << 19;
        std::fill_n(workspace.shared(count), count, nan);
        std::fill_n(workspace.sums(count), count, double{nan});
        for (std::size_t k = 0; k < static_cast<std::size_t>(nst::thread_count()); ++k) {
            std::fill_n(workspace.buffer(k, count), count, nan);
        }
    };
    poison();
    Tensor3 y = Tensor3::from_shape({250, 33, 5});
    nst::kernels::conv2d(x, w, Vector(), nst::Padding::zero, y, workspace);
    CHECK(same_bits(y, nst::conv2d(x, w, xt::zeros<nst::Real>({5}))));
    poison();
    Filters dw = Filters::from_shape(w.shape());
    nst::kernels::conv2d_backward_filters(x, dy, dw, workspace);
    CHECK(same_bits(dw, nst::conv2d_backward_filters(x, dy)));
    poison();
    Vector db = Vector::from_shape({5});
    nst::kernels::conv2d_backward_bias(dy, db, workspace);
    CHECK(same_bits(db, nst::conv2d_backward_bias(dy)));
}
