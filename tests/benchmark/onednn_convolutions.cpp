// onednn_convolutions WIDTH HEIGHT ITERATIONS THREADS: the convolutions of VGG-19 at its real
// widths up to conv5_1, forward with a fused ReLU and backward to the input, by oneDNN's
// primitives; no pooling, no losses. oneDNN chooses the algorithm and the memory layout of every
// layer, and converting the data to that layout is not timed. Prints the seconds of each forward
// and backward pass, then the peak memory. compare_peers.py runs it.
#include <omp.h>

#include <algorithm>
#include <dnnl.hpp>
#include <vector>

#include "benchmark/peer.hpp"
#include "benchmark/random_network.hpp"

namespace {

using Arguments = std::unordered_map<int, dnnl::memory>;

/// The convolution of one layer in one direction, and its memory.
struct Step {
    dnnl::primitive primitive;
    Arguments arguments;
};

dnnl::memory filled(const dnnl::memory::desc& layout, const dnnl::engine& engine) {
    dnnl::memory memory(layout, engine);
    std::fill_n(static_cast<float*>(memory.get_data_handle()), layout.get_size() / sizeof(float),
                0.01F);
    return memory;
}

dnnl::memory::desc any(const dnnl::memory::dims& sizes) {
    return {sizes, dnnl::memory::data_type::f32, dnnl::memory::format_tag::any};
}

void add_layer(std::vector<Step>& steps, const dnnl::engine& engine, const dnnl::memory::dims& x,
               const dnnl::memory::dims& y) {
    const dnnl::memory::dims w = {y[1], x[1], 3, 3};
    const dnnl::memory::dims one = {1, 1};
    dnnl::post_ops relu;
    relu.append_eltwise(1, dnnl::algorithm::eltwise_relu, 0, 0);
    dnnl::primitive_attr with_relu;
    with_relu.set_post_ops(relu);

    const dnnl::convolution_forward::primitive_desc forward(
        {dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_auto, any(x), any(w),
         any({y[1]}), any(y), one, one, one},
        with_relu, engine);
    steps.push_back({dnnl::convolution_forward(forward),
                     {{DNNL_ARG_SRC, filled(forward.src_desc(), engine)},
                      {DNNL_ARG_WEIGHTS, filled(forward.weights_desc(), engine)},
                      {DNNL_ARG_BIAS, filled(forward.bias_desc(), engine)},
                      {DNNL_ARG_DST, filled(forward.dst_desc(), engine)}}});

    const dnnl::convolution_forward::primitive_desc hint(
        {dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_auto, any(x), any(w),
         any({y[1]}), any(y), one, one, one},
        engine);
    const dnnl::convolution_backward_data::primitive_desc backward(
        {dnnl::algorithm::convolution_auto, any(x), any(w), any(y), one, one, one}, engine, hint);
    steps.push_back({dnnl::convolution_backward_data(backward),
                     {{DNNL_ARG_DIFF_DST, filled(backward.diff_dst_desc(), engine)},
                      {DNNL_ARG_WEIGHTS, filled(backward.weights_desc(), engine)},
                      {DNNL_ARG_DIFF_SRC, filled(backward.diff_src_desc(), engine)}}});
}

std::vector<Step> network(const dnnl::engine& engine, long height, long width) {
    constexpr std::array<long, 5> channels = {64, 128, 256, 512, 512};
    constexpr std::array<int, 5> convolutions = {2, 2, 4, 4, 1};
    std::vector<Step> steps;
    long inputs = 3;
    for (std::size_t block = 0; block < 5; ++block) {
        for (int c = 0; c < convolutions[block]; ++c) {
            add_layer(steps, engine, {1, inputs, height, width},
                      {1, channels[block], height, width});
            inputs = channels[block];
        }
        height = (height + 1) / 2;
        width = (width + 1) / 2;
    }
    return steps;
}

}  // namespace

int main(int argc, char** argv) {
    const auto work = nst_benchmark::read_work(argc, argv);
    if (!work) return 2;
    omp_set_num_threads(work->threads);
    const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    dnnl::stream stream(engine);
    const std::vector<Step> steps = network(engine, work->height, work->width);
    nst_benchmark::time_each(*work, [&] {
        for (const Step& step : steps) step.primitive.execute(stream, step.arguments);
        stream.wait();
    });
}
