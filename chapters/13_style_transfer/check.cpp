#include "13_style_transfer/check.hpp"

#include <vector>

#include "by_hand.hpp"
#include "nst/random_vgg19.hpp"

namespace check_13 {

namespace {

using course::Result;
using course::Value;
using nst::Image;
using nst::Network;
using nst::Tensor3;

using Paint = Image (*)(const Network&, const Image&, const Image&, int, double,
                        const nst::Observer&);
using Trial = course::Trial<Image, Image, double, double>;

// Grey levels 20 to 235 in any order.
Image picture(std::size_t height, std::size_t width, unsigned seed) {
    Image image = course::numbers<Image>({height, width, 3}, seed);
    image = 127.5 + 53 * image;
    return image;
}

const Network& small_network() {
    static const Network network = [] {
        nst::RandomVgg19Options options;
        options.channels = {4, 4, 4, 4, 4};
        return nst::random_vgg19({picture(20, 24, 1), picture(18, 20, 2)}, options);
    }();
    return network;
}

// The painting, and what was reported on the way.
Result painted(const std::function<Image(const nst::Observer&)>& paint) {
    std::vector<double> iterations;
    std::vector<double> totals;
    const Image painting = paint([&](const nst::Progress& progress) {
        iterations.push_back(progress.iteration);
        totals.push_back(progress.costs.total);
        return true;
    });
    return {Value::of("reported iterations", iterations), Value::of("reported totals", totals),
            Value::of("painting", painting)};
}

// A transfer in which one thing is different.
struct Variant {
    bool subtract_mean = true;
    bool add_mean = true;
    double noise = 0.6;
    bool fresh_gradient = true;
    bool fresh_adam = false;
    double default_rate = 0;
    bool report_before = false;
    bool report_all = false;
    bool style_is_content = false;
};

Image varied(const Variant& variant, const Image& content, const Image& style, int iterations,
             double rate, const nst::Observer& report) {
    const Network& network = small_network();
    nst::Objective objective(network, content, variant.style_is_content ? content : style);
    nst::AdamOptions options;
    options.learning_rate = variant.default_rate > 0 ? variant.default_rate : rate;
    nst::Adam adam(options);
    const Tensor3 photo =
        variant.subtract_mean ? nst::subtract_mean(content, network.mean) : content;
    Tensor3 x = nst::noise_image(photo, variant.noise);
    const Tensor3 first = objective(x).gradient;
    for (int i = 0; i < iterations; ++i) {
        const nst::Evaluation before = objective(x);
        if (variant.fresh_adam) adam = nst::Adam(options);
        adam.step(x, variant.fresh_gradient ? before.gradient : first);
        if (!variant.report_all && i % 20 != 0) continue;
        report({i, iterations, variant.report_before ? before : objective.costs(x), x});
    }
    return variant.add_mean ? nst::add_mean(x, network.mean) : x;
}

template <class Change>
void add(Trial& trial, const std::string& words, const Change& change) {
    trial.suspect(
        words, [change](const Image& content, const Image& style, double iterations, double rate) {
            Variant variant;
            change(variant);
            return painted([&](const nst::Observer& report) {
                return varied(variant, content, style, static_cast<int>(iterations), rate, report);
            });
        });
}

void add_suspects(Trial& trial) {
    add(trial, "the costs are those before the step: the tutorial prints them after it",
        [](Variant& v) { v.report_before = true; });
    add(trial, "every iteration is reported: only 0, 20, 40 ... are wanted",
        [](Variant& v) { v.report_all = true; });
    add(trial, "the gradient stays that of the start: it is a new one in every iteration",
        [](Variant& v) { v.fresh_gradient = false; });
    add(trial, "Adam begins anew in every iteration: is it made before the loop?",
        [](Variant& v) { v.fresh_adam = true; });
    add(trial, "the mean is not subtracted from the photo before the noise is mixed in",
        [](Variant& v) { v.subtract_mean = false; });
    add(trial, "the mean is not added to the result: see nst::add_mean",
        [](Variant& v) { v.add_mean = false; });
    add(trial, "the start is the photo: 60 % of it are noise", [](Variant& v) { v.noise = 0; });
    add(trial, "the start is noise alone: 40 % of it are the photo",
        [](Variant& v) { v.noise = 1; });
    add(trial, "the start is 40 % noise and 60 % photo: it is the other way round",
        [](Variant& v) { v.noise = 0.4; });
    add(trial, "the rate is always 2: is learning_rate used?",
        [](Variant& v) { v.default_rate = 2; });
    add(trial, "style is not used: is the second picture of the objective the painting?",
        [](Variant& v) { v.style_is_content = true; });
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    const auto call = [](Paint paint) {
        return [paint](const Image& content, const Image& style, double iterations, double rate) {
            return painted([&](const nst::Observer& report) {
                return paint(small_network(), content, style, static_cast<int>(iterations), rate,
                             report);
            });
        };
    };
    Trial trial("model_nn", call(yours.model_nn), call(by_hand::model_nn),
                {"content", "style", "iterations", "learning_rate"});
    add_suspects(trial);
    trial.trait(
        {"one iteration", "is there a new gradient in every iteration, and one Adam?", ""},
        [](const Image&, const Image&, double iterations, double) { return iterations == 1; });
    const Image content = picture(9, 11, 3);
    const Image style = picture(8, 12, 4);
    trial.on("one iteration on 9x11 pixels", content, style, 1, 2);
    trial.on("five iterations at a rate of 0.5", content, style, 5, 0.5);
    trial.on("21 iterations: two reports", content, style, 21, 2);
    return {trial.function};
}

}  // namespace check_13
