// A network made smaller: what the student keeps, how well it does, and what is refused.
#include "nst/distil.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"
#include "support/small_vgg19.hpp"
#include "support/thread_count.hpp"
#include "training/channel_choice.hpp"

using namespace nst_test;
using nst::DistilledLayer;
using nst::DistilOptions;
using nst::Image;
using nst::Network;
using nst::Real;
using nst::Tensor3;

namespace {

const std::vector<Image>& images() {
    static const std::vector<Image> some = {random_image(48, 40, 1), random_image(40, 56, 2),
                                            random_image(33, 47, 3)};
    return some;
}

struct Distilled {
    Network student;
    std::vector<DistilledLayer> layers;
};

Distilled distil(const Network& teacher, DistilOptions options) {
    Distilled result;
    options.on_layer = [&](const DistilledLayer& layer) { result.layers.push_back(layer); };
    result.student = nst::distil(teacher, images(), {random_image(41, 43, 9)}, options);
    return result;
}

DistilOptions channels(std::vector<std::size_t> each) {
    DistilOptions options;
    options.channels = std::move(each);
    return options;
}

// Appends channels that are copies of the first ones to the first convolution of a network; the
// next convolution gives each of the two half of the weight.
Network with_copies(Network network, std::size_t copies) {
    nst::Layer& first = network.layers[0];
    nst::Layer& second = network.layers[2];
    const std::size_t old = first.bias.size();
    nst::Filters w = nst::Filters::from_shape({3, 3, 3, old + copies});
    nst::Vector b = nst::Vector::from_shape({old + copies});
    nst::Filters next = nst::Filters::from_shape({3, 3, old + copies, second.bias.size()});
    for (std::size_t k = 0; k < old + copies; ++k) {
        const std::size_t from = k % old;
        const Real half = from < copies ? Real(0.5) : Real(1);
        b(k) = first.bias(from);
        for (std::size_t tap = 0; tap < 9; ++tap) {
            for (std::size_t c = 0; c < 3; ++c) {
                w(tap / 3, tap % 3, c, k) = first.filters(tap / 3, tap % 3, c, from);
            }
            for (std::size_t o = 0; o < second.bias.size(); ++o) {
                next(tap / 3, tap % 3, k, o) = half * second.filters(tap / 3, tap % 3, from, o);
            }
        }
    }
    first.filters = w;
    first.bias = b;
    second.filters = next;
    return network;
}

}  // namespace

TEST_CASE("distil: keeping all channels gives the teacher back") {
    const Network teacher = small_vgg19();
    const Distilled result = distil(teacher, channels({4, 5, 6, 7, 8}));
    REQUIRE(result.layers.size() == 13);
    constexpr double negligible = 1e-4;  // the ridge holds the filters back a little
    for (const DistilledLayer& layer : result.layers) {
        CAPTURE(layer.name);
        CHECK(layer.channels == layer.teacher_channels);
        CHECK(layer.fitted_error < negligible);
    }
    REQUIRE(result.student.layers.size() == teacher.index_of("relu5_1") + 1);
    for (std::size_t l = 0; l < result.student.layers.size(); ++l) {
        CHECK(result.student.layers[l].name == teacher.layers[l].name);
        CHECK(result.student.layers[l].kind == teacher.layers[l].kind);
    }
    CHECK(result.student.mean == teacher.mean);
}

TEST_CASE("distil: leaves out channels that are copies of others without a loss") {
    const Network teacher = with_copies(small_vgg19({6, 6, 6, 6, 6}), 4);
    DistilOptions options = channels({6});
    options.last_layer = "relu1_2";
    const Distilled result = distil(teacher, options);
    REQUIRE(result.layers.size() == 2);
    CHECK(result.layers[0].teacher_channels == 10);
    CHECK(result.layers[0].channels == 6);
    constexpr double negligible = 1e-4;
    CHECK(result.layers[1].fitted_error < negligible);
    CHECK(result.layers[1].held_out_error < negligible);
}

TEST_CASE(
    "distil: fewer channels leave an error below that of the mean, more channels a smaller one") {
    const Network teacher = small_vgg19({8, 8, 8, 8, 8});
    const auto last = [&](std::size_t count) {
        const Distilled result = distil(teacher, channels(std::vector<std::size_t>(5, count)));
        for (const nst::Layer& layer : result.student.layers) {
            if (layer.kind == nst::LayerKind::conv) CHECK(layer.bias.size() == count);
        }
        return result.layers.back();
    };
    const DistilledLayer half = last(4);
    const DistilledLayer most = last(7);
    CHECK(half.fitted_error < 1);
    CHECK(most.fitted_error < half.fitted_error);
    CHECK(std::isfinite(half.held_out_error));
}

TEST_CASE("distil: the errors are those of the features") {
    const Network teacher = small_vgg19({4, 4, 4, 4, 4});
    DistilOptions options = channels({3, 3});
    options.last_layer = "conv2_1";
    const Distilled result = distil(teacher, options);
    // The channels that were kept are those that the student's output fits best.
    const Image held_out = random_image(41, 43, 9);
    const auto features = [&](const Network& network) {
        return nst::forward(network, nst::subtract_mean(held_out, network.mean), "conv2_1")
            .outputs.back();
    };
    const Tensor3 wanted = features(teacher);
    const Tensor3 got = features(result.student);
    REQUIRE(got.shape(2) == 3);
    double errors = 0;
    double deviations = 0;
    const std::size_t positions = got.size() / 3;
    for (std::size_t k = 0; k < 3; ++k) {
        double best = std::numeric_limits<double>::infinity();
        double its_deviations = 0;
        for (std::size_t c = 0; c < 4; ++c) {
            double mean = 0;
            double squares = 0;
            double difference = 0;
            for (std::size_t p = 0; p < positions; ++p) {
                const double value = wanted.data()[4 * p + c];
                mean += value / static_cast<double>(positions);
                squares += value * value;
                difference += std::pow(got.data()[3 * p + k] - value, 2);
            }
            if (difference >= best) continue;
            best = difference;
            its_deviations = squares - static_cast<double>(positions) * mean * mean;
        }
        errors += best;
        deviations += its_deviations;
    }
    constexpr double tolerance = 1e-3;  // two ways to convolve, and differences of nearby numbers
    CHECK(agree(result.layers.back().held_out_error, errors / deviations, tolerance));
}

TEST_CASE("distil: the same bits for any number of threads") {
    const Network teacher = small_vgg19({6, 6, 6, 6, 6});
    const auto student_on = [&](int threads) {
        const ThreadCount count(threads);
        return nst::distil(teacher, images(), {}, channels({4, 4, 4, 4, 4}));
    };
    const Network one = student_on(1);
    for (const int threads : {2, 3}) {
        const Network other = student_on(threads);
        for (std::size_t l = 0; l < one.layers.size(); ++l) {
            CHECK(same_bits(other.layers[l].filters, one.layers[l].filters));
            CHECK(same_bits(other.layers[l].bias, one.layers[l].bias));
        }
    }
}

TEST_CASE("distil: tells how far it is") {
    DistilOptions options = channels({2, 2});
    options.last_layer = "relu2_2";
    std::vector<std::size_t> done;
    std::size_t all = 0;
    options.on_progress = [&](std::size_t now, std::size_t of) {
        done.push_back(now);
        all = of;
    };
    nst::distil(small_vgg19(), images(), {random_image(20, 20, 4)}, options);
    REQUIRE(done.size() == 3 + 4 * 4);
    CHECK(all == done.size());
    for (std::size_t k = 0; k < done.size(); ++k) CHECK(done[k] == k + 1);
}

TEST_CASE("distil: rejects what it cannot work with") {
    const Network teacher = small_vgg19();
    const auto message = [&](const Network& network, const std::vector<Image>& pictures,
                             const DistilOptions& options) {
        return error_of([&] { nst::distil(network, pictures, {}, options); });
    };
    CHECK(message(teacher, {}, channels({4, 4, 4, 4, 4})).find("at least one image") !=
          std::string::npos);
    CHECK(message(teacher, images(), channels({4, 4})).find("channels must have 5 numbers") !=
          std::string::npos);
    CHECK(message(teacher, images(), channels({4, 4, 0, 4, 4})).find("at least one channel") !=
          std::string::npos);
    DistilOptions unknown = channels({4});
    unknown.last_layer = "relu9_1";
    CHECK(message(teacher, images(), unknown).find("relu9_1") != std::string::npos);
    Network infinite = teacher;
    infinite.layers[0].bias(0) = std::numeric_limits<Real>::infinity();
    CHECK(message(infinite, images(), channels({4, 4, 4, 4, 4})).find("not finite") !=
          std::string::npos);
    CHECK(message(teacher, {Tensor3::from_shape({8, 8, 1})}, channels({4, 4, 4, 4, 4})) !=
          "no error");
    for (const double share : {0.0, -1.0, 1.5, std::numeric_limits<double>::quiet_NaN()}) {
        CHECK(error_of([&] { nst::share_of_channels(teacher, share); }).find("share must be") !=
              std::string::npos);
    }
}

TEST_CASE("share_of_channels: multiples of four, at least four, no more than there are") {
    const Network teacher = small_vgg19({3, 16, 32, 64, 100});
    CHECK(nst::share_of_channels(teacher, 0.75) == std::vector<std::size_t>{3, 12, 24, 48, 76});
    CHECK(nst::share_of_channels(teacher, 0.01) == std::vector<std::size_t>{3, 4, 4, 4, 4});
    CHECK(nst::share_of_channels(teacher, 1) == std::vector<std::size_t>{3, 16, 32, 64, 100});
    CHECK(nst::share_of_channels(teacher, 0.75, "relu2_1") == std::vector<std::size_t>{3, 12});
}

TEST_CASE("choose_channels: takes what is used and not yet explained") {
    // Channels 0 and 1 are the same, 2 is small, 3 is large but not used.
    const std::vector<double> covariance = {4, 4, 0, 0, 4, 4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 9};
    const std::vector<double> use = {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0};
    using Indices = std::vector<std::size_t>;
    CHECK(nst::choose_channels(covariance, use, 1) == Indices{0});
    CHECK(nst::choose_channels(covariance, use, 2) == Indices{0, 2});
    CHECK(nst::choose_channels(covariance, use, 4) == Indices{0, 1, 2, 3});
    CHECK(nst::choose_channels(std::vector<double>(4), {1, 0, 0, 1}, 1) == Indices{0});
}

TEST_CASE("CovarianceSums: the covariance of the channels over all positions") {
    Tensor3 x = Tensor3::from_shape({1, 2, 2});
    x(0, 0, 0) = 1;
    x(0, 1, 0) = 3;
    x(0, 0, 1) = 2;
    x(0, 1, 1) = 8;
    nst::CovarianceSums sums(2);
    sums.add(x);
    CHECK(sums.covariance() == std::vector<double>{1, 3, 3, 9});
    Tensor3 y = Tensor3::from_shape({1, 2, 2});
    y.fill(2);
    sums.add(y);
    CHECK(sums.covariance() == std::vector<double>{0.5, 1.5, 1.5, 6.75});
}

TEST_CASE("use_of_channels: sums the filters over taps and outputs") {
    nst::Filters w = nst::Filters(xt::zeros<Real>({3, 3, 2, 2}));
    w(0, 0, 0, 0) = 2;
    w(0, 0, 1, 0) = 3;
    w(2, 1, 0, 1) = -1;
    CHECK(nst::use_of_channels(w) == std::vector<double>{5, 6, 6, 9});
}
