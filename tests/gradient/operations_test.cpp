// The backward passes of the operations against finite differences.

#include "gradient/inputs.hpp"
#include "nst/conv2d.hpp"
#include "nst/gradcheck.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/network.hpp"
#include "nst/pooling.hpp"
#include "nst/relu.hpp"
#include "nst/winograd.hpp"
#include "support/catch.hpp"

using nst::average_pool_backward;
using nst::conv2d;
using nst::conv2d_backward;
using nst::Filters;
using nst::GradcheckOptions;
using nst::GradcheckReport;
using nst::gram_matrix_backward;
using nst::Matrix;
using nst::max_pool_backward;
using nst::Padding;
using nst::relu_backward;
using nst::Shape3;
using nst::subtract_mean;
using nst::Tensor3;
using nst::Vector;
using nst_test::linear_error;
using nst_test::smooth_error;
using nst_test::spread_tensor;

namespace {

// Odd, even and mixed sizes, single rows and columns, one pixel, fewer pixels than the kernel.
const std::vector<Shape3> sizes = {{1, 1, 3}, {1, 6, 2}, {5, 1, 2}, {2, 2, 3},
                                   {4, 6, 2}, {5, 7, 3}, {3, 4, 1}};

GradcheckOptions within(double tolerance) {
    GradcheckOptions options;
    options.tolerance = tolerance;
    return options;
}

void is_right(const GradcheckReport& report, std::size_t components) {
    INFO(report);
    CHECK(report.passed());
    CHECK(report.compared == components);
    CHECK(report.kinks == 0);
}

void check_conv2d(const Shape3& size, std::size_t kh, std::size_t kw, std::size_t outputs) {
    INFO(size[0] << "x" << size[1] << "x" << size[2] << ", kernel " << kh << "x" << kw);
    const auto w = spread_tensor<Filters>({kh, kw, size[2], outputs}, 2);
    const auto b = spread_tensor<Vector>({outputs}, 3);
    const Tensor3 x = spread_tensor<Tensor3>(size);
    for (const Padding padding : {Padding::zero, Padding::reflect, Padding::replicate}) {
        const auto forward = [&](const Tensor3& at) { return conv2d(at, w, b, padding); };
        const auto backward = [&](const Tensor3& dy, const Tensor3&) {
            return conv2d_backward(dy, w, padding);
        };
        is_right(nst::check_backward(forward, backward, x, within(linear_error)), x.size());
    }
}

void check_winograd(const Shape3& size, std::size_t outputs) {
    INFO(size[0] << "x" << size[1] << "x" << size[2]);
    const auto w = spread_tensor<Filters>({3, 3, size[2], outputs}, 2);
    const auto b = spread_tensor<Vector>({outputs}, 3);
    const Tensor3 x = spread_tensor<Tensor3>(size);
    for (const Padding padding : {Padding::zero, Padding::reflect, Padding::replicate}) {
        const auto forward = [&](const Tensor3& at) {
            return nst::winograd_conv2d(at, w, b, padding);
        };
        const auto backward = [&](const Tensor3& dy, const Tensor3&) {
            return nst::winograd_conv2d_backward(dy, w, padding);
        };
        is_right(nst::check_backward(forward, backward, x, within(linear_error)), x.size());
    }
}

}  // namespace

TEST_CASE("conv2d_backward: is the gradient of conv2d for every kernel and image size") {
    for (const Shape3& size : sizes) {
        check_conv2d(size, 1, 1, 4);
        check_conv2d(size, 3, 3, 4);
        check_conv2d(size, 5, 5, 2);
        check_conv2d(size, 3, 5, 3);
        check_conv2d(size, 5, 3, 1);
    }
}

TEST_CASE("conv2d_backward: is the gradient of conv2d across several strips of rows") {
    const auto w = spread_tensor<Filters>({3, 3, 16, 2}, 2);
    const Vector b{0.5, -0.5};
    const auto forward = [&](const Tensor3& x) { return conv2d(x, w, b); };
    const auto backward = [&](const Tensor3& dy, const Tensor3&) { return conv2d_backward(dy, w); };
    GradcheckOptions options = within(linear_error);
    options.probes = nst::GradientProbes::random_sample;
    options.sample_size = 300;
    // The im2col matrix has 144 columns: a strip of 1 MB holds 22 rows of 40 pixels.
    const Tensor3 x = spread_tensor<Tensor3>({50, 40, 16});
    is_right(nst::check_backward(forward, backward, x, options), options.sample_size);
}

TEST_CASE("winograd_conv2d_backward: is the gradient of winograd_conv2d for every padding") {
    for (const Shape3& size : sizes) check_winograd(size, 4);
    check_winograd({3, 3, 2}, 3);
    check_winograd({13, 8, 2}, 3);
    check_winograd({2, 3, 35}, 2);
}

TEST_CASE("relu_backward: is the gradient of relu") {
    const auto backward = [](const Tensor3& dy, const Tensor3& x) {
        return relu_backward(dy, nst::relu(x));
    };
    for (const Shape3& size : sizes) {
        const Tensor3 x = spread_tensor<Tensor3>(size);
        is_right(nst::check_backward(nst::relu, backward, x, within(linear_error)), x.size());
    }
}

TEST_CASE("relu_backward: zero is a kink, and the gradient there is 0") {
    const Tensor3 x{{{1, 0, -1}, {0, 2, -2}}};
    const auto backward = [](const Tensor3& dy, const Tensor3& at) {
        return relu_backward(dy, nst::relu(at));
    };
    const GradcheckReport report =
        nst::check_backward(nst::relu, backward, x, within(linear_error));
    INFO(report);
    CHECK(report.passed());
    CHECK(report.kinks == 2);
    const Tensor3 gradient = backward(nst::upstream_gradient(x), x);
    CHECK(gradient(0, 0, 1) == 0);
    CHECK(gradient(0, 1, 0) == 0);
}

TEST_CASE("average_pool_backward: is the gradient of average_pool") {
    const auto backward = [](const Tensor3& dy, const Tensor3& x) {
        return average_pool_backward(dy, x.shape());
    };
    for (const Shape3& size : sizes) {
        const Tensor3 x = spread_tensor<Tensor3>(size);
        is_right(nst::check_backward(nst::average_pool, backward, x, within(linear_error)),
                 x.size());
    }
}

TEST_CASE("max_pool_backward: is the gradient of max_pool, also when all values are negative") {
    const auto forward = [](const Tensor3& x) { return nst::max_pool(x).y; };
    const auto backward = [](const Tensor3& dy, const Tensor3& x) {
        return max_pool_backward(dy, nst::max_pool(x));
    };
    for (const Shape3& size : sizes) {
        for (const double offset : {0, -2, 2}) {
            const Tensor3 x = spread_tensor<Tensor3>(size) + offset;
            is_right(nst::check_backward(forward, backward, x, within(linear_error)), x.size());
        }
    }
}

TEST_CASE("max_pool_backward: a tie is a kink for both of the tied values") {
    const Tensor3 x{{{1}, {3}}, {{3}, {2}}};
    const auto forward = [](const Tensor3& at) { return nst::max_pool(at).y; };
    const auto backward = [](const Tensor3& dy, const Tensor3& at) {
        return max_pool_backward(dy, nst::max_pool(at));
    };
    const GradcheckReport report = nst::check_backward(forward, backward, x, within(linear_error));
    INFO(report);
    CHECK(report.passed());
    CHECK(report.kinks == 2);
    CHECK(report.compared == 2);
}

TEST_CASE("gram_matrix_backward: is the gradient of gram_matrix for any upstream gradient") {
    const auto backward = [](const Matrix& dy, const Tensor3& x) {
        return gram_matrix_backward(dy, x);
    };
    for (const Shape3& size : sizes) {
        const Tensor3 x = spread_tensor<Tensor3>(size);
        is_right(nst::check_backward(nst::gram_matrix, backward, x, within(smooth_error)),
                 x.size());
    }
}

TEST_CASE("gram_matrix_backward: is the gradient across several blocks of positions") {
    const auto backward = [](const Matrix& dy, const Tensor3& x) {
        return gram_matrix_backward(dy, x);
    };
    GradcheckOptions options = within(smooth_error);
    options.probes = nst::GradientProbes::random_sample;
    options.sample_size = 300;
    const Tensor3 x = spread_tensor<Tensor3>({71, 67, 3});  // 4757 positions, blocks of 2048
    is_right(nst::check_backward(nst::gram_matrix, backward, x, options), options.sample_size);
}

TEST_CASE("subtract_mean: its gradient is the upstream gradient") {
    const std::array<nst::Real, 3> mean = {123.68, 116.779, 103.939};
    const auto forward = [&](const nst::Image& image) { return subtract_mean(image, mean); };
    const auto backward = [](const Tensor3& dy, const nst::Image&) { return dy; };
    for (const Shape3& size : {Shape3{1, 1, 3}, Shape3{4, 5, 3}}) {
        const nst::Image image = 80 * spread_tensor<nst::Image>(size) + 128;
        is_right(nst::check_backward(forward, backward, image, within(linear_error)), image.size());
    }
}
