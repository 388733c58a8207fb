// The numbers that the course prints, from its own inputs, drawn with TensorFlow 1.
#include <iomanip>
#include <sstream>
#include <string>
#include <vector>

#include "06_content_loss/by_hand.hpp"
#include "08_style_loss/by_hand.hpp"
#include "nst/content_loss.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/numpy_random.hpp"
#include "nst/style_loss.hpp"
#include "nst/total_cost.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "tensorflow_random.hpp"

using namespace nst_test;
using nst::Matrix;
using nst::Shape3;
using nst::Tensor3;
using nst::tools::philox;
using nst::tools::PhiloxCounter;
using nst::tools::tensorflow_random_normal;

namespace {

// The course prints float32 numbers: the last printed digit is off by one or two.
constexpr double float_tolerance = 5e-7;
// Six to eight digits of the tensors are published.
constexpr double published_tolerance = 2e-7;

// The operation numbers in the course's graphs, which TensorFlow adds to the seed.
constexpr std::uint32_t first_operation = 3;
constexpr std::uint32_t second_operation = 9;

// `tf.random_normal([1, 4, 4, 3], mean=1, stddev=4)` of the content and style cells.
Tensor3 course_features(std::uint32_t op_seed) {
    const std::vector<double> values = tensorflow_random_normal(4 * 4 * 3, op_seed);
    Tensor3 features = Tensor3::from_shape({4, 4, 3});
    std::copy(values.begin(), values.end(), features.begin());
    return features;
}

}  // namespace

TEST_CASE("philox: gives its authors' known answers") {
    CHECK(philox({0, 0, 0, 0}, {0, 0}) ==
          PhiloxCounter{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    constexpr std::uint32_t ones = 0xffffffff;
    CHECK(philox({ones, ones, ones, ones}, {ones, ones}) ==
          PhiloxCounter{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    CHECK(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
          PhiloxCounter{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("course: the random tensors equal those of TensorFlow 1") {
    const auto check_row = [](const nst::Real* row, const std::vector<double>& printed) {
        for (std::size_t k = 0; k < printed.size(); ++k) {
            CHECK(row[k] == Approx(printed[k]).epsilon(published_tolerance));
        }
    };
    const Tensor3 a_c = course_features(first_operation);
    check_row(a_c.data(), {-1.68344487, 1.89428635, 4.18909216, 1.38468254, 3.89259130, 2.35248659,
                           -1.92024447, 4.64613741, -1.03752800, 4.89945605, -7.53608057});
    check_row(&a_c(3, 2, 0),
              {-5.41032227, -5.45012453, -1.77321961, -4.09782521, 4.84395827, 2.74499811});
    const Tensor3 a_g = course_features(second_operation);
    check_row(a_g.data(),
              {-0.39043464, -4.96590940, -5.38754902, 4.57250348, 1.19610357, 5.00998151});
    check_row(&a_g(3, 2, 0),
              {0.14868030, -1.26114868, -0.78171511, 0.53149989, -0.80092891, 3.49726029});
}

TEST_CASE("course: J_content is 6.765593") {
    const Tensor3 a_c = course_features(first_operation);
    const Tensor3 a_g = course_features(second_operation);
    CHECK(agree(nst::content_loss(a_g, a_c), 6.765593, float_tolerance));
    CHECK(agree(by_hand::content_loss(by_hand::unroll(a_g), by_hand::unroll(a_c)), 6.765593,
                float_tolerance));
}

TEST_CASE("course: the Gram matrix of its 3x2 example") {
    // The course's A is (C, HW), three channels at two positions.
    const std::vector<double> a = tensorflow_random_normal(3 * 2, first_operation);
    Tensor3 features = Tensor3::from_shape({2, 1, 3});
    for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t p = 0; p < 2; ++p) {
            features(p, 0, c) = static_cast<nst::Real>(a[c * 2 + p]);
        }
    }
    const Matrix printed = {
        {nst::Real(6.42230511), nst::Real(-4.42912197), nst::Real(-2.09668207)},
        {nst::Real(-4.42912197), nst::Real(19.46583748), nst::Real(19.56387138)},
        {nst::Real(-2.09668207), nst::Real(19.56387138), nst::Real(20.6864624)}};
    CHECK(agree(nst::gram_matrix(features), printed, float_tolerance));
}

TEST_CASE("course: J_style_layer is 9.190279") {
    const Tensor3 a_s = course_features(first_operation);
    const Tensor3 a_g = course_features(second_operation);
    CHECK(agree(nst::style_loss(a_g, nst::gram_matrix(a_s)), 9.190279, float_tolerance));
}

TEST_CASE("course: the tutorial prints 11.345221 because it reshapes without transposing") {
    const Matrix style = by_hand::misread_gram_matrix(course_features(first_operation));
    const Matrix generated = by_hand::misread_gram_matrix(course_features(second_operation));
    double sum = 0;
    for (std::size_t k = 0; k < style.size(); ++k) {
        const double difference = static_cast<double>(generated.data()[k]) - style.data()[k];
        sum += difference * difference;
    }
    CHECK(agree(sum / (4 * 9 * 16 * 16), 11.345221, float_tolerance));
}

TEST_CASE("course: J is 35.34667875478276 to the last printed digit") {
    nst::NumpyRandom random(3);
    const double content_cost = random.normal();
    const double style_cost = random.normal();
    std::ostringstream printed;
    printed << std::setprecision(16) << nst::total_cost(content_cost, style_cost);
    CHECK(printed.str() == "35.34667875478276");
}
