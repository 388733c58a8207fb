#include "13_style_transfer/by_hand.hpp"
#include "13_style_transfer/check.hpp"
#include "13_style_transfer/exercise.hpp"
#include "course/checking.hpp"

using checking::is_named;
using nst::Image;
using nst::Network;
using nst::Observer;
using nst::Tensor3;

namespace {

namespace reports_before {
Image model_nn(const Network& network, const Image& content, const Image& style, int iterations,
               double rate, const Observer& report) {
    nst::Objective objective(network, content, style);
    nst::Adam adam({rate});
    Tensor3 x = nst::noise_image(nst::subtract_mean(content, network.mean), 0.6);
    for (int i = 0; i < iterations; ++i) {
        if (i % 20 == 0) report({i, iterations, objective.costs(x), x});
        adam.step(x, objective(x).gradient);
    }
    return nst::add_mean(x, network.mean);
}
}  // namespace reports_before

namespace one_gradient {
Image model_nn(const Network& network, const Image& content, const Image& style, int iterations,
               double rate, const Observer& report) {
    nst::Objective objective(network, content, style);
    nst::Adam adam({rate});
    Tensor3 x = nst::noise_image(nst::subtract_mean(content, network.mean), 0.6);
    const Tensor3 gradient = objective(x).gradient;
    for (int i = 0; i < iterations; ++i) {
        adam.step(x, gradient);
        if (i % 20 == 0) report({i, iterations, objective.costs(x), x});
    }
    return nst::add_mean(x, network.mean);
}
}  // namespace one_gradient

namespace new_adam {
Image model_nn(const Network& network, const Image& content, const Image& style, int iterations,
               double rate, const Observer& report) {
    nst::Objective objective(network, content, style);
    Tensor3 x = nst::noise_image(nst::subtract_mean(content, network.mean), 0.6);
    for (int i = 0; i < iterations; ++i) {
        nst::Adam({rate}).step(x, objective(x).gradient);
        if (i % 20 == 0) report({i, iterations, objective.costs(x), x});
    }
    return nst::add_mean(x, network.mean);
}
}  // namespace new_adam

namespace with_mean {
Image model_nn(const Network& network, const Image& content, const Image& style, int iterations,
               double rate, const Observer& report) {
    nst::Objective objective(network, content, style);
    nst::Adam adam({rate});
    Tensor3 x = nst::noise_image(content, 0.6);
    for (int i = 0; i < iterations; ++i) {
        adam.step(x, objective(x).gradient);
        if (i % 20 == 0) report({i, iterations, objective.costs(x), x});
    }
    return nst::add_mean(x, network.mean);
}
}  // namespace with_mean

namespace default_rate {
Image model_nn(const Network& network, const Image& content, const Image& style, int iterations,
               double, const Observer& report) {
    return by_hand::model_nn(network, content, style, iterations, 2, report);
}
}  // namespace default_rate

namespace no_style {
Image model_nn(const Network& network, const Image& content, const Image&, int iterations,
               double rate, const Observer& report) {
    return by_hand::model_nn(network, content, content, iterations, rate, report);
}
}  // namespace no_style

}  // namespace

TEST_CASE("exercise 13: the stub counts as not written, the solution passes") {
    checking::passes(NST_EXERCISE(by_hand));
    checking::is_not_written(NST_EXERCISE(exercise));
}

TEST_CASE("exercise 13: mistakes are named") {
    is_named(NST_EXERCISE(reports_before), 0, "the costs are those before the step");
    is_named(NST_EXERCISE(one_gradient), 0, "the gradient stays that of the start");
    is_named(NST_EXERCISE(new_adam), 0, "Adam begins anew in every iteration");
    is_named(NST_EXERCISE(with_mean), 0, "the mean is not subtracted");
    is_named(NST_EXERCISE(default_rate), 0, "the rate is always 2");
    is_named(NST_EXERCISE(no_style), 0, "style is not used");
}
