// The memory that the objective allocates, against its estimate.
#include "nst/objective.hpp"
#include "nst/transfer.hpp"
#include "support/allocations.hpp"
#include "support/catch.hpp"
#include "support/random_tensor.hpp"
#include "support/small_vgg19.hpp"
#include "support/thread_count.hpp"

using namespace nst_test;
using nst::Image;
using nst::Network;
using nst::Objective;
using nst::ObjectiveOptions;
using nst::Pooling;
using nst::Tensor3;

namespace {

// Names, shapes, plans and the lists of buffers: never part of the estimate.
constexpr double small_things = 16e3;
// The estimate is an upper bound; it may exceed the measured peak by this fraction or, for images
// of a few pixels, by the scratch space of a step that uses less than its limit.
constexpr double max_excess = 0.03;
constexpr double scratch_excess = 5e4;

// With several threads, chance decides which of them get work and allocate memory: then the
// estimate is only an upper bound.
void check_estimate(const Allocations& found, std::uint64_t estimate) {
    CAPTURE(found.peak_bytes, estimate, nst::thread_count());
    const auto peak = static_cast<double>(found.peak_bytes);
    CHECK(peak <= static_cast<double>(estimate) + small_things);
    if (nst::thread_count() == 1) {
        CHECK(peak >= static_cast<double>(estimate) * (1 - max_excess) - scratch_excess);
    }
}

}  // namespace

TEST_CASE("allocations: the counter counts vectors, tensors and their peak") {
    start_counting_allocations();
    const Allocations nothing = counted_allocations();
    {
        const std::vector<double> one(1000);
        [[maybe_unused]] const double* volatile seen = one.data();  // or the compiler removes it
    }
    { const Tensor3 two = Tensor3::from_shape({10, 10, 10}); }
    const Allocations two = counted_allocations();
    CHECK(nothing.count == 0);
    CHECK(nothing.peak_bytes == 0);
    CHECK(two.count == 2);
    CHECK(two.peak_bytes >= 8000);
    CHECK(two.peak_bytes < 9000);  // one at a time, not both at once
}

TEST_CASE("Objective: allocates nothing after the first call, with any number of threads") {
    const Network network = small_vgg19();
    const Image content = random_image(61, 47, 1);
    const Image style = random_image(40, 90, 2);
    const Tensor3 input = random_tensor<Tensor3>({61, 47, 3}, 3, 100);
    const nst::Padding padding = GENERATE(nst::Padding::zero, nst::Padding::reflect);
    for (const int threads : {1, 2, 5}) {
        const ThreadCount guard(threads);
        for (const Pooling pooling : {Pooling::average, Pooling::max}) {
            ObjectiveOptions options;
            options.pooling = pooling;
            options.padding = padding;
            options.tv_weight = 1;
            Objective objective(network, content, style, options);
            objective(input);
            start_counting_allocations();
            for (int call = 0; call < 10; ++call) {
                objective(input);
                objective.costs(input);
            }
            const Allocations found = counted_allocations();
            CAPTURE(threads, pooling == Pooling::max);
            CHECK(found.count == 0);
        }
    }
}

TEST_CASE("objective_memory: matches the peak of building and running an objective") {
    const Network network = small_vgg19({16, 24, 32, 40, 80});
    struct Case {
        std::size_t height, width, style_height, style_width;
    };
    for (const Case& c : {Case{96, 128, 96, 128}, Case{75, 101, 200, 160}, Case{128, 96, 20, 30},
                          Case{64, 1, 1, 64}}) {
        for (const Pooling pooling : {Pooling::average, Pooling::max}) {
            for (const int threads : {1, 2}) {
                const ThreadCount guard(threads);
                CAPTURE(c.height, c.width, c.style_height, c.style_width, pooling == Pooling::max);
                ObjectiveOptions options;
                options.pooling = pooling;
                options.tv_weight = 1;
                const Image content = random_image(c.height, c.width, 1);
                const Image style = random_image(c.style_height, c.style_width, 2);
                start_counting_allocations();
                Objective(network, content, style, options)(content);
                check_estimate(
                    counted_allocations(),
                    nst::objective_memory(network, content.shape(), style.shape(), options));
            }
        }
    }
}

TEST_CASE("objective_memory: matches the peak with reflect padding, also of a long narrow image") {
    const Network network = small_vgg19({16, 24, 32, 40, 80});
    struct Size {
        std::size_t height, width;
    };
    for (const Size& size : {Size{96, 128}, Size{75, 101}, Size{2000, 1}, Size{3, 900}}) {
        for (const int threads : {1, 2}) {
            const ThreadCount guard(threads);
            CAPTURE(size.height, size.width);
            ObjectiveOptions options;
            options.padding = nst::Padding::reflect;
            const Image content = random_image(size.height, size.width, 1);
            const Image style = random_image(40, 30, 2);
            start_counting_allocations();
            Objective(network, content, style, options)(content);
            check_estimate(counted_allocations(),
                           nst::objective_memory(network, content.shape(), style.shape(), options));
        }
    }
}

TEST_CASE("objective_memory: matches the peak of an objective with only content or only style") {
    const Network network = small_vgg19({16, 24, 32, 40, 80});
    const ThreadCount guard(1);
    for (const char* layer : {"conv1_1", "relu3_2", "relu5_1"}) {
        for (const bool with_content : {true, false}) {
            CAPTURE(layer, with_content);
            ObjectiveOptions options;
            options.content_layer = with_content ? layer : "";
            options.style_layers.clear();
            if (!with_content) options.style_layers = {{layer, 1}};
            const Image content = random_image(75, 101, 1);
            const Image style = random_image(100, 80, 2);
            start_counting_allocations();
            Objective(network, content, style, options)(content);
            check_estimate(counted_allocations(),
                           nst::objective_memory(network, content.shape(), style.shape(), options));
        }
    }
}

TEST_CASE("transfer_memory: matches the peak of a transfer, at one scale and at three") {
    const Network network = small_vgg19({16, 24, 32, 40, 48});
    struct Case {
        nst::Optimizer optimizer;
        int history, iterations, scales;
    };
    for (const Case& c :
         {Case{nst::Optimizer::adam, 10, 2, 1}, Case{nst::Optimizer::adam, 10, 2, 3},
          Case{nst::Optimizer::lbfgs, 10, 2, 1}, Case{nst::Optimizer::lbfgs, 5, 12, 1},
          Case{nst::Optimizer::lbfgs, 5, 12, 3}}) {
        CAPTURE(c.history, c.iterations, c.scales);
        nst::TransferOptions options;
        options.optimizer = c.optimizer;
        options.lbfgs.history = c.history;
        options.iterations = c.iterations;
        options.scales = c.scales;
        const ThreadCount guard(1);
        start_counting_allocations();
        {
            const Image content = random_image(96, 128, 1);
            const Image style = random_image(75, 101, 2);
            nst::transfer(network, content, style, options);
        }
        check_estimate(counted_allocations(),
                       nst::transfer_memory(network, {96, 128, 3}, {75, 101, 3}, options));
    }
}
