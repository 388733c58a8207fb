// small_operations: the time of each operation on images as small as those of a gradient check: the
// median of many batches of calls, in microseconds. Prints "operation shape microseconds".
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <vector>

#include "nst/nst.hpp"

namespace {

using nst::Filters;
using nst::Matrix;
using nst::Real;
using nst::Shape3;
using nst::Tensor3;
using nst::Vector;

constexpr int batches = 101;
constexpr int calls = 50;

// Values that differ from each other and stay away from kinks.
template <class Tensor, class Shape>
Tensor filled(const Shape& shape) {
    Tensor x = Tensor::from_shape(shape);
    for (std::size_t k = 0; k < x.size(); ++k) {
        x.data()[k] = static_cast<Real>(k * 7 % 11) - Real(4.5);
    }
    return x;
}

template <class Call>
void measure(const char* name, const Shape3& shape, const Call& call) {
    using Clock = std::chrono::steady_clock;
    std::vector<double> times;
    for (int batch = 0; batch < batches; ++batch) {
        const auto start = Clock::now();
        for (int k = 0; k < calls; ++k) call();
        times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
    }
    std::nth_element(times.begin(), times.begin() + batches / 2, times.end());
    std::printf("%-28s %zux%zux%zu %10.3f\n", name, shape[0], shape[1], shape[2],
                times[batches / 2] / calls);
}

void measure_all(const Shape3& shape) {
    const auto x = filled<Tensor3>(shape);
    const auto other = Tensor3(x + Real(1));
    const auto w = filled<Filters>(std::array<std::size_t, 4>{3, 3, shape[2], shape[2]});
    const auto b = filled<Vector>(std::array<std::size_t, 1>{shape[2]});
    const Matrix gram = nst::gram_matrix(other);
    const Tensor3 y = nst::relu(x);
    const Tensor3 pooled = nst::average_pool(x);
    const nst::MaxPooled max_pooled = nst::max_pool(x);
    const nst::BatchNormed normed = nst::batch_norm(x);
    measure("conv2d", shape, [&] { nst::conv2d(x, w, b); });
    measure("conv2d_backward", shape, [&] { nst::conv2d_backward(x, w); });
    measure("conv2d_backward_filters", shape, [&] { nst::conv2d_backward_filters(x, other); });
    measure("conv2d_backward_bias", shape, [&] { nst::conv2d_backward_bias(x); });
    measure("winograd_conv2d", shape, [&] { nst::winograd_conv2d(x, w, b); });
    measure("relu", shape, [&] { nst::relu(x); });
    measure("relu_backward", shape, [&] { nst::relu_backward(x, y); });
    measure("average_pool", shape, [&] { nst::average_pool(x); });
    measure("average_pool_backward", shape, [&] { nst::average_pool_backward(pooled, shape); });
    measure("max_pool", shape, [&] { nst::max_pool(x); });
    measure("max_pool_backward", shape, [&] { nst::max_pool_backward(pooled, max_pooled); });
    measure("batch_norm", shape, [&] { nst::batch_norm(x); });
    measure("batch_norm_backward", shape, [&] { nst::batch_norm_backward(x, normed); });
    measure("content_loss", shape, [&] { nst::content_loss(x, other); });
    measure("content_loss_backward", shape, [&] { nst::content_loss_backward(x, other); });
    measure("gram_matrix", shape, [&] { nst::gram_matrix(x); });
    measure("gram_matrix_backward", shape, [&] { nst::gram_matrix_backward(gram, x); });
    measure("style_loss", shape, [&] { nst::style_loss(x, gram); });
    measure("style_loss_backward", shape, [&] { nst::style_loss_backward(x, gram); });
    measure("total_variation", shape, [&] { nst::total_variation(x); });
    measure("total_variation_backward", shape, [&] { nst::total_variation_backward(x); });
}

}  // namespace

int main() {
    for (const Shape3& shape : {Shape3{1, 1, 3}, Shape3{4, 4, 3}, Shape3{8, 8, 8}}) {
        measure_all(shape);
    }
    return 0;
}
