#include "nst/style_loss.hpp"

#include <vector>

#include "07_gram_matrix/by_hand.hpp"
#include "08_style_loss/by_hand.hpp"
#include "11_backpropagation/by_hand.hpp"
#include "nst/gram_matrix.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Matrix;
using nst::Shape3;
using nst::Tensor3;

namespace {

// G - A is half of G or more for two unrelated random feature maps, so squaring the difference
// doubles the error of the Gram matrix (16 epsilon) a few times at most.
constexpr double loss_tolerance = 128 * epsilon;
// The same error, not squared, after one more product.
constexpr double gradient_tolerance = 128 * epsilon;

const std::vector<Shape3> shapes = {{1, 1, 1}, {1, 1, 7},  {1, 9, 3},   {9, 1, 3},    {5, 7, 1},
                                    {6, 8, 4}, {5, 7, 33}, {4, 3, 130}, {2049, 1, 3}, {41, 100, 5}};

// The Gram matrix of another feature map, as a style image of half the size would give it.
Matrix other_gram(const Shape3& shape) {
    auto gram = by_hand::gram_matrix(random_tensor<Tensor3>(shape, 7));
    gram *= nst::Real(0.5);
    return gram;
}

// J_style entirely by hand: G with the loops of chapter 07, where chapter 08 uses the library's.
double loss_by_loops(const Tensor3& generated, const Matrix& style_gram) {
    const Matrix gram = by_hand::gram_matrix(generated);
    double sum = 0;
    for (std::size_t k = 0; k < gram.size(); ++k) {
        const double difference = static_cast<double>(gram.data()[k]) - style_gram.data()[k];
        sum += difference * difference;
    }
    const double size = static_cast<double>(generated.size());
    return sum / 4 / size / size;
}

}  // namespace

TEST_CASE("style_loss: agrees with the loops on every kind of size, forward and backward") {
    for (const Shape3& shape : shapes) {
        CAPTURE(shape[0], shape[1], shape[2]);
        const auto generated = random_tensor<Tensor3>(shape, 1);
        const Matrix style_gram = other_gram(shape);
        const double loss = nst::style_loss(generated, style_gram);
        CHECK(agree(loss, by_hand::style_loss(generated, style_gram), loss_tolerance));
        CHECK(agree(loss, loss_by_loops(generated, style_gram), loss_tolerance));
        CHECK(agree(nst::style_loss_backward(generated, style_gram),
                    by_hand::style_loss_backward(generated, style_gram), gradient_tolerance));
    }
}

TEST_CASE("style_loss: is the sum of squares divided by 4 C^2 (HW)^2") {
    const Tensor3 generated = {{{1, 0}, {2, 1}, {3, 2}}};  // G = 14 8 / 8 5
    const Matrix style_gram = {{14, 2}, {2, 5}};
    CHECK(nst::style_loss(generated, style_gram) == Approx(72.0 / (4 * 4 * 9)).epsilon(epsilon));
    // F (G - A) = F (0 6 / 6 0), over C^2 (HW)^2 = 36
    const Tensor3 gradient = nst::style_loss_backward(generated, style_gram);
    const Tensor3 expected = {{{0, 6}, {6, 12}, {12, 18}}};
    CHECK(agree(gradient, Tensor3(expected / nst::Real(36)), gradient_tolerance));
}

TEST_CASE("style_loss: the style image's own features have loss zero and gradient zero") {
    const auto features = random_tensor<Tensor3>({50, 60, 5}, 1);
    const Matrix gram = nst::gram_matrix(features);
    CHECK(nst::style_loss(features, gram) == 0);
    CHECK(same_values(nst::style_loss_backward(features, gram),
                      Tensor3(xt::zeros<nst::Real>(features.shape()))));
}

TEST_CASE("style_loss: rejects a Gram matrix of the wrong size and empty features") {
    const auto loss = [](const Shape3& shape, std::size_t rows, std::size_t columns) {
        return error_of([&] {
            nst::style_loss(Tensor3::from_shape(shape), Matrix::from_shape({rows, columns}));
        });
    };
    CHECK(loss({2, 3, 4}, 8, 8) ==
          "style_loss: style_gram must be 4x4 (one row per channel of generated), got 8x8. Was it "
          "made from another layer?");
    CHECK(loss({2, 3, 4}, 4, 3) ==
          "style_loss: style_gram must be 4x4 (one row per channel of generated), got 4x3. Was it "
          "made from another layer?");
    CHECK(loss({2, 0, 4}, 4, 4) == "style_loss: generated must not be empty, got 2x0x4");
    CHECK(error_of([] {
              nst::style_loss_backward(Tensor3::from_shape({2, 3, 4}), Matrix::from_shape({3, 4}));
          }) ==
          "style_loss_backward: style_gram must be 4x4 (one row per channel of generated), got "
          "3x4. Was it made from another layer?");
    CHECK(error_of([] {
              nst::style_loss_backward(Tensor3::from_shape({0, 3, 4}), Matrix::from_shape({4, 4}));
          }) == "style_loss_backward: generated must not be empty, got 0x3x4");
}
