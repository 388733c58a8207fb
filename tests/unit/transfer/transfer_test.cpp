#include "nst/transfer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "16_multiscale_and_colour/by_hand.hpp"
#include "nst/image.hpp"
#include "nst/noise_image.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/padded_convolution.hpp"
#include "support/random_tensor.hpp"
#include "support/studio.hpp"

using namespace nst_test;
using nst::Image;
using nst::Objective;
using nst::Progress;
using nst::Tensor3;
using nst::transfer;
using nst::TransferOptions;

namespace {

Studio studio(int iterations) {
    Studio made;
    made.options.iterations = iterations;
    return made;
}

Image flat_image(std::size_t height, std::size_t width) {
    Image image = Image::from_shape({height, width, 3});
    for (std::size_t k = 0; k < image.size(); ++k) image.data()[k] = nst::Real(90 + 30 * (k % 3));
    return image;
}

}  // namespace

TEST_CASE("transfer: equals Adam on the objective from the noise image, reported after each step") {
    const Studio s = studio(4);
    Tensor3 input = nst::noise_image(nst::subtract_mean(s.content, s.network.mean));
    Objective objective(s.network, s.content, s.style);
    nst::Adam adam;
    int calls = 0;
    const Image generated = s.paint([&](const Progress& progress) {
        adam.step(input, objective(input).gradient);
        const nst::Evaluation& expected = objective.costs(input);
        CHECK(progress.iteration == calls);
        CHECK(progress.iterations == 4);
        CHECK(same_bits(progress.input, input));
        CHECK(progress.costs.total == expected.total);
        CHECK(progress.costs.content == expected.content);
        CHECK(progress.costs.style == expected.style);
        CHECK(progress.costs.style_losses == expected.style_losses);
        ++calls;
        return true;
    });
    CHECK(calls == 4);
    CHECK(same_bits(generated, nst::add_mean(input, s.network.mean)));
}

TEST_CASE("transfer: the defaults are the tutorial's") {
    const TransferOptions options;
    CHECK(options.iterations == 200);
    CHECK(options.noise_ratio == 0.6);
    CHECK(options.seed == 3);
    CHECK(options.adam.learning_rate == 2);
    CHECK(options.adam.beta1 == 0.9);
    CHECK(options.adam.beta2 == 0.999);
    CHECK(options.adam.epsilon == 1e-8);
    CHECK(options.objective.content_layer == "relu4_2");
    CHECK(options.objective.content_weight == 10);
    CHECK(options.objective.style_weight == 40);
    CHECK(options.objective.pooling == nst::Pooling::average);
    CHECK_FALSE(options.start.has_value());
    CHECK(options.scales == 1);
}

TEST_CASE("transfer: a flat image in its own colour stays flat to the edge, unless zero-padded") {
    // With a style image of a different size, the edges have a different share of the Gram matrix.
    const auto change = [](nst::Padding padding) {
        Studio s = studio(30);
        s.content = flat_image(37, 50);
        s.style = flat_image(29, 41);
        s.options.start = s.content;
        s.options.optimizer = nst::Optimizer::lbfgs;
        s.options.objective.padding = padding;
        return xt::amax(xt::abs(s.paint() - s.content))();
    };
    constexpr double rounding = 1e-3;  // grey levels
    for (const nst::Padding padding : flat_paddings) CHECK(change(padding) < rounding);
    CHECK(change(nst::Padding::zero) > 5);
}

TEST_CASE("transfer: the total cost falls") {
    Studio s = studio(40);
    std::vector<double> totals;
    s.paint([&](const Progress& progress) {
        totals.push_back(progress.costs.total);
        return true;
    });
    constexpr double clearly_lower = 0.5;
    CHECK(totals.back() < clearly_lower * totals.front());
}

TEST_CASE("transfer: reconstructs the content image from noise, with no style at all") {
    Studio s = studio(100);
    s.options.noise_ratio = 1;
    s.options.optimizer = nst::Optimizer::lbfgs;
    s.options.objective.content_layer = "conv1_1";  // which has lost no information yet
    s.options.objective.style_layers.clear();
    const auto largest_error = [&](const Image& image) {
        return xt::amax(xt::abs(image - s.content))();
    };
    constexpr double grey_levels = 1;  // saving rounds to this; noise alone is more than 100 away
    CHECK(largest_error(s.paint()) < grey_levels);
    Studio other = s;
    other.style = random_image(8, 9, 7);
    CHECK(same_bits(other.paint(), s.paint()));
}

TEST_CASE("transfer: stops when the observer says so, with the image of that iteration") {
    const Studio s = studio(10);
    int calls = 0;
    const Image stopped = s.paint([&](const Progress&) { return ++calls < 3; });
    CHECK(calls == 3);
    CHECK(same_bits(stopped, studio(3).paint()));
}

TEST_CASE("transfer: observing changes nothing, and repeating gives the same bits") {
    const Studio s = studio(3);
    const Image generated = s.paint();
    CHECK(same_bits(s.paint(), generated));
    CHECK(same_bits(s.paint([](const Progress&) { return true; }), generated));
}

TEST_CASE("transfer: a different seed gives a different image") {
    Studio s = studio(1);
    const Image generated = s.paint();
    s.options.seed = 4;
    CHECK_FALSE(same_bits(s.paint(), generated).holds);
}

TEST_CASE("transfer: zero iterations return the start image") {
    Studio s = studio(0);
    const auto never = [](const Progress&) -> bool { throw nst::Error("called"); };
    const Tensor3 mix = nst::noise_image(nst::subtract_mean(s.content, s.network.mean));
    CHECK(same_bits(s.paint(never), nst::add_mean(mix, s.network.mean)));
    s.options.start = random_image(19, 13, 5);
    constexpr double mean_and_back = 2 * epsilon;  // the mean is subtracted and added again
    CHECK(agree(s.paint(never), *s.options.start, mean_and_back));
    s.options.start.reset();
    s.options.noise_ratio = 0;
    CHECK(agree(s.paint(never), s.content, mean_and_back));
}

TEST_CASE("transfer: starts from a given image instead of noise") {
    Studio s = studio(1);
    s.options.start = random_image(19, 13, 5);
    const Tensor3 start = nst::subtract_mean(*s.options.start, s.network.mean);
    s.paint([&](const Progress& progress) {
        // The first step of Adam is the learning rate, 2, or less where the gradient is tiny.
        constexpr double rate = 2;
        constexpr double rounding = 1e-4;  // of numbers up to 255 in float
        double farthest = 0;
        for (std::size_t k = 0; k < start.size(); ++k) {
            const double step = static_cast<double>(progress.input.data()[k]) - start.data()[k];
            farthest = std::max(farthest, std::abs(step));
        }
        CHECK(farthest < rate + rounding);
        CHECK(farthest > rate - rounding);
        return true;
    });
}

TEST_CASE("transfer: clamps nothing between the steps, and everything at the end") {
    Studio s = studio(3);
    s.options.adam.learning_rate = 200;
    nst::Real lowest = 0;
    nst::Real highest = 0;
    const Image generated = s.paint([&](const Progress& progress) {
        const auto [low, high] = std::minmax_element(progress.input.begin(), progress.input.end());
        lowest = *low;
        highest = *high;
        return true;
    });
    CHECK(lowest < -124);  // darker than black, once the mean is added
    CHECK(highest > 152);  // brighter than white
    const auto [low, high] = std::minmax_element(generated.begin(), generated.end());
    CHECK(*low == 0);
    CHECK(*high == 255);
}

TEST_CASE(
    "transfer: coarse to fine equals a small transfer, enlarged, and a second one from there") {
    Studio s = studio(2);
    s.content = random_image(67, 81, 1);
    s.style = random_image(65, 70, 2);
    TransferOptions options = s.options;
    for (const auto& [content, style] :
         {std::pair(nst::resize_image(s.content, 17, 20), nst::resize_image(s.style, 16, 18)),
          std::pair(nst::resize_image(s.content, 34, 41), nst::resize_image(s.style, 33, 35)),
          std::pair(s.content, s.style)}) {
        if (options.start) {
            options.start =
                nst::resize_image(*options.start, content.shape()[0], content.shape()[1]);
        }
        options.start = transfer(s.network, content, style, options);
    }
    s.options.scales = 3;
    CHECK(same_bits(s.paint(), *options.start));
}

TEST_CASE("transfer: coarse to fine agrees with the loop by hand") {
    Studio s = studio(2);
    s.content = random_image(67, 81, 1);
    s.style = random_image(65, 70, 2);
    for (const int scales : {1, 2, 3}) {
        CAPTURE(scales);
        s.options.scales = 1;
        const Image loop =
            by_hand::coarse_to_fine(s.network, s.content, s.style, s.options, scales);
        s.options.scales = scales;
        CHECK(same_bits(s.paint(), loop));
    }
}

TEST_CASE("transfer: coarse to fine starts from the given image, reduced") {
    Studio s = studio(0);
    s.content = random_image(40, 33, 1);
    s.options.start = random_image(40, 33, 5);
    s.style = random_image(40, 40, 2);
    s.options.scales = 2;
    constexpr double means_and_back = 4 * epsilon;  // subtracted and added again, twice
    CHECK(agree(s.paint(), nst::resize_image(nst::resize_image(*s.options.start, 20, 17), 40, 33),
                means_and_back));
}

TEST_CASE("transfer: coarse to fine reports the scale and counts the iterations of each") {
    Studio s = studio(2);
    s.content = random_image(40, 33, 1);
    s.style = random_image(40, 40, 2);
    s.options.scales = 2;
    std::vector<std::vector<std::size_t>> told;
    s.paint([&](const Progress& p) {
        CHECK(p.iterations == 2);
        CHECK(p.scales == 2);
        CHECK(p.costs.gradient.shape() == p.input.shape());
        told.push_back({static_cast<std::size_t>(p.scale), static_cast<std::size_t>(p.iteration),
                        p.input.shape()[0], p.input.shape()[1]});
        return true;
    });
    CHECK(told == std::vector<std::vector<std::size_t>>{
                      {1, 0, 20, 17}, {1, 1, 20, 17}, {2, 0, 40, 33}, {2, 1, 40, 33}});
}

TEST_CASE("transfer: stopped at a small scale, enlarges the image so far") {
    Studio s = studio(3);
    s.content = random_image(64, 80, 1);
    s.style = random_image(64, 72, 2);
    for (const std::size_t factor : {2U, 4U}) {
        for (const int stop : {1, 3}) {  // in the middle, and at the last iteration of the scale
            CAPTURE(factor, stop);
            s.options.scales = factor == 2 ? 2 : 3;
            s.options.iterations = 3;
            int calls = 0;
            const Image stopped = s.paint([&](const Progress&) { return ++calls < stop; });
            CHECK(calls == stop);
            s.options.scales = 1;
            s.options.iterations = stop;
            const Image small =
                transfer(s.network, nst::resize_image(s.content, 64 / factor, 80 / factor),
                         nst::resize_image(s.style, 64 / factor, 72 / factor), s.options);
            CHECK(same_bits(stopped, nst::resize_image(small, 64, 80)));
        }
    }
}

TEST_CASE("transfer: stopped at the last scale, returns the image of that iteration") {
    Studio s = studio(1);
    s.content = random_image(40, 33, 1);
    s.style = random_image(40, 40, 2);
    s.options.scales = 2;
    int calls = 0;
    Tensor3 seen;
    s.options.iterations = 3;
    const Image stopped = s.paint([&](const Progress& progress) {
        seen = progress.input;
        return ++calls < 4;
    });
    CHECK(calls == 4);
    CHECK(same_bits(stopped, nst::add_mean(seen, s.network.mean)));
}

TEST_CASE(
    "transfer: rejects invalid scales and scales that leave too little, and so does the estimate") {
    const auto message = [](int scales, const nst::Shape3& content, const nst::Shape3& style) {
        Studio s = studio(1);
        s.options.scales = scales;
        s.content = random_image(content[0], content[1], 1);
        s.style = random_image(style[0], style[1], 2);
        const std::string line = error_of([&] { s.paint(); });
        CHECK(error_of([&] { nst::transfer_memory(s.network, content, style, s.options); }) ==
              line);
        return line;
    };
    const std::string range =
        "transfer: scales must be 1 to 13, or 0 for as many as suit the size, got ";
    CHECK(message(-1, {64, 64, 3}, {64, 64, 3}) == range + "-1");
    CHECK(message(14, {64, 64, 3}, {64, 64, 3}) == range + "14");
    CHECK(message(3, {64, 61, 3}, {64, 64, 3}) ==
          "transfer: at the smallest of 3 scales, the sides of the content image must have at "
          "least 16 pixels, got 16x15x3. Are fewer scales enough?");
    CHECK(message(13, {64, 64, 3}, {64, 64, 3}) ==
          "transfer: at the smallest of 13 scales, the sides of the content image must have at "
          "least 16 pixels, got 0x0x3. Are fewer scales enough?");
    CHECK(message(3, {64, 62, 3}, {40, 64, 3}) ==
          "transfer: at the smallest of 3 scales, the sides of the style image must have at "
          "least 16 pixels, got 10x16x3. Are fewer scales enough?");
    CHECK(message(3, {64, 62, 3}, {62, 64, 3}) == "no error");
}

TEST_CASE("transfer: rejects negative iterations and a start image of the wrong size") {
    CHECK(error_of([] { studio(-1).paint(); }) ==
          "transfer: iterations must not be negative, got -1");
    Studio s = studio(1);
    s.options.start = random_image(13, 19, 5);
    CHECK(error_of([&] { s.paint(); }) ==
          "transfer: the initial image must have the content's size, 19x13x3, got 13x19x3");
}

TEST_CASE("transfer: rejects everything that Adam, noise_image and Objective reject") {
    Studio s = studio(1);
    s.options.adam.learning_rate = 0;
    CHECK_THAT(error_of([&] { s.paint(); }), Contains("Adam: learning_rate must be positive"));
    s = studio(1);
    s.options.noise_ratio = 2;
    CHECK_THAT(error_of([&] { s.paint(); }), Contains("noise_image: ratio must be in 0..1"));
    s = studio(1);
    s.options.objective.style_layers.clear();
    s.options.objective.content_layer.clear();
    CHECK_THAT(error_of([&] { s.paint(); }), Contains("Objective: expected a content layer or"));
}

TEST_CASE("transfer: stops with an error when the cost is not finite") {
    Studio s = studio(10);
    s.options.start = s.content;
    (*s.options.start)(3, 4, 1) = std::numeric_limits<nst::Real>::quiet_NaN();
    CHECK(error_of([&] { s.paint(); }) ==
          "transfer: the total cost of the initial image must be finite, got nan. Is a pixel or a "
          "weight not a number?");

    Studio wild = studio(10);
    wild.options.adam.learning_rate = std::numeric_limits<nst::Real>::max() / 4;
    int calls = 0;
    CHECK_THAT(error_of([&] { wild.paint([&](const Progress&) { return ++calls > 0; }); }),
               Contains("transfer: the total cost must be finite, got ") &&
                   Contains(" after iteration 0. A smaller learning rate may help."));
    CHECK(calls == 0);
}
