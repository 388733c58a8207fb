#include "nst/gram_matrix.hpp"

#include <numeric>
#include <random>
#include <vector>

#include "07_gram_matrix/by_hand.hpp"
#include "08_style_loss/by_hand.hpp"
#include "11_backpropagation/by_hand.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Matrix;
using nst::Shape3;
using nst::Tensor3;

namespace {

// Blocks of 2048 products are summed in the library's type, the blocks in double; the largest entry
// is on the diagonal, where all terms have one sign. The loops' own sums, in double over up to
// 70000 terms, are off by 1e-13 at most.
constexpr double gram_tolerance = 16 * epsilon + 1e-13;
// Sums of up to 130 products of numbers below 2.
constexpr double product_tolerance = 16 * epsilon;

// Products run over blocks of 2048 positions, and above 16 blocks several share a segment.
const std::vector<Shape3> shapes = {{1, 1, 1},         {1, 1, 7},
                                    {1, 9, 3},         {9, 1, 3},
                                    {5, 7, 1},         {6, 8, 4},
                                    {5, 7, 33},        {4, 3, 130},
                                    {1, 2047, 3},      {64, 32, 3},
                                    {2049, 1, 3},      {41, 100, 5},
                                    {128, 256, 2},     {1, 16 * 2048 + 1, 2},
                                    {1, 17 * 2048, 2}, {257, 263, 2}};

// The same features with the positions in a different order.
Tensor3 shuffled_positions(const Tensor3& features, std::uint32_t seed) {
    const std::size_t channels = features.shape(2);
    std::vector<std::size_t> order(features.shape(0) * features.shape(1));
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::mt19937 bits(seed);
    for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[bits() % k]);
    Tensor3 shuffled = Tensor3::from_shape(features.shape());
    for (std::size_t p = 0; p < order.size(); ++p) {
        std::copy_n(features.data() + order[p] * channels, channels,
                    shuffled.data() + p * channels);
    }
    return shuffled;
}

}  // namespace

TEST_CASE("gram_matrix: agrees with the triple loop on every kind of size") {
    for (const Shape3& shape : shapes) {
        CAPTURE(shape[0], shape[1], shape[2]);
        const auto features = random_tensor<Tensor3>(shape, 1);
        CHECK(agree(nst::gram_matrix(features), by_hand::gram_matrix(features), gram_tolerance));
    }
}

TEST_CASE("gram_matrix: counts every position once for any division into blocks") {
    for (const std::size_t positions :
         std::vector<std::size_t>{1, 2047, 2048, 2049, 4096, 16 * 2048 - 1, 16 * 2048,
                                  16 * 2048 + 1, 17 * 2048, 33 * 2048 + 1}) {
        CAPTURE(positions);
        const Tensor3 ones = xt::ones<nst::Real>({positions, std::size_t{1}, std::size_t{2}});
        const Matrix gram = nst::gram_matrix(ones);
        const auto count = static_cast<nst::Real>(positions);  // exact: below 2^24
        CHECK(same_values(gram, Matrix{{count, count}, {count, count}}));
    }
}

TEST_CASE("gram_matrix: correlates channels without a divisor") {
    // Channel 0 is 1, 2, 3 and channel 1 is 0, 1, 2.
    const Tensor3 features = {{{1, 0}, {2, 1}, {3, 2}}};
    CHECK(same_values(nst::gram_matrix(features), Matrix{{14, 8}, {8, 5}}));
}

TEST_CASE("gram_matrix: shuffling the positions changes nothing") {
    const auto features = random_tensor<Tensor3>({40, 60, 5}, 1);
    const Matrix gram = nst::gram_matrix(features);
    for (const std::uint32_t seed : {2u, 3u, 4u}) {
        const Tensor3 shuffled = shuffled_positions(features, seed);
        REQUIRE_FALSE(same_bits(shuffled, features).holds);
        CHECK(agree(nst::gram_matrix(shuffled), gram, gram_tolerance));
    }
}

TEST_CASE("gram_matrix: the tutorial's reshape without transposing depends on the positions") {
    const auto features = random_tensor<Tensor3>({40, 60, 5}, 1);
    const Matrix misread = by_hand::misread_gram_matrix(features);
    const Matrix misread_shuffled = by_hand::misread_gram_matrix(shuffled_positions(features, 2));
    constexpr double clearly = 0.01;  // a thousand times the rounding error of float
    CHECK(relative_error(misread_shuffled, misread) > clearly);
    CHECK(relative_error(misread, nst::gram_matrix(features)) > clearly);
}

TEST_CASE("gram_matrix_backward: agrees with the loops, for a gradient that is not symmetric") {
    for (const Shape3& shape : shapes) {
        CAPTURE(shape[0], shape[1], shape[2]);
        const auto features = random_tensor<Tensor3>(shape, 1);
        const auto d_gram = random_tensor<Matrix>({shape[2], shape[2]}, 2);
        CHECK(agree(nst::gram_matrix_backward(d_gram, features),
                    by_hand::gram_matrix_backward(d_gram, features), product_tolerance));
    }
}

TEST_CASE("gram_matrix: rejects empty features and a gradient of the wrong size") {
    CHECK(error_of([] {
              nst::gram_matrix(Tensor3::from_shape({0, 3, 2}));
          }) == "gram_matrix: features must not be empty, got 0x3x2");
    const auto backward = [](std::size_t rows, std::size_t columns) {
        return error_of([&] {
            nst::gram_matrix_backward(Matrix::from_shape({rows, columns}),
                                      Tensor3::from_shape({2, 3, 4}));
        });
    };
    CHECK(backward(3, 4) ==
          "gram_matrix_backward: d_gram must be 4x4 (one row per channel of features), got 3x4");
    CHECK(backward(4, 5) ==
          "gram_matrix_backward: d_gram must be 4x4 (one row per channel of features), got 4x5");
}
