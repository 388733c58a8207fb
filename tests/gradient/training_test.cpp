// The backward passes that training adds, against finite differences.
#include "gradient/inputs.hpp"
#include "nst/batch_norm.hpp"
#include "nst/classifier.hpp"
#include "nst/conv2d.hpp"
#include "nst/cross_entropy.hpp"
#include "nst/gradcheck.hpp"
#include "nst/winograd.hpp"
#include "support/catch.hpp"
#include "support/random_tensor.hpp"

using nst::Classifier;
using nst::Filters;
using nst::GradcheckOptions;
using nst::GradcheckReport;
using nst::Matrix;
using nst::Tensor3;
using nst::Vector;
using nst_test::linear_error;
using nst_test::smooth_error;
using nst_test::spread_tensor;

namespace {

GradcheckOptions within(double tolerance) {
    GradcheckOptions options;
    options.tolerance = tolerance;
    return options;
}

// The loss of a classifier on one batch, as a function of the vector of all parameters.
struct Batch {
    Classifier classifier;
    std::vector<nst::Image> images;
    std::vector<std::size_t> labels;

    double loss_at(const Vector& all) const {
        Classifier moved = classifier;
        const double* next = all.data();
        for (const nst::Parameters& some : nst::parameters(moved, moved)) {
            std::copy_n(next, some.size, some.values);
            next += some.size;
        }
        nst::ClassifierObjective objective(moved, images.size(), images[0].shape(0));
        return objective(moved, images, labels, 0.1).loss;
    }

    Vector parameters() {
        std::vector<double> all;
        for (const nst::Parameters& some : nst::parameters(classifier, classifier)) {
            all.insert(all.end(), some.values, some.values + some.size);
        }
        return xt::adapt(all, {all.size()});
    }

    Vector gradient() {
        nst::ClassifierObjective objective(classifier, images.size(), images[0].shape(0));
        objective(classifier, images, labels, 0.1);
        std::vector<double> all;
        for (const nst::Parameters& some : nst::parameters(classifier, objective.gradient())) {
            all.insert(all.end(), some.gradient, some.gradient + some.size);
        }
        return xt::adapt(all, {all.size()});
    }
};

}  // namespace

TEST_CASE("conv2d_backward_filters: agrees with finite differences, plain and by Winograd") {
    for (const nst::Shape3& size : {nst::Shape3{1, 1, 2}, {1, 6, 1}, {5, 7, 3}, {9, 4, 2}}) {
        INFO(size[0] << "x" << size[1] << "x" << size[2]);
        const auto x = spread_tensor<Tensor3>(size);
        const auto b = spread_tensor<Vector>({2}, 3);
        const auto w = spread_tensor<Filters>({3, 3, size[2], 2}, 2);
        const auto forward = [&](const Filters& filters) { return nst::conv2d(x, filters, b); };
        const auto plain = [&](const Tensor3& dy, const Filters&) {
            return nst::conv2d_backward_filters(x, dy);
        };
        const auto fast = [&](const Tensor3& dy, const Filters&) {
            return nst::winograd_conv2d_backward_filters(x, dy);
        };
        const GradcheckReport of_plain =
            nst::check_backward(forward, plain, w, within(linear_error));
        const GradcheckReport of_fast = nst::check_backward(forward, fast, w, within(linear_error));
        INFO(of_plain << "\n" << of_fast);
        CHECK(of_plain.passed());
        CHECK(of_fast.passed());
    }
}

TEST_CASE("conv2d_backward_filters: agrees with finite differences for filters other than 3x3") {
    const auto x = spread_tensor<Tensor3>({5, 6, 2});
    const auto b = spread_tensor<Vector>({2}, 3);
    const auto w = spread_tensor<Filters>({1, 5, 2, 2}, 2);
    const auto forward = [&](const Filters& filters) { return nst::conv2d(x, filters, b); };
    const auto backward = [&](const Tensor3& dy, const Filters&) {
        return nst::conv2d_backward_filters(x, dy, 1, 5);
    };
    const GradcheckReport report = nst::check_backward(forward, backward, w, within(linear_error));
    INFO(report);
    CHECK(report.passed());
}

TEST_CASE("conv2d_backward_bias: agrees with finite differences") {
    const auto x = spread_tensor<Tensor3>({5, 7, 3});
    const auto w = spread_tensor<Filters>({3, 3, 3, 4}, 2);
    const auto forward = [&](const Vector& b) { return nst::conv2d(x, w, b); };
    const auto backward = [&](const Tensor3& dy, const Vector&) {
        return nst::conv2d_backward_bias(dy);
    };
    const GradcheckReport report =
        nst::check_backward(forward, backward, spread_tensor<Vector>({4}, 3), within(linear_error));
    INFO(report);
    CHECK(report.passed());
}

TEST_CASE("batch_norm_backward: agrees with finite differences, through mean and variance too") {
    for (const nst::Shape3& size : {nst::Shape3{2, 3, 1}, {5, 3, 4}, {19, 2, 3}}) {
        INFO(size[0] << "x" << size[1] << "x" << size[2]);
        const auto forward = [](const Tensor3& x) { return nst::batch_norm(x).y; };
        const auto backward = [](const Tensor3& dy, const Tensor3& x) {
            return nst::batch_norm_backward(dy, nst::batch_norm(x));
        };
        const GradcheckReport report = nst::check_backward(
            forward, backward, spread_tensor<Tensor3>(size), within(smooth_error));
        INFO(report);
        CHECK(report.passed());
    }
}

TEST_CASE("cross_entropy_backward: agrees with finite differences") {
    const std::vector<std::size_t> labels = {1, 0, 4};
    for (const double smoothing : {0.0, 0.2}) {
        const auto loss = [&](const Matrix& z) { return nst::cross_entropy(z, labels, smoothing); };
        const auto gradient = [&](const Matrix& z) {
            return nst::cross_entropy_backward(z, labels, smoothing);
        };
        const GradcheckReport report = nst::check_gradient(
            loss, gradient, spread_tensor<Matrix>({3, 5}), within(smooth_error));
        INFO(report);
        CHECK(report.passed());
    }
}

TEST_CASE(
    "ClassifierObjective: the gradient agrees with finite differences along random directions") {
    nst::ClassifierOptions made;
    made.channels = {4, 5, 6, 5, 4};
    made.classes = 3;
    made.layers = {"relu1_1", "relu2_1", "relu5_1"};
    Batch batch;
    for (std::uint32_t seed = 1; seed <= 3; ++seed) {
        batch.images.push_back(nst_test::random_image(13, 13, seed));
    }
    batch.labels = {2, 0, 1};
    batch.classifier = nst::make_classifier(made);
    for (nst::Head& head : batch.classifier.heads) {
        head.weights = spread_tensor<Matrix>({head.weights.shape(0), 3}, 5);
    }
    GradcheckOptions options;
    options.probes = nst::GradientProbes::random_directions;
    options.directions = 20;
    options.scheme = nst::DifferenceScheme::four_point;
    options.step = 1e-6;  // small enough to cross few of the thousands of kinks
    options.tolerance = 1e-6;
    const GradcheckReport report = nst::check_gradient(
        [&](const Vector& all) { return batch.loss_at(all); },
        [&](const Vector&) { return batch.gradient(); }, batch.parameters(), options);
    INFO(report);
    CHECK(report.passed());
    CHECK(report.compared >= 10);
}
