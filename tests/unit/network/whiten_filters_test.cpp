// Layers whose filters `calibrate_activations` whitens (ZCA).
#include <cmath>
#include <vector>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>

#include "nst/calibrate_activations.hpp"
#include "nst/random_vgg19.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Image;
using nst::Network;

namespace {

using Matrix64 = xt::xtensor<double, 2>;

constexpr double std_dev = 24;

// Filters and features are rounded, and then divided by the square roots of eigenvalues as small as
// a thousandth of the largest.
constexpr double tolerance = 1e4 * epsilon;

const std::vector<Image>& images() {
    static const std::vector<Image> two = {random_image(96, 80, 1), random_image(70, 128, 2)};
    return two;
}

Network thin_vgg19() {
    nst::RandomVgg19Options options;
    options.channels = {8, 8, 8, 8, 8};
    return nst::random_vgg19(images(), options);
}

// A layer's outputs at all positions of all images, each channel standardised to mean 0 and
// standard deviation 1: (positions, channels).
Matrix64 normalised_outputs(const Network& network, const std::string& layer) {
    std::vector<double> values;
    std::size_t channels = 0;
    for (const Image& image : images()) {
        const nst::Tensor3 input = nst::subtract_mean(image, network.mean);
        const nst::Tensor3 y = nst::forward(network, input, layer).outputs.back();
        channels = y.shape(2);
        values.insert(values.end(), y.begin(), y.end());
    }
    Matrix64 rows = Matrix64::from_shape({values.size() / channels, channels});
    std::copy(values.begin(), values.end(), rows.begin());
    for (std::size_t c = 0; c < channels; ++c) {
        auto channel = xt::view(rows, xt::all(), c);
        channel -= xt::mean(channel)();
        channel /= std::sqrt(xt::mean(xt::square(channel))());
    }
    return rows;
}

// The correlation of each channel of a with each of b.
Matrix64 correlations(const Matrix64& a, const Matrix64& b) {
    Matrix64 result = xt::zeros<double>({a.shape(1), b.shape(1)});
    for (std::size_t p = 0; p < a.shape(0); ++p) {
        for (std::size_t i = 0; i < a.shape(1); ++i) {
            for (std::size_t j = 0; j < b.shape(1); ++j) result(i, j) += a(p, i) * b(p, j);
        }
    }
    return result / static_cast<double>(a.shape(0));
}

double largest_between_channels(const Matrix64& correlation) {
    double largest = 0;
    for (std::size_t i = 0; i < correlation.shape(0); ++i) {
        for (std::size_t j = 0; j < i; ++j)
            largest = std::max(largest, std::abs(correlation(i, j)));
    }
    return largest;
}

}  // namespace

TEST_CASE(
    "calibrate_activations: channels of a whitened layer are uncorrelated, those of other layers "
    "are not") {
    const Network network =
        nst::calibrate_activations(thin_vgg19(), images(), std_dev, 0.5, {"conv1_2", "conv3_1"});
    for (const char* layer : {"conv1_2", "conv3_1"}) {
        INFO(layer);
        const Matrix64 y = normalised_outputs(network, layer);
        CHECK(largest_between_channels(correlations(y, y)) < tolerance);
    }
    for (const char* layer : {"conv2_1", "conv3_2", "conv5_1"}) {
        INFO(layer);
        const Matrix64 y = normalised_outputs(network, layer);
        CHECK(largest_between_channels(correlations(y, y)) > 0.1);
    }
}

TEST_CASE("calibrate_activations: a whitened layer still has the requested mean and std_dev") {
    const Network network =
        nst::calibrate_activations(thin_vgg19(), images(), std_dev, 0.5, {"conv2_1"});
    double sum = 0, squares = 0, count = 0;
    for (const Image& image : images()) {
        const nst::Tensor3 input = nst::subtract_mean(image, network.mean);
        const nst::Tensor3 y = nst::forward(network, input, "conv2_1").outputs.back();
        for (std::size_t k = 5; k < y.size(); k += 8) {
            sum += y.data()[k];
            squares += double(y.data()[k]) * y.data()[k];
            ++count;
        }
    }
    CHECK(sum / count == Approx(std_dev / 2).epsilon(tolerance));
    const double variance = squares / count - (sum / count) * (sum / count);
    CHECK(std::sqrt(variance) == Approx(std_dev).epsilon(tolerance));
}

TEST_CASE("calibrate_activations: whitening changes the channels as little as possible") {
    // Of all decorrelating mixtures, the nearest is the one whose correlation with the original
    // channels is symmetric and positive.
    const Network before = nst::calibrate_activations(thin_vgg19(), images(), std_dev);
    const Network after =
        nst::calibrate_activations(thin_vgg19(), images(), std_dev, 0, {"conv3_1"});
    const Matrix64 c =
        correlations(normalised_outputs(before, "conv3_1"), normalised_outputs(after, "conv3_1"));
    for (std::size_t i = 0; i < c.shape(0); ++i) {
        CHECK(c(i, i) > 0);
        for (std::size_t j = 0; j < i; ++j) {
            CAPTURE(i, j);
            CHECK(c(i, j) == Approx(c(j, i)).margin(tolerance));
        }
    }
}

TEST_CASE("calibrate_activations: equal channels stay equal when the others are decorrelated") {
    Network network = thin_vgg19();
    nst::Filters& filters = network.layers[0].filters;
    for (std::size_t k = 0; k < filters.size(); k += 8) filters.data()[k + 1] = filters.data()[k];
    network = nst::calibrate_activations(network, images(), std_dev, 0, {"conv1_1"});
    const Matrix64 y = normalised_outputs(network, "conv1_1");
    const Matrix64 c = correlations(y, y);
    CHECK(c(0, 1) == Approx(1).epsilon(tolerance));
    for (std::size_t i = 2; i < 8; ++i) CHECK(std::abs(c(0, i)) < tolerance);
}

TEST_CASE("calibrate_activations: rejects whitening a layer that is not a convolution") {
    for (const char* name : {"conv9_1", "relu1_1", ""}) {
        CHECK(error_of([&] {
                  nst::calibrate_activations(thin_vgg19(), images(), std_dev, 0, {name});
              }) == std::string("calibrate_activations: the network has no convolution ") + name);
    }
}
