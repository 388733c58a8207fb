// Every operation on every layer shape of VGG-19 at 400x300: GFLOP/s, counted as direct
// convolution, and their ratio to the machine's own sgemm in the same run.
#include <benchmark/benchmark.h>
#include <cblas.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "benchmark/random_network.hpp"
#include "nst/nst.hpp"

using namespace nst_benchmark;

namespace {

// GFLOP/s of cblas_sgemm on one thread, times the library's threads: the ideal rate of all of them.
double sgemm_rate() {
    static const double rate = [] {
        constexpr int n = 1024;
        const std::vector<float> a(n * n, 1.0F);
        const std::vector<float> b(n * n, 0.5F);
        std::vector<float> c(n * n);
        openblas_set_num_threads(1);
        double best = 0;
        for (int repetition = 0; repetition < 10; ++repetition) {
            const auto start = std::chrono::steady_clock::now();
            cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a.data(), n,
                        b.data(), n, 0, c.data(), n);
            const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
            best = std::max(best, 2e-9 * n * n * n / passed.count());
        }
        return best * nst::thread_count();
    }();
    return rate;
}

void report(benchmark::State& state, double operations) {
    const double gigaflops = 1e-9 * operations;
    state.counters["GFLOP/s"] =
        benchmark::Counter(gigaflops, benchmark::Counter::kIsIterationInvariantRate);
    state.counters["of sgemm"] =
        benchmark::Counter(gigaflops / sgemm_rate(), benchmark::Counter::kIsIterationInvariantRate);
}

double operations_of(const ConvShape& s) {
    return 18.0 * static_cast<double>(s.height * s.width * s.inputs * s.outputs);
}

nst::Tensor3 random_features(std::size_t height, std::size_t width, std::size_t channels) {
    std::mt19937 bits(3);
    nst::Tensor3 x = nst::Tensor3::from_shape({height, width, channels});
    fill_normal(x, 1, bits);
    return x;
}

template <class Operation>
void forward(benchmark::State& state, const ConvShape& s, const Operation& conv2d) {
    std::mt19937 bits(4);
    const nst::Filters w = random_filters(s.inputs, s.outputs, bits);
    nst::Vector b = nst::Vector::from_shape({s.outputs});
    b.fill(0);
    const nst::Tensor3 x = random_features(s.height, s.width, s.inputs);
    for (auto _ : state) benchmark::DoNotOptimize(conv2d(x, w, b));
    report(state, operations_of(s));
}

template <class Operation>
void backward(benchmark::State& state, const ConvShape& s, const Operation& conv2d_backward) {
    std::mt19937 bits(4);
    const nst::Filters w = random_filters(s.inputs, s.outputs, bits);
    const nst::Tensor3 dy = random_features(s.height, s.width, s.outputs);
    for (auto _ : state) benchmark::DoNotOptimize(conv2d_backward(dy, w));
    report(state, operations_of(s));
}

void gram_matrix(benchmark::State& state, const ConvShape& s) {
    const nst::Tensor3 x = random_features(s.height, s.width, s.outputs);
    for (auto _ : state) benchmark::DoNotOptimize(nst::gram_matrix(x));
    report(state, 2.0 * static_cast<double>(s.height * s.width * s.outputs * s.outputs));
}

void average_pool(benchmark::State& state, const ConvShape& s) {
    const nst::Tensor3 x = random_features(s.height, s.width, s.outputs);
    for (auto _ : state) benchmark::DoNotOptimize(nst::average_pool(x));
    report(state, static_cast<double>(x.size()));
}

void register_all() {
    for (const ConvShape& s : conv_shapes) {
        const std::string name = s.name;
        const auto add = [&](const std::string& operation, auto run) {
            benchmark::RegisterBenchmark((operation + "/" + name).c_str(), run)
                ->UseRealTime()
                ->Unit(benchmark::kMillisecond);
        };
        add("conv2d", [s](auto& state) {
            forward(state, s, [](const auto&... all) { return nst::conv2d(all...); });
        });
        add("conv2d_backward", [s](auto& state) {
            backward(state, s, [](const auto&... all) { return nst::conv2d_backward(all...); });
        });
        add("winograd_conv2d", [s](auto& state) {
            forward(state, s, [](const auto&... all) { return nst::winograd_conv2d(all...); });
        });
        add("winograd_conv2d_backward", [s](auto& state) {
            backward(state, s,
                     [](const auto&... all) { return nst::winograd_conv2d_backward(all...); });
        });
        add("gram_matrix", [s](auto& state) { gram_matrix(state, s); });
        add("average_pool", [s](auto& state) { average_pool(state, s); });
    }
}

}  // namespace

int main(int argc, char** argv) {
    register_all();
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
}
