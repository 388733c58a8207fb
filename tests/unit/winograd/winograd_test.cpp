// The fast convolution against the plain one. CTest runs this program once per instruction set,
// selected by NST_SIMD.
#include "nst/winograd.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "14_faster_convolution/by_hand.hpp"
#include "nst/conv2d.hpp"
#include "nst/relu.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/padded_convolution.hpp"
#include "support/random_tensor.hpp"
#include "winograd/simd/simd.hpp"
#include "winograd/winograd.hpp"

using namespace nst_test;
using nst::Filters;
using nst::FilterUse;
using nst::Tensor3;
using nst::Vector;
using nst::WinogradPlan;

namespace {

// The transforms multiply by up to 32/45 and 21/4 and take differences: rounding grows to about a
// hundred times that of a plain sum, which is 1e-5 of the largest value in float.
constexpr double winograd_tolerance = 300 * epsilon;

// F(2x2, 3x3) only adds, subtracts and halves: rounding is little more than that of a plain sum.
constexpr double small_tile_tolerance = 16 * epsilon;

struct Case {
    std::size_t height, width, inputs, outputs;
};

void check_both_ways(const Case& s) {
    CAPTURE(s.height, s.width, s.inputs, s.outputs, nst::simd().name);
    const auto x = random_tensor<Tensor3>({s.height, s.width, s.inputs}, 1);
    const auto w = random_tensor<Filters>({3, 3, s.inputs, s.outputs}, 2);
    const auto b = random_tensor<Vector>({s.outputs}, 3);
    const auto dy = random_tensor<Tensor3>({s.height, s.width, s.outputs}, 4);
    for (const nst::Padding padding : paddings) {
        CAPTURE(static_cast<int>(padding));
        CHECK(agree(nst::winograd_conv2d(x, w, b, padding), nst::conv2d(x, w, b, padding),
                    winograd_tolerance));
        CHECK(agree(nst::winograd_conv2d_backward(dy, w, padding),
                    nst::conv2d_backward(dy, w, padding), winograd_tolerance));
    }
    CHECK(agree(nst::winograd_conv2d_backward_filters(x, dy), nst::conv2d_backward_filters(x, dy),
                winograd_tolerance));
}

WinogradPlan plan_of(const Case& s) {
    const auto w = random_tensor<Filters>({3, 3, s.inputs, s.outputs}, 2);
    return {s.height, s.width, w, FilterUse::forward};
}

// One output of conv2d(x, w), or of conv2d_backward(x, w) if `backward`, in double precision.
double exact(const Tensor3& x, const Filters& w, FilterUse use, std::size_t i, std::size_t j,
             std::size_t c) {
    double sum = 0;
    for (std::size_t u = 0; u < 3; ++u) {
        for (std::size_t v = 0; v < 3; ++v) {
            if (i + u < 1 || i + u > x.shape(0) || j + v < 1 || j + v > x.shape(1)) continue;
            for (std::size_t k = 0; k < x.shape(2); ++k) {
                const double tap =
                    use == FilterUse::forward ? w(u, v, k, c) : w(2 - u, 2 - v, c, k);
                sum += tap * static_cast<double>(x(i + u - 1, j + v - 1, k));
            }
        }
    }
    return sum;
}

// The largest error among some hundred outputs, relative to the largest of them.
double sampled_error(const Tensor3& y, const Tensor3& x, const Filters& w, FilterUse use) {
    constexpr std::size_t step = 9973;  // a prime, to visit every channel and tile position
    double error = 0;
    double largest = 0;
    for (std::size_t at = 0; at < y.size(); at += step) {
        const std::size_t c = at % y.shape(2);
        const std::size_t j = at / y.shape(2) % y.shape(1);
        const std::size_t i = at / y.shape(2) / y.shape(1);
        const double expected = exact(x, w, use, i, j, c);
        error = std::max(error, std::abs(static_cast<double>(y(i, j, c)) - expected));
        largest = std::max(largest, std::abs(expected));
    }
    return error / largest;
}

}  // namespace

TEST_CASE("winograd_conv2d: agrees with conv2d on every size up to two tiles and a pixel") {
    for (std::size_t height = 1; height <= 13; ++height) {
        for (std::size_t width = 1; width <= 13; ++width) {
            check_both_ways({height, width, 3, 5});
        }
    }
}

TEST_CASE("winograd_conv2d: agrees with conv2d on channels that fill no vector or several panels") {
    for (const std::size_t inputs : std::vector<std::size_t>{1, 2, 7, 8, 31, 32, 33, 65}) {
        for (const std::size_t outputs : std::vector<std::size_t>{1, 4, 15, 16, 17, 64, 65, 129}) {
            check_both_ways({7, 5, inputs, outputs});
        }
    }
}

TEST_CASE("winograd_conv2d: agrees with conv2d over many blocks of tiles, with either tile") {
    const std::vector<Case> cases = {{48, 72, 16, 16},   {49, 73, 8, 8},    {150, 3, 4, 4},
                                     {3, 150, 4, 4},     {38, 50, 64, 64},  {19, 25, 96, 64},
                                     {100, 100, 32, 40}, {60, 50, 96, 129}, {121, 150, 8, 70},
                                     {60, 60, 300, 256}};
    bool seen4 = false;
    bool seen6 = false;
    bool kept = false;              // filters transformed once for several tile blocks
    bool transformed_anew = false;  // by each block again
    bool shared = false;            // few blocks, each shared by the workers
    bool apart = false;             // enough blocks for each worker to have its own
    for (const Case& s : cases) {
        check_both_ways(s);
        const WinogradPlan plan = plan_of(s);
        (plan.kernels->outputs == 4 ? seen4 : seen6) = true;
        if (plan.blocks > 1) (plan.kept_filters > 0 ? kept : transformed_anew) = true;
        (plan.blocks < 8 ? shared : apart) = true;
    }
    CHECK((seen4 && seen6));
    CHECK((kept && transformed_anew));
    CHECK((shared && apart));
}

TEST_CASE(
    "winograd_conv2d: is as close to double precision as its tile allows, on VGG-19's layers") {
    constexpr double bound4 = 2e-5;
    constexpr double bound6 = 1e-4;
    for (const Case& s : {Case{300, 400, 64, 64}, Case{150, 200, 64, 128}, Case{75, 100, 256, 256},
                          Case{38, 50, 512, 512}, Case{19, 25, 512, 512}, Case{12, 16, 512, 512}}) {
        CAPTURE(s.height, s.width, s.inputs, s.outputs, nst::simd().name);
        const Tensor3 x = nst::relu(random_tensor<Tensor3>({s.height, s.width, s.inputs}, 1));
        const auto w = random_tensor<Filters>({3, 3, s.inputs, s.outputs}, 2);
        Vector b = Vector::from_shape({s.outputs});
        b.fill(0);
        const auto dy = random_tensor<Tensor3>({s.height, s.width, s.outputs}, 4);
        const double bound = plan_of(s).kernels->outputs == 4 ? bound4 : bound6;
        CHECK(sampled_error(nst::winograd_conv2d(x, w, b), x, w, FilterUse::forward) < bound);
        CHECK(sampled_error(nst::winograd_conv2d_backward(dy, w), dy, w, FilterUse::backward) <
              bound);
    }
}

TEST_CASE("winograd_conv2d: NaN spreads to the tiles that see it, and no further") {
    auto x = random_tensor<Tensor3>({40, 40, 4}, 1);
    const auto w = random_tensor<Filters>({3, 3, 4, 4}, 2);
    const auto b = random_tensor<Vector>({4}, 3);
    x(1, 1, 0) = std::numeric_limits<nst::Real>::quiet_NaN();
    const Tensor3 y = nst::winograd_conv2d(x, w, b);
    CHECK(std::isnan(y(1, 1, 0)));
    CHECK(std::isfinite(y(39, 39, 3)));
}

TEST_CASE("winograd_conv2d: the relu mask passes the gradient where the output is NaN") {
    constexpr std::size_t height = 9;
    constexpr std::size_t width = 10;
    constexpr std::size_t outputs = 7;
    const auto x = random_tensor<Tensor3>({height, width, 5}, 1);
    const auto w = random_tensor<Filters>({3, 3, 5, outputs}, 2);
    const WinogradPlan plan(height, width, w, FilterUse::forward);
    std::vector<nst::Real> bias(plan.padded_outputs);
    bias[2] = -1000;
    bias[3] = std::numeric_limits<nst::Real>::quiet_NaN();
    bias[4] = 1000;
    for (const auto pool : {nst::FusedPool::none, nst::FusedPool::average, nst::FusedPool::max}) {
        std::vector<std::uint8_t> mask(height * width * nst::mask_bytes(outputs));
        Tensor3 y = Tensor3::from_shape({height, width, outputs});
        nst::OutputTransform epilogue{};
        epilogue.bias = bias.data();
        epilogue.relu = true;
        epilogue.pool = pool;
        epilogue.y = y.data();
        epilogue.relu_mask = mask.data();
        nst::Workspace workspace;
        nst::kernels::winograd_conv2d(plan, nst::StoredFeatures(x), w, epilogue, workspace);
        const auto passing = [&](std::size_t channel) {
            const auto passes = [&](std::uint8_t bits) { return (bits >> channel & 1) != 0; };
            return static_cast<std::size_t>(std::count_if(mask.begin(), mask.end(), passes));
        };
        const bool max = pool == nst::FusedPool::max;
        const std::size_t expected = max ? 5 * 5 : height * width;
        CAPTURE(static_cast<int>(pool), nst::simd().name);
        CHECK(passing(2) == 0);
        CHECK(passing(3) == expected);  // with max pooling, the first pixel of each window
        CHECK(passing(4) == expected);
        if (max) CHECK((mask[0] >> 3 & 1) == 1);
    }
}

TEST_CASE("by_hand::winograd_conv2d: agrees with conv2d on every size up to three tiles") {
    for (std::size_t height = 1; height <= 6; ++height) {
        for (std::size_t width = 1; width <= 6; ++width) {
            CAPTURE(height, width);
            const auto x = random_tensor<Tensor3>({height, width, 3}, 1);
            const auto w = random_tensor<Filters>({3, 3, 3, 5}, 2);
            const auto b = random_tensor<Vector>({5}, 3);
            CHECK(agree(by_hand::winograd_conv2d(x, w, b), nst::conv2d(x, w, b),
                        small_tile_tolerance));
        }
    }
}

TEST_CASE("winograd_conv2d: rejects shapes that do not match") {
    const auto x = random_tensor<Tensor3>({4, 4, 2}, 1);
    const auto w = random_tensor<Filters>({3, 3, 3, 5}, 2);
    const auto wide = random_tensor<Filters>({5, 5, 2, 5}, 2);
    const auto b = random_tensor<Vector>({5}, 3);
    CHECK(error_of([&] { nst::winograd_conv2d(x, w, b); }) ==
          "winograd_conv2d: x must be (H, W, 3), as w is 3x3x3x5, got 4x4x2");
    CHECK(error_of([&] { nst::winograd_conv2d(x, wide, b); }) ==
          "winograd_conv2d: w must be (3, 3, C_in, C_out), got 5x5x2x5");
    CHECK(error_of([&] { nst::winograd_conv2d_backward(x, w); }) ==
          "winograd_conv2d_backward: dy must be (H, W, 5), as w is 3x3x3x5, got 4x4x2");
    const auto fits = random_tensor<Filters>({3, 3, 2, 4}, 2);
    CHECK(error_of([&] { nst::winograd_conv2d(x, fits, b); }) ==
          "winograd_conv2d: b must have 4 numbers, one for each output channel of w, got 5");
}
