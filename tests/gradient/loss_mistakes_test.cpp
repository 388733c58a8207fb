// Loss gradients with one deliberate mistake each: the checker must reject and name each of them.

#include <array>
#include <cstddef>

#include "gradient/inputs.hpp"
#include "gradient/mistakes.hpp"
#include "nst/content_loss.hpp"
#include "nst/gradcheck.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/network.hpp"
#include "nst/style_loss.hpp"
#include "support/catch.hpp"

using nst::check_backward;
using nst::check_gradient;
using nst::GradcheckOptions;
using nst::GradcheckOutcome;
using nst::GradcheckReport;
using nst::Matrix;
using nst::MistakePattern;
using nst::named_values;
using nst::Tensor3;
using nst_test::changed;
using nst_test::is_named;
using nst_test::spread_tensor;

namespace {

GradcheckReport check_content_loss(double factor) {
    const Tensor3 content = spread_tensor<Tensor3>({5, 7, 3}, 2);
    const auto loss = [&](const Tensor3& x) { return nst::content_loss(x, content); };
    const auto gradient = [&](const Tensor3& x) { return factor * (x - content); };
    return check_gradient(loss, gradient, spread_tensor<Tensor3>({5, 7, 3}));
}

template <class Gradient>
GradcheckReport check_style_loss(const Gradient& gradient) {
    const Matrix gram = nst::gram_matrix(spread_tensor<Tensor3>({5, 7, 3}, 2));
    const auto loss = [&](const Tensor3& x) { return nst::style_loss(x, gram); };
    const auto mistaken = [&](const Tensor3& x) { return gradient(x, gram); };
    return check_gradient(loss, mistaken, spread_tensor<Tensor3>({5, 7, 3}));
}

}  // namespace

TEST_CASE("mistakes: content_loss_backward with a wrong constant or sign") {
    constexpr double hwc = 5 * 7 * 3;
    CHECK(check_content_loss(1 / (2 * hwc)).passed());
    is_named(check_content_loss(2 / hwc), MistakePattern::factor,
             "4 times too large: is the 1/4 there?");
    is_named(check_content_loss(1 / (4 * hwc)), MistakePattern::factor,
             "2 times too small: is the 2 there, as from the derivative of a square?");
    is_named(check_content_loss(0.5), MistakePattern::factor,
             "105 times too large: is the division by rows * columns * channels = 105 there?");
    is_named(check_content_loss(2), MistakePattern::factor,
             "is the division by 4 * rows * columns * channels = 420 there?");
    is_named(check_content_loss(1 / (2 * hwc * hwc)), MistakePattern::factor,
             "is the division by rows * columns * channels = 105 done once too often?");
    is_named(check_content_loss(-1 / (2 * hwc)), MistakePattern::sign,
             "the sign is wrong: is it (a - b) where (b - a) is meant?");
}

TEST_CASE("mistakes: style_loss_backward with a wrong sign, scale or Gram matrix") {
    const auto times = [](double factor) {
        return check_style_loss([factor](const Tensor3& x, const Matrix& gram) {
            return factor * nst::style_loss_backward(x, gram);
        });
    };
    is_named(times(-1), MistakePattern::sign, "the sign is wrong");
    is_named(times(4), MistakePattern::factor, "4 times too large: is the 1/4 there?");
    is_named(times(105 * 105), MistakePattern::factor,
             "is the division by (rows * columns * channels)^2");
    is_named(times(35), MistakePattern::factor, "is the division by rows * columns = 35 there?");
    const GradcheckReport no_style = check_style_loss([](const Tensor3& x, const Matrix& gram) {
        return nst::style_loss_backward(x, 0.0 * gram);
    });
    CHECK(no_style.outcome == GradcheckOutcome::wrong);
}

TEST_CASE("mistakes: gram_matrix_backward with only one of its two terms, or one of them doubled") {
    const Tensor3 x = spread_tensor<Tensor3>({5, 7, 3});
    const auto half = [](const Matrix& dg, const Tensor3& f) {
        // F dG; correct is F (dG + dG^T).
        Tensor3 gradient = xt::zeros_like(f);
        for (std::size_t p = 0; p < f.shape(0) * f.shape(1); ++p) {
            for (std::size_t c = 0; c < f.shape(2); ++c) {
                for (std::size_t d = 0; d < f.shape(2); ++d) {
                    gradient.data()[p * f.shape(2) + c] += f.data()[p * f.shape(2) + d] * dg(d, c);
                }
            }
        }
        return gradient;
    };
    const auto check = [&](const auto& backward) {
        const Matrix dg = nst::upstream_gradient(nst::gram_matrix(x));
        GradcheckOptions options;
        options.parts = {named_values("F dG", half(dg, x)),
                         named_values("F dG^T", half(xt::transpose(dg), x))};
        options.suspects = {
            named_values("2 F dG: this holds for a symmetric dG only", 2.0 * half(dg, x))};
        return check_backward(nst::gram_matrix, backward, x, options);
    };
    is_named(check(half), MistakePattern::missing_part,
             "only the part of F dG is there, F dG^T is missing");
    is_named(check([&](const Matrix& dg, const Tensor3& f) { return 2.0 * half(dg, f); }),
             MistakePattern::suspect, "symmetric dG only");
    is_named(check([&](const Matrix& dg, const Tensor3& f) {
                 return -nst::gram_matrix_backward(dg, f);
             }),
             MistakePattern::sign, "the sign");
}

TEST_CASE("mistakes: subtract_mean with the gradient's channels in BGR order") {
    const std::array<double, 3> mean = {123.68, 116.779, 103.939};
    const auto forward = [&](const nst::Image& image) { return nst::subtract_mean(image, mean); };
    const auto reversed = [](const Tensor3& dy, const nst::Image&) {
        return changed(dy, [&](double& value, std::size_t i, std::size_t j, std::size_t c) {
            value = dy(i, j, 2 - c);
        });
    };
    const nst::Image image = 80.0 * spread_tensor<nst::Image>({4, 5, 3}) + 128.0;
    is_named(check_backward(forward, reversed, image), MistakePattern::reversed,
             "BGR where RGB is meant?");
}
