#include "nst/random_vgg19.hpp"

#include <cmath>
#include <vector>

#include "nst/calibrate_activations.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Image;
using nst::Layer;
using nst::LayerKind;
using nst::Network;
using nst::RandomVgg19Options;

namespace {

// Filters are computed in double, rounded once, then scaled: a few roundings of the library's type.
constexpr double orthogonality_tolerance = 16 * epsilon;
// The biases and filters that set the mean and the standard deviation are rounded, and so are the
// features of all layers before.
constexpr double moment_tolerance = 1000 * epsilon;

using Rows = std::vector<std::vector<double>>;

const std::vector<Image>& images() {
    static const std::vector<Image> two = {random_image(48, 40, 1), random_image(35, 64, 2)};
    return two;
}

RandomVgg19Options thin(std::size_t first_block = 8) {
    RandomVgg19Options options;
    options.channels = {first_block, 8, 8, 8, 8};
    return options;
}

double dot(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
    return sum;
}

// The filter of each output channel as one vector of 9 C_in numbers.
Rows filter_columns(const Layer& layer) {
    const std::size_t outputs = layer.filters.shape(3);
    Rows columns(outputs);
    for (std::size_t k = 0; k < layer.filters.size(); ++k) {
        columns[k % outputs].push_back(layer.filters.data()[k]);
    }
    return columns;
}

// Solves the symmetric positive definite system m x = b by elimination.
std::vector<double> solve(Rows m, std::vector<double> b) {
    const std::size_t n = b.size();
    for (std::size_t pivot = 0; pivot < n; ++pivot) {
        for (std::size_t row = pivot + 1; row < n; ++row) {
            const double factor = m[row][pivot] / m[pivot][pivot];
            for (std::size_t k = pivot; k < n; ++k) m[row][k] -= factor * m[pivot][k];
            b[row] -= factor * b[pivot];
        }
    }
    for (std::size_t row = n; row-- > 0;) {
        for (std::size_t k = row + 1; k < n; ++k) b[row] -= m[row][k] * b[k];
        b[row] /= m[row][row];
    }
    return b;
}

// The factors d(o) that bring sum d(o) w(o) w(o)^T closest to the identity matrix in the least
// squares sense: the inverse squares of the columns' scales.
std::vector<double> unscaling(const Rows& columns) {
    Rows normal;
    std::vector<double> right;
    for (const auto& a : columns) {
        normal.emplace_back();
        for (const auto& b : columns) normal.back().push_back(dot(a, b) * dot(a, b));
        right.push_back(dot(a, a));
    }
    return solve(normal, right);
}

// The values of one channel of a layer, at all positions of all images.
std::vector<double> channel_values(const std::vector<nst::Activations>& activations_of_each,
                                   std::size_t layer, std::size_t channel) {
    std::vector<double> values;
    for (const nst::Activations& activations : activations_of_each) {
        const nst::Tensor3& f = activations.outputs[layer];
        for (std::size_t k = channel; k < f.size(); k += f.shape(2)) values.push_back(f.data()[k]);
    }
    return values;
}

// The largest error of any channel's mean and standard deviation before ReLU, in standard
// deviations.
double moment_error(const Network& network, double std_dev, double wanted_mean) {
    std::vector<nst::Activations> activations_of_each;
    for (const Image& image : images()) {
        activations_of_each.push_back(
            nst::forward(network, nst::subtract_mean(image, network.mean), "conv5_4"));
    }
    double worst = 0;
    for (std::size_t l = 0; l < activations_of_each[0].outputs.size(); ++l) {
        if (network.layers[l].kind != LayerKind::conv) continue;
        for (std::size_t c = 0; c < network.layers[l].bias.size(); ++c) {
            const std::vector<double> values = channel_values(activations_of_each, l, c);
            double mean = 0;
            for (const double value : values) mean += value / double(values.size());
            double variance = 0;
            for (const double value : values) {
                variance += (value - mean) * (value - mean) / double(values.size());
            }
            worst = std::max(worst, std::abs(mean / std_dev - wanted_mean));
            worst = std::max(worst, std::abs(std::sqrt(variance) / std_dev - 1));
        }
    }
    return worst;
}

}  // namespace

TEST_CASE("random_vgg19: has the layers of VGG-19 with the requested channels") {
    const Network network = nst::random_vgg19(images(), thin());
    REQUIRE(network.layers.size() == 16 + 16 + 5);
    CHECK(network.layers.front().name == "conv1_1");
    CHECK(network.layers.back().name == "pool5");
    CHECK(network.index_of("relu4_2") == network.index_of("conv4_2") + 1);
    CHECK(network.index_of("pool3") == network.index_of("relu3_4") + 1);
    CHECK(network.layers[0].filters.shape() == std::array<std::size_t, 4>{3, 3, 3, 8});
    CHECK(network.mean[0] == nst::Real(123.68));
    CHECK(network.mean[1] == nst::Real(116.779));
    CHECK(network.mean[2] == nst::Real(103.939));
}

TEST_CASE("random_vgg19: the filters of a layer are orthogonal to each other") {
    const Network network = nst::random_vgg19(images(), thin());
    for (const Layer& layer : network.layers) {
        if (layer.kind != LayerKind::conv) continue;
        INFO(layer.name);
        const Rows columns = filter_columns(layer);
        double largest = 0;
        for (std::size_t a = 0; a < columns.size(); ++a) {
            for (std::size_t b = 0; b < a; ++b) {
                const double lengths =
                    std::sqrt(dot(columns[a], columns[a]) * dot(columns[b], columns[b]));
                largest = std::max(largest, std::abs(dot(columns[a], columns[b])) / lengths);
            }
        }
        CHECK(largest < orthogonality_tolerance);
    }
}

TEST_CASE("random_vgg19: a layer with more outputs than inputs has orthonormal rows, up to scale") {
    // 30 filters of 27 numbers cannot be orthogonal. Their scales are unknown, but 378 equations
    // for 30 unknowns have a solution only if the rows are orthonormal.
    const Network network = nst::random_vgg19(images(), thin(30));
    const Rows columns = filter_columns(network.layers[0]);
    REQUIRE(columns.size() == 30);
    const std::vector<double> d = unscaling(columns);
    double largest = 0;
    for (std::size_t r = 0; r < 27; ++r) {
        for (std::size_t s = 0; s < 27; ++s) {
            double sum = r == s ? -1 : 0;
            for (std::size_t o = 0; o < 30; ++o) sum += d[o] * columns[o][r] * columns[o][s];
            largest = std::max(largest, std::abs(sum));
        }
    }
    constexpr double solved_tolerance =
        1000 * epsilon;  // the normal equations square the condition number
    CHECK(largest < solved_tolerance);
    for (const double square : d) CHECK(square > 0);
}

TEST_CASE("random_vgg19: every channel has mean 0 and the requested std_dev before ReLU") {
    for (const double std_dev : {24.0, 1.5}) {
        RandomVgg19Options options = thin();
        options.std_dev = std_dev;
        const Network network = nst::random_vgg19(images(), options);
        CAPTURE(std_dev);
        CHECK(moment_error(network, std_dev, 0) < moment_tolerance);
    }
}

TEST_CASE("calibrate_activations: every channel has the requested mean and std_dev before ReLU") {
    const Network random = nst::random_vgg19(images(), thin());
    for (const double mean : {0.5, -0.25}) {
        const Network network = nst::calibrate_activations(random, images(), 24, mean);
        CAPTURE(mean);
        CHECK(moment_error(network, 24, mean) < moment_tolerance);
    }
}

TEST_CASE("calibrate_activations: rejects invalid arguments") {
    const Network random = nst::random_vgg19(images(), thin());
    CHECK(error_of([&] { nst::calibrate_activations(random, {}, 24); }) ==
          "calibrate_activations: expected at least one image, got none");
    CHECK(error_of([&] { nst::calibrate_activations(random, images(), -1); }) ==
          "calibrate_activations: std_dev must be positive and finite, got -1");
    CHECK(error_of([&] { nst::calibrate_activations(random, images(), 24, std::nan("")); }) ==
          "calibrate_activations: the mean must be finite, got nan");
}

TEST_CASE("random_vgg19: the same seed gives the same network, a different seed a different one") {
    const Network first = nst::random_vgg19(images(), thin());
    const Network again = nst::random_vgg19(images(), thin());
    RandomVgg19Options options = thin();
    options.seed = 20;
    const Network other = nst::random_vgg19(images(), options);
    for (std::size_t l = 0; l < first.layers.size(); ++l) {
        INFO(first.layers[l].name);
        CHECK(same_bits(again.layers[l].filters, first.layers[l].filters));
        CHECK(same_bits(again.layers[l].bias, first.layers[l].bias));
        if (first.layers[l].kind != LayerKind::conv) continue;
        CHECK_FALSE(same_bits(other.layers[l].filters, first.layers[l].filters).holds);
    }
}

TEST_CASE("random_vgg19: rejects invalid arguments") {
    const auto message = [](const std::vector<Image>& from, const RandomVgg19Options& options) {
        return error_of([&] { nst::random_vgg19(from, options); });
    };
    CHECK(message({}, thin()) == "random_vgg19: expected at least one image, got none");
    RandomVgg19Options options = thin();
    options.channels[2] = 0;
    CHECK(message(images(), options) == "random_vgg19: block 3 must have channels, got 0");
    options = thin();
    options.std_dev = 0;
    CHECK(message(images(), options) == "random_vgg19: std_dev must be positive and finite, got 0");
    options.std_dev = std::nan("");
    CHECK(message(images(), options) ==
          "random_vgg19: std_dev must be positive and finite, got nan");
}

TEST_CASE("random_vgg19: rejects images over which a channel is constant") {
    const Image mean_grey = [] {
        Image image = Image::from_shape({8, 8, 3});
        for (std::size_t k = 0; k < image.size(); ++k) {
            image.data()[k] = std::array<nst::Real, 3>{nst::Real(123.68), nst::Real(116.779),
                                                       nst::Real(103.939)}[k % 3];
        }
        return image;
    }();
    CHECK(error_of([&] { nst::random_vgg19({mean_grey}, thin()); }) ==
          "calibrate_activations: channel 0 of conv1_1 is constant over the images; they need some "
          "structure");
    // Identical images of one pixel: one value per channel, up to the rounding of its mean.
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        for (const std::size_t count : std::vector<std::size_t>{1, 3, 5, 7}) {
            CAPTURE(seed, count);
            const std::vector<Image> alike(count, random_image(1, 1, seed));
            CHECK(error_of([&] { nst::random_vgg19(alike, thin()); }) ==
                  "calibrate_activations: channel 0 of conv1_1 is constant over the images; they "
                  "need "
                  "some structure");
        }
    }
}
