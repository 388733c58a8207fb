#include "published_numbers.hpp"

#include <algorithm>
#include <cmath>
#include <iomanip>

#include "nst/content_loss.hpp"
#include "nst/gram_matrix.hpp"
#include "nst/numpy_random.hpp"
#include "nst/style_loss.hpp"
#include "nst/total_cost.hpp"
#include "require.hpp"
#include "tensorflow_random.hpp"

namespace nst::tools {

namespace {

// The course prints float32 numbers, which are off by one or two in the last printed digit.
constexpr double float_tolerance = 5e-7;
// The course's TensorFlow 2 run used a graphics card, whose matrix products are off by this much.
// Its content cost involves no product and is exact.
constexpr double graphics_tolerance = 2e-4;

// The operation seeds that TensorFlow uses for the two operations that draw, see
// tensorflow_random_normal.
struct Draws {
    std::uint32_t first;
    std::uint32_t second;
};
constexpr Draws tensorflow1 = {3, 9};
constexpr Draws tensorflow2 = {577090037, 271041745};

// Returns `tf.random_normal([1, 4, 4, 3], mean=1, stddev=4)` of the content and style cells.
Tensor3 features(std::uint32_t draw) {
    Tensor3 result = Tensor3::from_shape({4, 4, 3});
    const std::vector<double> values = tensorflow_random_normal(result.size(), draw);
    std::copy(values.begin(), values.end(), result.begin());
    return result;
}

// Converts a matrix (channels, positions), row-major, to a feature map.
Tensor3 from_rows(const double* values, std::size_t channels, std::size_t positions) {
    Tensor3 result = Tensor3::from_shape({positions, 1, channels});
    for (std::size_t c = 0; c < channels; ++c) {
        for (std::size_t p = 0; p < positions; ++p) {
            result(p, 0, c) = static_cast<Real>(values[c * positions + p]);
        }
    }
    return result;
}

// Returns the Gram matrix of the course's Gram matrix cell: three channels at two positions.
Matrix small_gram(std::uint32_t draw) {
    constexpr std::size_t channels = 3;
    constexpr std::size_t positions = 2;
    const std::vector<double> values = tensorflow_random_normal(channels * positions, draw);
    return gram_matrix(from_rows(values.data(), channels, positions));
}

// Reproduces the tutorial's `tf.reshape(a, [n_C, n_H * n_W])` without a transpose, which interprets
// memory in the order (positions, channels) as (channels, positions).
Tensor3 misread(const Tensor3& f) {
    const std::vector<double> values(f.begin(), f.end());
    return from_rows(values.data(), f.shape(2), f.shape(0) * f.shape(1));
}

void add_gram(std::vector<NumberCheck>& numbers, const std::string& version, const Matrix& ours,
              const std::vector<double>& published, double tolerance) {
    const double largest = *std::max_element(published.begin(), published.end());
    for (std::size_t k = 0; k < published.size(); ++k) {
        const std::size_t row = k < 3 ? 0 : k < 5 ? 1 : 2;
        const std::size_t column = k < 3 ? k : k < 5 ? k - 2 : 2;
        numbers.push_back({"Gram matrix [" + std::to_string(row) + ", " + std::to_string(column) +
                               "], " + version,
                           published[k], ours(row, column), tolerance, largest});
    }
}

}  // namespace

double relative_difference(const NumberCheck& comparison) {
    const double scale = comparison.scale == 0 ? comparison.published : comparison.scale;
    return std::abs(comparison.ours - comparison.published) / std::abs(scale);
}

std::string printed(const NumberCheck& comparison, double number) {
    TextStream text;
    text << std::setprecision(comparison.tolerance == 0 ? 16 : 9) << number;
    return text.str();
}

bool agrees(const NumberCheck& comparison) {
    // Even so the last bit may differ: a processor that multiplies and adds in one step rounds once
    // less.
    if (comparison.tolerance == 0) {
        return printed(comparison, comparison.ours) == printed(comparison, comparison.published);
    }
    return relative_difference(comparison) <= comparison.tolerance;  // false for NaN
}

std::vector<NumberCheck> unit_numbers() {
    std::vector<NumberCheck> numbers;
    const auto style_cost = [](const Tensor3& generated, const Tensor3& style) {
        return style_loss(generated, gram_matrix(style));
    };
    const Tensor3 first = features(tensorflow1.first);
    const Tensor3 second = features(tensorflow1.second);
    numbers.push_back(
        {"J_content, TensorFlow 1", 6.765593, content_loss(second, first), float_tolerance});
    add_gram(numbers, "TensorFlow 1", small_gram(tensorflow1.first),
             {6.42230511, -4.42912197, -2.09668207, 19.46583748, 19.56387138, 20.6864624},
             float_tolerance);
    numbers.push_back(
        {"J_style_layer, TensorFlow 1", 9.190279, style_cost(second, first), float_tolerance});
    numbers.push_back({"J_style_layer, tutorial's reshape", 11.345221,
                       style_cost(misread(second), misread(first)), float_tolerance});
    NumpyRandom random(3);
    const double content_cost = random.normal();
    numbers.push_back(
        {"J, TensorFlow 1", 35.34667875478276, total_cost(content_cost, random.normal()), 0});

    const Tensor3 first2 = features(tensorflow2.first);
    const Tensor3 second2 = features(tensorflow2.second);
    numbers.push_back(
        {"J_content, TensorFlow 2", 7.0568767, content_loss(second2, first2), float_tolerance});
    add_gram(numbers, "TensorFlow 2", small_gram(tensorflow2.first),
             {63.193256, -26.729713, -7.732155}, graphics_tolerance);
    numbers.push_back(
        {"J_style_layer, TensorFlow 2", 14.01649, style_cost(second2, first2), graphics_tolerance});
    return numbers;
}

}  // namespace nst::tools
