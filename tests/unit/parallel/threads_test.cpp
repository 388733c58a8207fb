#include "nst/threads.hpp"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "nst/adam.hpp"
#include "nst/content_loss.hpp"
#include "nst/conv2d.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/noise_image.hpp"
#include "nst/objective.hpp"
#include "nst/pooling.hpp"
#include "nst/relu.hpp"
#include "nst/style_loss.hpp"
#include "nst/total_variation.hpp"
#include "nst/transfer.hpp"
#include "nst/winograd.hpp"
#include "parallel/parallel.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/padded_convolution.hpp"
#include "support/random_tensor.hpp"
#include "support/small_vgg19.hpp"
#include "support/thread_count.hpp"
#include "system/cgroup.hpp"

using namespace nst_test;
using nst::Matrix;
using nst::Shape3;
using nst::Tensor3;

namespace {

// Results by name, as raw numbers.
using Results = std::map<std::string, std::vector<double>>;

template <class Tensor>
std::vector<double> numbers(const Tensor& tensor) {
    return {tensor.begin(), tensor.end()};
}

// Every operation, on sizes with many blocks: strips of conv2d, ranges of 16384 values, more than
// 16 blocks of 2048 positions.
Results all_operations() {
    const Shape3 shape = {181, 223, 5};
    const auto x = random_tensor<Tensor3>(shape, 1);
    const auto other = random_tensor<Tensor3>(shape, 2);
    const auto wide = random_tensor<Tensor3>({23, 100, 64}, 3);
    const auto w = random_tensor<nst::Filters>({3, 3, 64, 6}, 4);
    const auto w_back = random_tensor<nst::Filters>({3, 3, 6, 64}, 5);
    const auto pooled = random_tensor<Tensor3>({91, 112, 5}, 6);
    const auto gram = random_tensor<Matrix>({5, 5}, 7);
    Results results;
    results["conv2d"] = numbers(nst::conv2d(wide, w, random_tensor<nst::Vector>({6}, 8)));
    results["conv2d_backward"] = numbers(nst::conv2d_backward(wide, w_back));
    for (const nst::Padding padding : flat_paddings) {
        const std::string name = padding == nst::Padding::reflect ? " reflect" : " replicate";
        const auto b = random_tensor<nst::Vector>({6}, 8);
        results["conv2d" + name] = numbers(nst::conv2d(wide, w, b, padding));
        results["conv2d_backward" + name] = numbers(nst::conv2d_backward(wide, w_back, padding));
        // The ring's 70 channels are added in three blocks.
        const auto w_wide = random_tensor<nst::Filters>({3, 3, 70, 64}, 9);
        results["winograd_conv2d" + name] = numbers(nst::winograd_conv2d(wide, w, b, padding));
        results["winograd_conv2d_backward" + name] =
            numbers(nst::winograd_conv2d_backward(wide, w_wide, padding));
    }
    results["relu"] = numbers(nst::relu(x));
    results["relu_backward"] = numbers(nst::relu_backward(other, x));
    results["average_pool"] = numbers(nst::average_pool(x));
    results["average_pool_backward"] = numbers(nst::average_pool_backward(pooled, shape));
    results["max_pool"] = numbers(nst::max_pool(x).y);
    results["max_pool argmax"] = numbers(nst::max_pool(x).argmax);
    results["max_pool_backward"] = numbers(nst::max_pool_backward(pooled, nst::max_pool(x)));
    results["content_loss"] = {nst::content_loss(x, other)};
    results["content_loss_backward"] = numbers(nst::content_loss_backward(x, other));
    results["gram_matrix"] = numbers(nst::gram_matrix(x));
    results["gram_matrix_backward"] = numbers(nst::gram_matrix_backward(gram, x));
    results["style_loss"] = {nst::style_loss(x, gram)};
    results["style_loss_backward"] = numbers(nst::style_loss_backward(x, gram));
    results["total_variation"] = {nst::total_variation(x)};
    results["total_variation_backward"] = numbers(nst::total_variation_backward(x));
    Tensor3 moved = x;
    nst::Adam adam;
    for (int t = 0; t < 3; ++t) adam.step(moved, other);
    results["Adam"] = numbers(moved);
    return results;
}

Results five_iterations(nst::Pooling pooling, nst::Padding padding) {
    const nst::Network network = small_vgg19({16, 24, 16, 16, 16});
    nst::TransferOptions options;
    options.iterations = 5;
    options.objective.pooling = pooling;
    options.objective.padding = padding;
    Results results;
    const auto keep = [&](const nst::Progress& progress) {
        const nst::Evaluation& costs = progress.costs;
        results["costs of " + std::to_string(progress.iteration)] = {costs.total, costs.content,
                                                                     costs.style};
        results["gradient of " + std::to_string(progress.iteration)] = numbers(costs.gradient);
        return true;
    };
    results["generated"] = numbers(
        nst::transfer(network, random_image(97, 131, 1), random_image(60, 75, 2), options, keep));
    return results;
}

template <class Run>
void check_same_for_any_thread_count(const Run& run) {
    Results expected;
    {
        const ThreadCount one(1);
        expected = run();
    }
    for (const int threads : {2, 5}) {
        const ThreadCount guard(threads);
        const Results found = run();
        REQUIRE(found.size() == expected.size());
        for (const auto& [name, values] : expected) {
            CAPTURE(threads, name);
            CHECK((found.at(name) == values));  // too many to print
        }
    }
}

}  // namespace

TEST_CASE("threads: every operation gives the same bits with 1, 2 and 5 threads") {
    check_same_for_any_thread_count(all_operations);
}

TEST_CASE("threads: five iterations give the same bits with 1, 2 and 5 threads") {
    for (const nst::Pooling pooling : {nst::Pooling::average, nst::Pooling::max}) {
        for (const nst::Padding padding : paddings) {
            check_same_for_any_thread_count([&] { return five_iterations(pooling, padding); });
        }
    }
}

TEST_CASE("threads: an objective may run with more threads than it was built with") {
    const nst::Network network = small_vgg19();
    const nst::Image image = random_image(181, 223, 1);
    nst::set_thread_count(1);
    nst::Objective objective(network, image, random_image(20, 30, 2));
    const nst::Evaluation alone = objective(image);
    const ThreadCount guard(5);
    const nst::Evaluation& together = objective(image);
    CHECK(together.total == alone.total);
    CHECK(same_bits(together.gradient, alone.gradient));
}

TEST_CASE("parallel_blocks: runs every block once, on worker indices below the thread count") {
    for (const int threads : {1, 2, 5}) {
        const ThreadCount guard(threads);
        for (const std::size_t blocks : std::vector<std::size_t>{0, 1, 2, 5, 1000}) {
            CAPTURE(threads, blocks);
            std::vector<int> runs(blocks);
            std::atomic<std::size_t> highest{0};
            nst::parallel_blocks(blocks, [&](std::size_t block, std::size_t worker) {
                ++runs[block];
                std::size_t known = highest;
                while (worker > known && !highest.compare_exchange_weak(known, worker)) {
                }
            });
            CHECK(std::count(runs.begin(), runs.end(), 1) == static_cast<std::ptrdiff_t>(blocks));
            CHECK(highest < static_cast<std::size_t>(threads));
        }
    }
}

TEST_CASE("parallel_blocks: an exception of a block reaches the caller, and the next loop works") {
    for (const int threads : {1, 2, 5}) {
        const ThreadCount guard(threads);
        for (const std::size_t blocks : std::vector<std::size_t>{1, 100}) {
            CAPTURE(threads, blocks);
            CHECK(error_of([&] {
                      nst::parallel_blocks(blocks, [&](std::size_t block, std::size_t) {
                          if (block == blocks / 2) throw nst::Error("block in the middle");
                      });
                  }) == "block in the middle");
            std::atomic<std::size_t> runs{0};
            nst::parallel_blocks(blocks, [&](std::size_t, std::size_t) { ++runs; });
            CHECK(runs == blocks);
        }
    }
}

TEST_CASE("parallel_blocks: one of several exceptions reaches the caller") {
    const ThreadCount guard(5);
    CHECK(error_of([] {
              nst::parallel_blocks(
                  1000, [](std::size_t, std::size_t) { throw nst::Error("every block fails"); });
          }) == "every block fails");
}

TEST_CASE("parallel_ranges: cover every item once for any number of items") {
    for (const std::size_t items : std::vector<std::size_t>{
             0, 1, 16383, 16384, 16385, 32768, 256 * 16384, 256 * 16384 + 1, 5000000}) {
        CAPTURE(items);
        std::vector<std::uint8_t> runs(items);
        nst::parallel_ranges(items, [&](std::size_t first, std::size_t last) {
            for (std::size_t k = first; k < last; ++k) ++runs[k];
        });
        CHECK(static_cast<std::size_t>(std::count(runs.begin(), runs.end(), 1)) == items);
        const auto length = [](std::size_t first, std::size_t last) {
            return static_cast<double>(last - first);
        };
        CHECK(nst::parallel_sum(items, length) == static_cast<double>(items));
    }
}

TEST_CASE("set_thread_count: sets thread_count, and 0 means as many as the machine allows") {
    nst::set_thread_count(7);
    CHECK(nst::thread_count() == 7);
    nst::set_thread_count(1024);
    CHECK(nst::thread_count() == 1024);
    nst::set_thread_count(0);
    if (std::getenv("OMP_NUM_THREADS") != nullptr) return;  // environment_test.cpp tests that case
    cpu_set_t set;
    REQUIRE(sched_getaffinity(0, sizeof set, &set) == 0);
    const int processors = CPU_COUNT(&set);
    CHECK(nst::thread_count() ==
          std::min(processors, nst::cgroup_processors().value_or(processors)));
}

TEST_CASE("set_thread_count: rejects negative and absurd numbers and keeps the previous value") {
    const ThreadCount guard(3);
    CHECK(error_of([] { nst::set_thread_count(-1); }) ==
          "set_thread_count: count must be 0 to 1024, got -1");
    CHECK(error_of([] { nst::set_thread_count(1025); }) ==
          "set_thread_count: count must be 0 to 1024, got 1025");
    CHECK(nst::thread_count() == 3);
}
