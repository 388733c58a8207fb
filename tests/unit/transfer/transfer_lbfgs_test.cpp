// transfer with L-BFGS instead of Adam.
#include <limits>
#include <vector>

#include "nst/noise_image.hpp"
#include "nst/transfer.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/studio.hpp"
#include "support/thread_count.hpp"

using namespace nst_test;
using nst::Evaluation;
using nst::Image;
using nst::Lbfgs;
using nst::LbfgsOutcome;
using nst::Objective;
using nst::Optimizer;
using nst::Progress;
using nst::Tensor3;

namespace {

Tensor3 start_of(const Studio& s) {
    return nst::noise_image(nst::subtract_mean(s.content, s.network.mean));
}

nst::CostFunction cost_of(Objective& objective) {
    return [&objective](const Tensor3& x) -> nst::CostAndGradient {
        const Evaluation& found = objective(x);
        return {found.total, found.gradient};
    };
}

Studio studio(int iterations) {
    Studio made;
    made.options.optimizer = Optimizer::lbfgs;
    made.options.iterations = iterations;
    return made;
}

}  // namespace

TEST_CASE("transfer: with lbfgs, equals Lbfgs on the objective, reported after each step") {
    Studio s = studio(6);
    s.options.lbfgs.history = 3;
    Objective objective(s.network, s.content, s.style);
    Lbfgs lbfgs(cost_of(objective), start_of(s), s.options.lbfgs);
    Objective again(s.network, s.content, s.style);
    int calls = 0;
    const Image generated = s.paint([&](const Progress& progress) {
        CHECK(lbfgs.step() == LbfgsOutcome::moved);
        const Evaluation& expected = again(lbfgs.point());
        CHECK(progress.iteration == calls);
        CHECK(progress.iterations == 6);
        CHECK(same_bits(progress.input, lbfgs.point()));
        CHECK(progress.costs.total == expected.total);
        CHECK(progress.costs.content == expected.content);
        CHECK(progress.costs.style == expected.style);
        CHECK(progress.costs.style_losses == expected.style_losses);
        CHECK(same_bits(progress.costs.gradient, expected.gradient));
        ++calls;
        return true;
    });
    CHECK(calls == 6);
    CHECK(same_bits(generated, nst::add_mean(lbfgs.point(), s.network.mean)));
}

TEST_CASE("transfer: lbfgs lowers the cost in every iteration, and more than Adam per evaluation") {
    const Studio s = studio(0);
    Objective objective(s.network, s.content, s.style);
    Lbfgs lbfgs(cost_of(objective), start_of(s));
    double cost = lbfgs.cost();
    for (int iteration = 0; iteration < 40; ++iteration) {
        REQUIRE(lbfgs.step() == LbfgsOutcome::moved);
        CHECK(lbfgs.cost() < cost);
        cost = lbfgs.cost();
    }
    Tensor3 x = start_of(s);
    nst::Adam adam;
    for (int k = 0; k < lbfgs.evaluations(); ++k) adam.step(x, objective(x).gradient);
    constexpr double clearly_lower = 0.5;
    CAPTURE(lbfgs.evaluations(), objective.costs(x).total);
    CHECK(cost < clearly_lower * objective.costs(x).total);
}

TEST_CASE("transfer: with lbfgs, stops when the observer says so") {
    Studio s = studio(10);
    int calls = 0;
    const Image stopped = s.paint([&](const Progress&) { return ++calls < 3; });
    CHECK(calls == 3);
    s.options.iterations = 3;
    CHECK(same_bits(stopped, s.paint()));
}

TEST_CASE("transfer: with lbfgs, stops at the best image when no lower cost is found") {
    Studio s = studio(10);
    s.options.objective.style_weight = 0;
    s.options.noise_ratio = 0;  // starts at the content image, whose content cost is 0
    int calls = 0;
    const auto count = [&](const Progress&) { return ++calls > 0; };
    const Image generated = s.paint(count);
    CHECK(calls == 0);
    const Tensor3 input = nst::subtract_mean(s.content, s.network.mean);
    CHECK(same_bits(generated, nst::add_mean(input, s.network.mean)));
}

TEST_CASE("transfer: with lbfgs, zero iterations return the start image") {
    const Studio s = studio(0);
    CHECK(same_bits(s.paint(), nst::add_mean(start_of(s), s.network.mean)));
}

TEST_CASE("transfer: lbfgs gives the same bits with 1, 2 and 5 threads") {
    Studio s = studio(4);
    s.content = random_image(97, 131, 1);
    const auto painted = [&](int threads) {
        const ThreadCount guard(threads);
        return s.paint();
    };
    const Image alone = painted(1);
    CHECK(same_bits(painted(2), alone));
    CHECK(same_bits(painted(5), alone));
}

TEST_CASE("transfer: with lbfgs, rejects a start image without a finite cost") {
    Studio s = studio(10);
    s.options.start = s.content;
    (*s.options.start)(3, 4, 1) = std::numeric_limits<nst::Real>::quiet_NaN();
    CHECK(error_of([&] { s.paint(); }) ==
          "transfer: the total cost of the initial image must be finite, got nan. Is a pixel or a "
          "weight not a number?");
}

TEST_CASE("transfer: rejects invalid options of both optimizers, whichever is in use") {
    Studio other = studio(0);  // even when there is nothing to do
    other.options.lbfgs.history = 0;
    CHECK(error_of([&] { other.paint(); }) == "Lbfgs: history must be positive, got 0");
    other.options.lbfgs.history = 5;
    other.options.adam.learning_rate = -1;
    CHECK_THAT(error_of([&] { other.paint(); }), Contains("Adam: learning_rate must be"));
}
