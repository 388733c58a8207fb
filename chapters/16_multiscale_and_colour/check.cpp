#include "16_multiscale_and_colour/check.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "by_hand.hpp"
#include "nst/gradcheck.hpp"
#include "nst/random_vgg19.hpp"
#include "nst/total_variation.hpp"

namespace check_16 {

namespace {

using course::numbers;
using nst::Image;
using nst::Tensor3;
using Colour = std::array<double, 3>;

// Grey levels 20 to 235 in any order.
Image picture(std::size_t height, std::size_t width, unsigned seed) {
    Image image = numbers<Image>({height, width, 3}, seed);
    image = 127.5 + 53 * image;
    return image;
}

// ---- total variation ----

// What lies behind the last column and the last row.
enum class Edge { nothing, first_again, next_row };

// Calls visit(n, m) for every pair of neighbours that a loop with this edge compares: number n of
// the tensor with m, to the right of it or below.
template <class Visit>
void each_step(const Tensor3& x, Edge edge, bool right, bool below, const Visit& visit) {
    const auto [height, width, channels] = x.shape();
    for (std::size_t n = 0; n < x.size(); ++n) {
        const std::size_t i = n / channels / width;
        const std::size_t j = n / channels % width;
        const std::size_t row = width * channels;
        if (right && j + 1 < width) {
            visit(n, n + channels);
        } else if (right && edge == Edge::first_again) {
            visit(n, n + channels - row);
        } else if (right && edge == Edge::next_row && i + 1 < height) {
            visit(n, n + channels);
        }
        if (below && i + 1 < height) {
            visit(n, n + row);
        } else if (below && edge == Edge::first_again) {
            visit(n, n + row - x.size());
        }
    }
}

template <class Term>
auto summed(Edge edge, bool right, bool below, Term term) {
    return [=](const Tensor3& x) {
        double sum = 0;
        each_step(x, edge, right, below,
                  [&](std::size_t n, std::size_t m) { sum += term(x.data()[m] - x.data()[n]); });
        return sum;
    };
}

double square(double d) {
    return d * d;
}

const std::string wraps =
    "the last column or row is compared with the first: it has no neighbour on that side";
const std::string runs_on =
    "the last pixel of a row is compared with the first of the next: it has no right neighbour";

course::Function variation(const Functions& yours, const Functions& right) {
    course::Trial<Tensor3> trial("total_variation", yours.total_variation, right.total_variation,
                                 {"x"});
    trial.suspect("the differences are taken without their sign: they are squared here",
                  summed(Edge::nothing, true, true, [](double d) { return std::abs(d); }));
    trial.suspect("the differences are added as they are: they are squared here",
                  summed(Edge::nothing, true, true, [](double d) { return d; }));
    trial.suspect(wraps, summed(Edge::first_again, true, true, square));
    trial.suspect(runs_on, summed(Edge::next_row, true, true, square));
    trial.suspect("only the right neighbour counts: what about the one below?",
                  summed(Edge::nothing, true, false, square));
    trial.suspect("only the lower neighbour counts: what about the one to the right?",
                  summed(Edge::nothing, false, true, square));
    trial.suspect("each difference counts twice: to the right and down, not left and up as well",
                  summed(Edge::nothing, true, true, [](double d) { return 2 * d * d; }));
    trial.trait({"one channel", "are all channels summed?", ""},
                [](const Tensor3& x) { return x.shape(2) == 1; });
    trial.sizes({"H", "W", "C"});
    trial.on("two pixels", Tensor3{{{1}, {4}}});
    trial.on("a column of three", Tensor3{{{1}}, {{2}}, {{0}}});
    trial.on("one channel, 4x5x1", numbers<Tensor3>({4, 5, 1}, 1));
    trial.on("3x4x3", numbers<Tensor3>({3, 4, 3}, 2));
    return trial.function;
}

// A gradient: each step adds `pixel` and `neighbour` times pull(difference) at its two ends.
template <class Pull>
auto pulled(Edge edge, double pixel, double neighbour, const Pull& pull) {
    return [=](const Tensor3& x) {
        Tensor3 dx = xt::zeros<nst::Real>(x.shape());
        each_step(x, edge, true, true, [&](std::size_t n, std::size_t m) {
            const double force = pull(x.data()[m] - x.data()[n]);
            dx.data()[n] += pixel * force;
            dx.data()[m] += neighbour * force;
        });
        return dx;
    };
}

course::Function backward(const Functions& yours, const Functions& right) {
    const auto twice = [](double d) { return 2 * d; };
    course::Trial<Tensor3> trial("total_variation_backward", yours.total_variation_backward,
                                 right.total_variation_backward, {"x"});
    trial.suspect("each difference pulls at the pixel only: its neighbour is in it as well",
                  pulled(Edge::nothing, -1, 0, twice));
    trial.suspect("each difference pulls at the neighbour only: the pixel is in it as well",
                  pulled(Edge::nothing, 0, 1, twice));
    trial.suspect("the factor 2 is missing: the derivative of d^2 is 2 d",
                  pulled(Edge::nothing, -1, 1, [](double d) { return d; }));
    trial.suspect("the signs are exchanged: a pixel below its neighbours has a negative gradient",
                  pulled(Edge::nothing, 1, -1, twice));
    trial.suspect("both pixels are pulled the same way: one gets the opposite of the other",
                  pulled(Edge::nothing, 1, 1, twice));
    trial.suspect("that is the gradient of |d|: here it is d^2",
                  pulled(Edge::nothing, -1, 1, [](double d) { return d < 0 ? -1 : 1; }));
    trial.suspect(wraps, pulled(Edge::first_again, -1, 1, twice));
    trial.suspect(runs_on, pulled(Edge::next_row, -1, 1, twice));
    trial.on("two pixels", Tensor3{{{1}, {4}}});
    trial.on("a column of three", Tensor3{{{1}}, {{2}}, {{0}}});
    trial.on("one channel, 4x5x1", numbers<Tensor3>({4, 5, 1}, 3));
    trial.on("3x4x3", numbers<Tensor3>({3, 4, 3}, 4));
    trial.function.gradient = [f = yours.total_variation_backward] {
        const nst::GradcheckReport report = nst::check_gradient(
            [](const Tensor3& x) { return nst::total_variation(x); },
            [f](const Tensor3& x) { return f(x); }, numbers<Tensor3>({3, 4, 2}, 5));
        return course::GradientCheck{report.passed(), nst::describe(report)};
    };
    return trial.function;
}

// ---- colour ----

constexpr Colour bt601 = {0.299, 0.587, 0.114};
constexpr Colour bt709 = {0.2126, 0.7152, 0.0722};

double luma(const Colour& weights, const double* rgb) {
    return weights[0] * rgb[0] + weights[1] * rgb[1] + weights[2] * rgb[2];
}

const std::string other_weights =
    "these are the weights of BT.709, of television in high definition: JPEG's Y is that of BT.601";

course::Function ycbcr(const Functions& yours) {
    const auto call = [](auto convert) {
        return [convert](const Colour& rgb) { return convert(rgb.data()); };
    };
    course::Trial<Colour> trial("to_ycbcr", call(yours.to_ycbcr), call(by_hand::to_ycbcr), {"rgb"});
    const auto changed = [](const Colour& weights, double blue, double red, double zero) {
        return [=](const Colour& rgb) {
            const double y = luma(weights, rgb.data());
            return Colour{y, (rgb[2] - y) / blue + zero, (rgb[0] - y) / red + zero};
        };
    };
    trial.suspect("Cb and Cr are exchanged: the order is Y, Cb, Cr", [](const Colour& rgb) {
        const Colour right = by_hand::to_ycbcr(rgb.data());
        return Colour{right[0], right[2], right[1]};
    });
    trial.suspect("red and blue are exchanged: the order is R, G, B", [](const Colour& rgb) {
        return by_hand::to_ycbcr(Colour{rgb[2], rgb[1], rgb[0]}.data());
    });
    trial.suspect(other_weights, changed(bt709, 1.772, 1.402, 0));
    trial.suspect(other_weights, changed(bt709, 1.8556, 1.5748, 0));
    trial.suspect("128 is added to Cb and Cr, as in a file: here they lie around 0",
                  changed(bt601, 1.772, 1.402, 128));
    trial.suspect("B - Y and R - Y are not divided", changed(bt601, 1, 1, 0));
    trial.suspect("the divisors are exchanged: 1.772 is Cb's", changed(bt601, 1.402, 1.772, 0));
    trial.on("grey", Colour{90, 90, 90});
    trial.on("red", Colour{255, 0, 0});
    trial.on("some colour", Colour{30, 140, 220});
    return trial.function;
}

course::Function rgb(const Functions& yours, const Functions& right) {
    course::Trial<Colour> trial("to_rgb", yours.to_rgb, right.to_rgb, {"ycbcr"});
    const auto changed = [](double red_of_cb, double red_of_cr, double blue_of_cb,
                            double blue_of_cr, const auto& green) {
        return [=](const Colour& c) {
            const double red = c[0] + red_of_cb * c[1] + red_of_cr * c[2];
            const double blue = c[0] + blue_of_cb * c[1] + blue_of_cr * c[2];
            return Colour{red, green(c[0], red, blue), blue};
        };
    };
    const auto rest = [](double y, double red, double blue) {
        return (y - bt601[0] * red - bt601[2] * blue) / bt601[1];
    };
    trial.suspect("Cb and Cr are exchanged: blue comes from Cb, red from Cr",
                  changed(1.402, 0, 0, 1.772, rest));
    trial.suspect("the factors are exchanged: 1.772 is Cb's", changed(0, 1.772, 1.402, 0, rest));
    trial.suspect("Cb and Cr are not multiplied", changed(0, 1, 1, 0, rest));
    trial.suspect("green is Y: it is what red and blue leave of Y",
                  changed(0, 1.402, 1.772, 0, [](double y, double, double) { return y; }));
    trial.suspect("what red and blue leave of Y is 0.587 times green: divide by it",
                  changed(0, 1.402, 1.772, 0, [](double y, double red, double blue) {
                      return y - bt601[0] * red - bt601[2] * blue;
                  }));
    trial.suspect(other_weights, changed(0, 1.5748, 1.8556, 0, [](double y, double r, double b) {
                      return (y - bt709[0] * r - bt709[2] * b) / bt709[1];
                  }));
    trial.suspect("it is clamped: that comes last, in preserve_colour", [](const Colour& c) {
        Colour result = by_hand::to_rgb(c);
        for (double& level : result) level = std::clamp(level, 0.0, 255.0);
        return result;
    });
    trial.on("grey", Colour{90, 0, 0});
    trial.on("bluer than grey", Colour{120, 50, 0});
    trial.on("redder than grey", Colour{120, 0, 50});
    trial.on("outside of 0..255", Colour{220, -40, 60});
    return trial.function;
}

// The content moved by the painting's brightness less its own, without a clamp.
Image moved(const Colour& weights, const Image& painting, const Image& content) {
    Image result = content;
    for (std::size_t k = 0; k < result.size(); ++k) {
        const std::size_t pixel = k - k % 3;
        result.data()[k] +=
            luma(weights, painting.data() + pixel) - luma(weights, content.data() + pixel);
    }
    return result;
}

// Y of the painting with chroma made of the content's, which `change` changes.
template <class Change>
auto recoloured(const Change& change) {
    return [=](const Image& painting, const Image& content) {
        Image result = painting;
        for (std::size_t k = 0; k < result.size(); k += 3) {
            Colour pixel = by_hand::to_ycbcr(content.data() + k);
            change(pixel);
            pixel[0] = by_hand::to_ycbcr(painting.data() + k)[0];
            pixel = by_hand::to_rgb(pixel);
            for (std::size_t c = 0; c < 3; ++c) {
                result.data()[k + c] = std::clamp(pixel[c], 0.0, 255.0);
            }
        }
        return result;
    };
}

course::Function colour(const Functions& yours, const Functions& right) {
    course::Trial<Image, Image> trial("preserve_colour", yours.preserve_colour,
                                      right.preserve_colour, {"generated", "content"});
    trial.suspect("it has the content's Y and the painting's colours: it is the other way round",
                  [](const Image& p, const Image& c) { return by_hand::preserve_colour(c, p); });
    trial.suspect("it is the content: Y comes from the painting",
                  [](const Image&, const Image& c) { return c; });
    trial.suspect("it is the painting: Cb and Cr come from the content",
                  [](const Image& p, const Image&) { return p; });
    trial.suspect("nothing is clamped to 0..255",
                  [](const Image& p, const Image& c) { return moved(bt601, p, c); });
    trial.suspect("Cb and Cr are exchanged", recoloured([](Colour& c) { std::swap(c[1], c[2]); }));
    trial.suspect("it is grey: Cb and Cr come from the content",
                  recoloured([](Colour& c) { c[1] = c[2] = 0; }));
    trial.suspect(other_weights, [](const Image& p, const Image& c) {
        return Image(xt::clip(moved(bt709, p, c), 0, 255));
    });
    trial.trait({"one pixel", "are all pixels gone through, three numbers each?", ""},
                [](const Image& p, const Image&) { return p.size() == 3; });
    trial.on("one pixel", Image{{{100, 110, 120}}}, Image{{{150, 100, 50}}});
    // Within 16 levels of the middle, nothing has to be clamped.
    trial.on("2x3 pixels of little colour", Image(127.5 + 8 * numbers<Image>({2, 3, 3}, 16)),
             Image(127.5 + 8 * numbers<Image>({2, 3, 3}, 17)));
    trial.on("3x4 pixels", picture(3, 4, 6), picture(3, 4, 7));
    trial.on("white on red and black on blue", Image{{{255, 255, 255}, {0, 0, 0}}},
             Image{{{255, 0, 0}, {0, 0, 255}}});
    return trial.function;
}

// ---- several sizes ----

course::Function reduction(const Functions& yours) {
    const auto call = [](auto reduce) {
        return [reduce](const Image& image, double factor) {
            return reduce(image, static_cast<std::size_t>(factor));
        };
    };
    course::Trial<Image, double> trial("reduced", call(yours.reduced), call(by_hand::reduced),
                                       {"image", "factor"});
    const auto with = [](auto side, bool exchanged) {
        return [=](const Image& image, double factor) {
            const std::size_t height = side(image.shape(0), static_cast<std::size_t>(factor));
            const std::size_t width = side(image.shape(1), static_cast<std::size_t>(factor));
            return exchanged ? nst::resize_image(image, width, height)
                             : nst::resize_image(image, height, width);
        };
    };
    const auto down = [](std::size_t n, std::size_t factor) { return n / factor; };
    const auto up = [](std::size_t n, std::size_t factor) { return (n + factor - 1) / factor; };
    const auto nearest = [](std::size_t n, std::size_t f) { return (n + f / 2) / f; };
    trial.suspect("the sides are rounded down: whole numbers divide like that. To the nearest?",
                  with(down, false));
    trial.suspect("the sides are rounded up: they go to the nearest whole number", with(up, false));
    trial.suspect("height and width are exchanged", with(nearest, true));
    trial.on("8x12 by 4", picture(8, 12, 8), 4);
    trial.on("7x9 by 1", picture(7, 9, 9), 1);
    trial.on("11x9 by 4", picture(11, 9, 10), 4);
    trial.on("5x8 by 2", picture(5, 8, 11), 2);
    return trial.function;
}

using Paint = Image (*)(const nst::Network&, const Image&, const Image&, nst::TransferOptions, int);

const nst::Network& small_network() {
    static const nst::Network network = [] {
        nst::RandomVgg19Options options;
        options.channels = {4, 4, 4, 4, 4};
        return nst::random_vgg19({picture(20, 24, 12), picture(18, 20, 13)}, options);
    }();
    return network;
}

Image at_scales(Paint paint, const Image& content, const Image& style, double iterations,
                double scales) {
    nst::TransferOptions options;
    options.iterations = static_cast<int>(iterations);
    return paint(small_network(), content, style, options, static_cast<int>(scales));
}

// A walk over the sizes in which one thing is different.
struct Variant {
    bool reduce_style = true;
    bool from_painting = true;  // each size starts from the painting before
    bool from_content = false;  // or from the content
    bool whole = true;          // it ends at the whole size
    std::size_t first = 0;      // the factor to begin with, 0 for the right one
};

Image varied(const Variant& variant, const Image& content, const Image& style,
             nst::TransferOptions options, int scales) {
    const nst::Network& network = small_network();
    std::size_t factor = variant.first > 0 ? variant.first : std::size_t{1} << (scales - 1);
    Image painting = content;
    bool first = true;
    for (; factor >= (variant.whole || scales == 1 ? 1 : 2); factor /= 2) {
        const Image small = by_hand::reduced(content, factor);
        const Image model = variant.reduce_style ? by_hand::reduced(style, factor) : style;
        const Image& before = variant.from_content ? content : painting;
        if (!first && variant.from_painting) {
            options.start = nst::resize_image(before, small.shape(0), small.shape(1));
        }
        painting = nst::transfer(network, small, model, options);
        first = false;
    }
    return nst::resize_image(painting, content.shape(0), content.shape(1));
}

template <class Change>
auto with(const Change& change) {
    return [=](const Image& content, const Image& style, double iterations, double scales) {
        Variant variant;
        change(variant, static_cast<int>(scales));
        nst::TransferOptions options;
        options.iterations = static_cast<int>(iterations);
        return varied(variant, content, style, options, static_cast<int>(scales));
    };
}

course::Function sizes(const Functions& yours) {
    const auto call = [](Paint paint) {
        return [paint](const Image& content, const Image& style, double iterations, double scales) {
            return at_scales(paint, content, style, iterations, scales);
        };
    };
    course::Trial<Image, Image, double, double> trial("coarse_to_fine", call(yours.coarse_to_fine),
                                                      call(by_hand::coarse_to_fine),
                                                      {"content", "style", "iterations", "scales"});
    trial.suspect("the style picture is not reduced: strokes are then twice as large at each size",
                  with([](Variant& v, int) { v.reduce_style = false; }));
    trial.suspect("every size starts from noise: where does the painting before go?",
                  with([](Variant& v, int) { v.from_painting = false; }));
    trial.suspect("every size starts from the content: it is the painting before that is enlarged",
                  with([](Variant& v, int) { v.from_content = true; }));
    trial.suspect("the whole size is left out: it is painted too, last",
                  with([](Variant& v, int) { v.whole = false; }));
    trial.suspect("the first factor is 2^scales: with 1 scale nothing is reduced",
                  with([](Variant& v, int scales) { v.first = std::size_t{1} << scales; }));
    trial.suspect("the first factor is the number of scales: 3 scales begin with 4",
                  with([](Variant& v, int n) { v.first = static_cast<std::size_t>(n); }));
    trial.trait({"one scale", "what is reduced and what is enlarged, and in which order?", ""},
                [](const Image&, const Image&, double, double scales) { return scales == 1; });
    const Image content = picture(20, 24, 14);
    const Image style = picture(18, 22, 15);
    trial.on("one scale", content, style, 2, 1);
    trial.on("two scales", content, style, 3, 2);
    trial.on("three scales", content, style, 2, 3);
    return trial.function;
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    const Functions right = NST_FUNCTIONS(by_hand);
    return {variation(yours, right), backward(yours, right), ycbcr(yours), rgb(yours, right),
            colour(yours, right),    reduction(yours),       sizes(yours)};
}

}  // namespace check_16
