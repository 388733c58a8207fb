#include <algorithm>
#include <cmath>

#include "16_multiscale_and_colour/by_hand.hpp"
#include "16_multiscale_and_colour/check.hpp"
#include "16_multiscale_and_colour/exercise.hpp"
#include "course/checking.hpp"

using checking::is_named;
using nst::Image;
using nst::Real;
using nst::Tensor3;
using Colour = std::array<double, 3>;

namespace {

namespace absolute_value {
double total_variation(const Tensor3& x) {
    double sum = 0;
    for (std::size_t i = 0; i < x.shape(0); ++i) {
        for (std::size_t j = 0; j < x.shape(1); ++j) {
            for (std::size_t c = 0; c < x.shape(2); ++c) {
                if (j + 1 < x.shape(1)) sum += std::abs(x(i, j + 1, c) - x(i, j, c));
                if (i + 1 < x.shape(0)) sum += std::abs(x(i + 1, j, c) - x(i, j, c));
            }
        }
    }
    return sum;
}
}  // namespace absolute_value

namespace wraps_round {
double total_variation(const Tensor3& x) {
    const auto [height, width, channels] = x.shape();
    double sum = 0;
    for (std::size_t n = 0; n < x.size(); ++n) {
        const std::size_t i = n / channels / width, j = n / channels % width, c = n % channels;
        sum += std::pow(x(i, (j + 1) % width, c) - x(i, j, c), 2);
        sum += std::pow(x((i + 1) % height, j, c) - x(i, j, c), 2);
    }
    return sum;
}
}  // namespace wraps_round

namespace runs_on {
double total_variation(const Tensor3& x) {
    const std::size_t row = x.shape(1) * x.shape(2);
    double sum = 0;
    for (std::size_t n = 0; n < x.size(); ++n) {
        if (n + x.shape(2) < x.size()) sum += std::pow(x.data()[n + x.shape(2)] - x.data()[n], 2);
        if (n + row < x.size()) sum += std::pow(x.data()[n + row] - x.data()[n], 2);
    }
    return sum;
}
}  // namespace runs_on

namespace first_channel {
double total_variation(const Tensor3& x) {
    Tensor3 first = Tensor3::from_shape({x.shape(0), x.shape(1), 1});
    for (std::size_t n = 0; n < first.size(); ++n) first.data()[n] = x.data()[n * x.shape(2)];
    return by_hand::total_variation(first);
}
}  // namespace first_channel

namespace divided {
double total_variation(const Tensor3& x) {
    return by_hand::total_variation(x) / static_cast<double>(x.size());
}
}  // namespace divided

namespace one_end {
Tensor3 total_variation_backward(const Tensor3& x) {
    Tensor3 dx = xt::zeros<Real>(x.shape());
    for (std::size_t i = 0; i < x.shape(0); ++i) {
        for (std::size_t j = 0; j < x.shape(1); ++j) {
            for (std::size_t c = 0; c < x.shape(2); ++c) {
                if (j + 1 < x.shape(1)) dx(i, j, c) += 2 * (x(i, j, c) - x(i, j + 1, c));
                if (i + 1 < x.shape(0)) dx(i, j, c) += 2 * (x(i, j, c) - x(i + 1, j, c));
            }
        }
    }
    return dx;
}
}  // namespace one_end

namespace no_factor {
Tensor3 total_variation_backward(const Tensor3& x) {
    return 0.5 * by_hand::total_variation_backward(x);
}
}  // namespace no_factor

namespace uphill {
Tensor3 total_variation_backward(const Tensor3& x) {
    return -by_hand::total_variation_backward(x);
}
}  // namespace uphill

namespace exchanged {
Colour to_ycbcr(const Real* rgb) {
    const double y = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2];
    return {y, (rgb[0] - y) / 1.402, (rgb[2] - y) / 1.772};
}
Colour to_rgb(const Colour& c) {
    return by_hand::to_rgb({c[0], c[2], c[1]});
}
Image preserve_colour(const Image& painting, const Image& content) {
    return by_hand::preserve_colour(content, painting);
}
}  // namespace exchanged

namespace television {
Colour to_ycbcr(const Real* rgb) {
    const double y = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    return {y, (rgb[2] - y) / 1.8556, (rgb[0] - y) / 1.5748};
}
Colour to_rgb(const Colour& c) {
    const double red = c[0] + 1.5748 * c[2];
    const double blue = c[0] + 1.8556 * c[1];
    return {red, (c[0] - 0.2126 * red - 0.0722 * blue) / 0.7152, blue};
}
}  // namespace television

namespace as_in_a_file {
Colour to_ycbcr(const Real* rgb) {
    const Colour right = by_hand::to_ycbcr(rgb);
    return {right[0], right[1] + 128, right[2] + 128};
}
}  // namespace as_in_a_file

namespace green_is_y {
Colour to_rgb(const Colour& c) {
    return {c[0] + 1.402 * c[2], c[0], c[0] + 1.772 * c[1]};
}
}  // namespace green_is_y

// preserve_colour with different conversions, with or without the clamp.
Image mixed(const Image& painting, const Image& content, Colour (*to_ycbcr)(const Real*),
            Colour (*to_rgb)(const Colour&), bool clamps) {
    Image result = painting;
    for (std::size_t k = 0; k < result.size(); k += 3) {
        Colour pixel = to_ycbcr(content.data() + k);
        pixel[0] = to_ycbcr(painting.data() + k)[0];
        pixel = to_rgb(pixel);
        for (std::size_t c = 0; c < 3; ++c) {
            result.data()[k + c] = clamps ? std::clamp(pixel[c], 0.0, 255.0) : pixel[c];
        }
    }
    return result;
}

namespace no_clamp {
Image preserve_colour(const Image& painting, const Image& content) {
    return mixed(painting, content, by_hand::to_ycbcr, by_hand::to_rgb, false);
}
}  // namespace no_clamp

namespace one_exchange {
Image preserve_colour(const Image& painting, const Image& content) {
    return mixed(painting, content, exchanged::to_ycbcr, by_hand::to_rgb, true);
}
}  // namespace one_exchange

namespace television_weights {
Image preserve_colour(const Image& painting, const Image& content) {
    return mixed(painting, content, television::to_ycbcr, television::to_rgb, true);
}
}  // namespace television_weights

namespace content_luma {
Image preserve_colour(const Image&, const Image& content) {
    return content;
}
}  // namespace content_luma

namespace rounded_down {
Image reduced(const Image& image, std::size_t factor) {
    return nst::resize_image(image, image.shape(0) / factor, image.shape(1) / factor);
}
}  // namespace rounded_down

// The loop over the scales with one difference.
Image walk(const nst::Network& network, const Image& content, const Image& style,
           nst::TransferOptions options, std::size_t factor, bool reduce_style, bool from_before) {
    Image painting;
    for (; factor >= 1; factor /= 2) {
        const Image small = by_hand::reduced(content, factor);
        if (from_before && painting.size() > 0) {
            options.start = nst::resize_image(painting, small.shape(0), small.shape(1));
        }
        painting = nst::transfer(network, small,
                                 reduce_style ? by_hand::reduced(style, factor) : style, options);
    }
    return painting;
}

namespace whole_style {
Image coarse_to_fine(const nst::Network& network, const Image& content, const Image& style,
                     nst::TransferOptions options, int scales) {
    return walk(network, content, style, options, std::size_t{1} << (scales - 1), false, true);
}
}  // namespace whole_style

namespace from_noise {
Image coarse_to_fine(const nst::Network& network, const Image& content, const Image& style,
                     nst::TransferOptions options, int scales) {
    return walk(network, content, style, options, std::size_t{1} << (scales - 1), true, false);
}
}  // namespace from_noise

namespace too_small {
Image coarse_to_fine(const nst::Network& network, const Image& content, const Image& style,
                     nst::TransferOptions options, int scales) {
    return walk(network, content, style, options, std::size_t{1} << scales, true, true);
}
}  // namespace too_small

template <class Member, class Wrong>
course::Exercise with(Member member, Wrong wrong) {
    return check_16::exercise(checking::replaced(NST_FUNCTIONS(by_hand), member, wrong));
}

}  // namespace

TEST_CASE("exercise 16: the stub counts as not written, the solution passes") {
    checking::passes(NST_EXERCISE(by_hand));
    checking::is_not_written(NST_EXERCISE(exercise));
}

TEST_CASE("exercise 16: mistakes in the total variation are named") {
    using F = check_16::Functions;
    const auto forward = [](auto wrong, const char* words) {
        is_named(with(&F::total_variation, wrong), 0, words);
    };
    forward(absolute_value::total_variation, "the differences are taken without their sign");
    forward(wraps_round::total_variation, "the last column or row is compared with the first");
    forward(runs_on::total_variation, "the last pixel of a row is compared with the first of the");
    forward(first_channel::total_variation, "right on one channel only: are all channels summed?");
    forward(divided::total_variation, "H W C times too small");
    const auto backward = [](auto wrong, const char* words) {
        is_named(with(&F::total_variation_backward, wrong), 1, words);
    };
    backward(one_end::total_variation_backward, "each difference pulls at the pixel only");
    backward(no_factor::total_variation_backward, "the factor 2 is missing");
    backward(uphill::total_variation_backward, "the signs are exchanged");
}

TEST_CASE("exercise 16: mistakes with colours are named") {
    using F = check_16::Functions;
    is_named(with(&F::to_ycbcr, exchanged::to_ycbcr), 2, "Cb and Cr are exchanged");
    is_named(with(&F::to_ycbcr, television::to_ycbcr), 2, "these are the weights of BT.709");
    is_named(with(&F::to_ycbcr, as_in_a_file::to_ycbcr), 2, "128 is added to Cb and Cr");
    is_named(with(&F::to_rgb, exchanged::to_rgb), 3, "Cb and Cr are exchanged");
    is_named(with(&F::to_rgb, television::to_rgb), 3, "these are the weights of BT.709");
    is_named(with(&F::to_rgb, green_is_y::to_rgb), 3, "green is Y");
    const auto keep = [](auto wrong, const char* words) {
        is_named(with(&F::preserve_colour, wrong), 4, words);
    };
    keep(exchanged::preserve_colour, "it has the content's Y and the painting's colours");
    keep(content_luma::preserve_colour, "it is the content: Y comes from the painting");
    keep(no_clamp::preserve_colour, "nothing is clamped to 0..255");
    keep(one_exchange::preserve_colour, "Cb and Cr are exchanged");
    keep(television_weights::preserve_colour, "these are the weights of BT.709");
}

TEST_CASE("exercise 16: mistakes in coarse to fine are named") {
    using F = check_16::Functions;
    is_named(with(&F::reduced, rounded_down::reduced), 5, "the sides are rounded down");
    const auto walked = [](auto wrong, const char* words) {
        is_named(with(&F::coarse_to_fine, wrong), 6, words);
    };
    walked(whole_style::coarse_to_fine, "the style picture is not reduced");
    walked(from_noise::coarse_to_fine, "every size starts from noise");
    walked(too_small::coarse_to_fine, "the first factor is 2^scales");
}
