// The backward passes of the losses against finite differences.

#include "gradient/inputs.hpp"
#include "nst/content_loss.hpp"
#include "nst/gradcheck.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/range_penalty.hpp"
#include "nst/style_loss.hpp"
#include "nst/total_variation.hpp"
#include "support/catch.hpp"

using nst::content_loss;
using nst::content_loss_backward;
using nst::GradcheckOptions;
using nst::GradcheckReport;
using nst::gram_matrix;
using nst::Matrix;
using nst::Shape3;
using nst::style_loss;
using nst::style_loss_backward;
using nst::Tensor3;
using nst_test::smooth_error;
using nst_test::spread_tensor;

namespace {

const std::vector<Shape3> sizes = {{1, 1, 1}, {1, 1, 3}, {1, 6, 2},
                                   {5, 1, 2}, {4, 6, 2}, {5, 7, 3}};

GradcheckOptions options() {
    GradcheckOptions result;
    result.tolerance = smooth_error;
    return result;
}

void is_right(const GradcheckReport& report, std::size_t components) {
    INFO(report);
    CHECK(report.passed());
    CHECK(report.compared == components);
    CHECK(report.kinks == 0);
}

void check_style_loss(const Tensor3& generated, const Matrix& style_gram) {
    const auto loss = [&](const Tensor3& x) { return style_loss(x, style_gram); };
    const auto gradient = [&](const Tensor3& x) { return style_loss_backward(x, style_gram); };
    is_right(nst::check_gradient(loss, gradient, generated, options()), generated.size());
}

}  // namespace

TEST_CASE("content_loss_backward: is the gradient of content_loss") {
    for (const Shape3& size : sizes) {
        const Tensor3 content = spread_tensor<Tensor3>(size, 2) + 0.25;
        const auto loss = [&](const Tensor3& x) { return content_loss(x, content); };
        const auto gradient = [&](const Tensor3& x) { return content_loss_backward(x, content); };
        const Tensor3 generated = spread_tensor<Tensor3>(size);
        is_right(nst::check_gradient(loss, gradient, generated, options()), generated.size());
    }
}

TEST_CASE("content_loss_backward: is zero when generated and content features are equal") {
    const Tensor3 content = spread_tensor<Tensor3>({4, 5, 3});
    const auto loss = [&](const Tensor3& x) { return content_loss(x, content); };
    const auto gradient = [&](const Tensor3& x) { return content_loss_backward(x, content); };
    const GradcheckReport report = nst::check_gradient(loss, gradient, content, options());
    is_right(report, content.size());
    CHECK(report.analytic == 0);
}

TEST_CASE("style_loss_backward: is the gradient of style_loss") {
    for (const Shape3& size : sizes) {
        check_style_loss(spread_tensor<Tensor3>(size),
                         gram_matrix(Tensor3(spread_tensor<Tensor3>(size, 2) + 0.25)));
    }
}

TEST_CASE("style_loss_backward: is the gradient for a style image of a different size") {
    const Tensor3 generated = spread_tensor<Tensor3>({5, 7, 3});
    const Matrix gram = gram_matrix(spread_tensor<Tensor3>({9, 4, 3}, 2));
    check_style_loss(generated, gram * (35.0 / 36.0));
}

TEST_CASE("style_loss_backward: is the gradient for features as large as a network's") {
    const Tensor3 generated = 300 * spread_tensor<Tensor3>({4, 5, 3}) + 200;
    check_style_loss(generated, gram_matrix(Tensor3(250 * spread_tensor<Tensor3>({4, 5, 3}, 2))));
}

TEST_CASE("total_variation_backward: is the gradient of total_variation") {
    for (const Shape3& size : sizes) {
        const Tensor3 image = spread_tensor<Tensor3>(size);
        is_right(nst::check_gradient(nst::total_variation, nst::total_variation_backward, image,
                                     options()),
                 image.size());
    }
}

TEST_CASE("range_penalty_backward: is the gradient of range_penalty") {
    const std::array<nst::Real, 3> mean = {100, 110, 120};
    for (const Shape3& size : sizes) {
        if (size[2] != 3) continue;
        Tensor3 image = spread_tensor<Tensor3>(size);
        image *= nst::Real(200);  // on both sides of the range, and inside it
        const auto penalty = [&](const Tensor3& x) { return nst::range_penalty(x, mean); };
        const auto gradient = [&](const Tensor3& x) {
            return nst::range_penalty_backward(x, mean);
        };
        is_right(nst::check_gradient(penalty, gradient, image, options()), image.size());
    }
}
