// Objects that live longer than a call work, with the same results, after the number of threads has
// changed in either direction. ClassifierObjective has such a test in its room.
#include "support/thread_count.hpp"
#include "nst/nst.hpp"
#include "support/catch.hpp"
#include "support/random_tensor.hpp"
#include "support/small_vgg19.hpp"

using namespace nst_test;
using nst::Tensor3;

TEST_CASE("Objective: works after the number of threads grows or shrinks") {
    const nst::Network network = small_vgg19();
    const nst::Image content = random_image(40, 50, 1);
    const nst::Image style = random_image(44, 36, 2);
    const Tensor3 input = nst::subtract_mean(random_image(40, 50, 3), network.mean);
    nst::ObjectiveOptions options;
    options.tv_weight = 0.1;
    options.pooling = GENERATE(nst::Pooling::average, nst::Pooling::max);
    options.padding = GENERATE(nst::Padding::zero, nst::Padding::reflect);
    const int before = GENERATE(1, 4);
    const ThreadCount threads(before);
    nst::Objective objective(network, content, style, options);
    const nst::Evaluation expected = objective(input);
    for (const int after : {5 - before, before, 7}) {
        nst::set_thread_count(after);
        const nst::Evaluation& evaluation = objective(input);
        CHECK(evaluation.total == expected.total);
        CHECK((evaluation.gradient == expected.gradient));
        CHECK(objective.costs(input).total == expected.total);
    }
}

TEST_CASE("Adam and Lbfgs: work after the number of threads grows or shrinks") {
    const auto bowl = [](const Tensor3& x) {
        return nst::CostAndGradient{xt::sum(x * x)() / 2.0, x};
    };
    const Tensor3 start = random_tensor<Tensor3>({90, 70, 3}, 4);
    const int before = GENERATE(1, 4);
    const auto run = [&](int after) {
        const ThreadCount threads(before);
        Tensor3 x = start;
        nst::Adam adam;
        nst::Lbfgs lbfgs(bowl, start);
        for (int step = 0; step < 4; ++step) {
            if (step == 2) nst::set_thread_count(after);
            adam.step(x, start);
            lbfgs.step();
        }
        return std::make_pair(x, lbfgs.point());
    };
    CHECK((run(5 - before) == run(before)));
}
