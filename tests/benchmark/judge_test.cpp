// The judge of random filters gives the figures that its definition demands.

#include <algorithm>

#include "random_filters.hpp"
#include "support/catch.hpp"

namespace {

// Squared differences of sums in single precision, relative to differences of another picture.
constexpr double rounding = 1e-6;

// Stripes of a period and a direction: pictures whose statistics differ.
nst::Image stripes(std::size_t period, bool upright, std::size_t height = 64,
                   std::size_t width = 72) {
    nst::Image image = nst::Image::from_shape({height, width, 3});
    for (std::size_t y = 0; y < height; ++y) {
        for (std::size_t x = 0; x < width; ++x) {
            const std::size_t phase = (upright ? x : y) % period;
            for (std::size_t c = 0; c < 3; ++c) {
                image(y, x, c) = phase * 2 < period ? nst::Real(40 + 60 * c) : nst::Real(200);
            }
        }
    }
    return image;
}

}  // namespace

TEST_CASE("judge: the style picture itself has no style distance left") {
    const nst::Image style = stripes(6, true);
    const judge::Verdict found = judge::verdict(stripes(10, false), style, style);
    for (const double left : found.style_left) CHECK(left == 0);
    CHECK(found.mean_style_left == 0);
    CHECK(found.content_change > 0.01);
}

TEST_CASE("judge: the content picture itself has all the style distance left, and no change") {
    const nst::Image content = stripes(10, false);
    const judge::Verdict found = judge::verdict(content, stripes(6, true), content);
    for (const double left : found.style_left) CHECK(left == Approx(1));
    CHECK(found.mean_style_left == Approx(1));
    CHECK(found.content_change == 0);
}

TEST_CASE("judge: moved strokes keep the style and change the content") {
    const nst::Image style = stripes(8, true, 64, 80);
    nst::Image moved = style;
    for (std::size_t y = 0; y < 64; ++y) {
        for (std::size_t x = 0; x < 80; ++x) {
            for (std::size_t c = 0; c < 3; ++c) moved(y, x, c) = style(y, (x + 8) % 80, c);
        }
    }
    const judge::Verdict found = judge::verdict(stripes(12, false, 64, 80), style, moved);
    CHECK(found.mean_style_left < rounding);
}

TEST_CASE("judge: halfway between content and style, both figures lie between") {
    const nst::Image content = stripes(10, false);
    const nst::Image style = stripes(6, true);
    const nst::Image half = (content + style) / 2;
    const judge::Verdict found = judge::verdict(content, style, half);
    const judge::Verdict whole = judge::verdict(content, style, style);
    CHECK(found.mean_style_left > 0.01);
    CHECK(found.mean_style_left < 0.9);
    CHECK(found.content_change > 0.001);
    CHECK(found.content_change < whole.content_change);
}

TEST_CASE("judge: a convolution with one filter is the sum over its window") {
    const nst::Image image = stripes(7, true);
    const std::vector<float> filters = judge::random_filters(11);
    const judge::Responses found = judge::responses(image, 11);
    REQUIRE(found.positions == (64 - 11 + 1) * (72 - 11 + 1));
    double sum = 0;
    for (std::size_t j = 0; j < 11; ++j) {
        for (std::size_t i = 0; i < 33; ++i) {
            const double v = double(image(5 + j, 9 + i / 3, i % 3)) / 127.5 - 1;
            sum += v * double(filters[(j * 33 + i) * judge::filters_per_size + 4]);
        }
    }
    const float value = found.values[(5 * 62 + 9) * judge::filters_per_size + 4];
    CHECK(double(value) == Approx(std::max(0.0, sum)).margin(1e-4));
}

TEST_CASE("judge: pictures of different sizes or too small ones are errors") {
    const nst::Image image = stripes(6, true);
    const nst::Image small = stripes(6, true, 54, 72);
    CHECK_THROWS_AS(judge::verdict(image, image, small), nst::Error);
    CHECK_THROWS_AS(judge::verdict(small, small, small), nst::Error);
    CHECK_THROWS_AS(judge::verdict(image, image, image), nst::Error);
}
