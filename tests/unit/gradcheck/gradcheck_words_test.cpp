// The wording of reports, and operations with their backward passes.
#include <sstream>
#include <stdexcept>
#include <string>

#include "gradcheck_samples.hpp"

using namespace gradcheck_samples;
using nst::check_backward;
using nst::check_gradient;
using nst::GradcheckOptions;
using nst::GradcheckOutcome;
using nst::GradcheckReport;
using nst::GradientProbes;
using nst::MistakePattern;

TEST_CASE("check_gradient: uses the caller's suspects and axis names") {
    const Tensor64 x = spread_tensor<Tensor64>({2, 3, 4});
    GradcheckOptions options;
    options.suspects = {nst::named_values("the cube is not derived", x * x * x)};
    const auto underived = [](const Tensor64& at) { return at * at * at; };
    const GradcheckReport suspect = check_gradient(cubes, underived, x, options);
    CHECK(suspect.diagnosis.pattern == MistakePattern::suspect);
    CHECK(suspect.diagnosis.words == "the cube is not derived");

    options.axes = {"channel", "line", "sample"};
    const auto half_line = [](const Tensor64& at) {
        Tensor64 gradient = at * at;
        for (std::size_t c = 0; c < 2; ++c) {
            for (std::size_t s = 0; s < 4; ++s) gradient(c, 2, s) = 0;
        }
        return gradient;
    };
    mentions(check_gradient(cubes, half_line, x, options).diagnosis.words,
             "right except in the last line, which is zero");
}

TEST_CASE("check_backward: names a missing transposition") {
    const Matrix64 w = spread_tensor<Matrix64>({5, 5}, 3);
    const auto product = [](const Matrix64& m, const Vector64& v) {
        return Vector64(xt::sum(m * v, {1}));
    };
    const auto forward = [&](const Vector64& x) { return product(w, x); };
    const auto right = [&](const Vector64& dy, const Vector64&) {
        return product(xt::transpose(w), dy);
    };
    const auto wrong = [&](const Vector64& dy, const Vector64&) { return product(w, dy); };
    for (const double size : {1.0, 200.0, 0.0}) {
        const Vector64 x = size * spread_tensor<Vector64>({5});
        CHECK(check_backward(forward, right, x).passed());
        const GradcheckReport report = check_backward(forward, wrong, x);
        INFO(report);
        CHECK(report.diagnosis.pattern == MistakePattern::not_transposed);
        mentions(report.diagnosis.words, "not its transpose");
    }
}

TEST_CASE("upstream_gradient: equals the one that check_backward uses, and follows the seed") {
    const Matrix64 x = spread_tensor<Matrix64>({4, 3});
    const auto square = [](const Matrix64& at) { return Matrix64(at * at); };
    for (const std::uint64_t seed : {1U, 2U}) {
        GradcheckOptions options;
        options.seed = seed;
        Matrix64 given;
        const auto backward = [&](const Matrix64& dy, const Matrix64& at) {
            given = dy;
            return 2.0 * dy * at;
        };
        CHECK(check_backward(square, backward, x, options).passed());
        CHECK((given == nst::upstream_gradient(square(x), seed)));
    }
    const Matrix64 dy = nst::upstream_gradient(x);
    CHECK((dy != nst::upstream_gradient(x, 2)));
    CHECK(xt::amin(xt::abs(dy))() >= 0.5);
    CHECK(xt::amax(xt::abs(dy))() < 1.5);
    CHECK(xt::amin(dy)() < 0);
    CHECK(xt::amax(dy)() > 0);
}

TEST_CASE("check_backward: x and y may have different ranks and shapes") {
    const auto column_sums = [](const Matrix64& x) { return Vector64(xt::sum(x * x, {0})); };
    const auto backward = [](const Vector64& dy, const Matrix64& x) {
        return Matrix64(2.0 * x * dy);
    };
    const GradcheckReport report =
        check_backward(column_sums, backward, spread_tensor<Matrix64>({4, 3}));
    INFO(report);
    CHECK(report.passed());
    CHECK(report.relative_error < smooth_error);
}

TEST_CASE("check_backward: code that throws during the diagnosis does not spoil the report") {
    int calls = 0;
    const auto forward = [](const Matrix64& x) { return Matrix64(x * x); };
    const auto touchy = [&](const Matrix64& dy, const Matrix64& x) {
        if (++calls > 2) throw std::runtime_error("touchy");
        return Matrix64(dy * xt::exp(x));
    };
    const GradcheckReport report = check_backward(forward, touchy, spread_tensor<Matrix64>({3, 3}));
    CHECK(report.outcome == GradcheckOutcome::wrong);
    CHECK(report.diagnosis.pattern == MistakePattern::unknown);
}

// ---- reports ----

TEST_CASE("describe: reports a right gradient in one line") {
    GradcheckReport report;
    report.compared = 12;
    report.relative_error = 5.25e-11;
    report.worst_index = {0, 2};
    CHECK(describe(report) ==
          "the gradient is right: 12 of 12 components agree, relative error at most 5.25e-11 at "
          "(0, 2)");
    report.kinks = 2;
    report.first_kink = {1, 1};
    CHECK_THAT(describe(report),
               Catch::Matchers::EndsWith("; 2 left out at kinks, the first at (1, 1)"));
    report = {};
    report.probes = GradientProbes::random_directions;
    report.compared = 1;
    CHECK(describe(report) ==
          "the gradient is right: 1 of 1 random direction agree, relative error at most 0");
}

TEST_CASE("describe: reports a wrong gradient with its diagnosis, as the stream operator does") {
    const Matrix64 x{{1, 2, 3}, {0.5, -1, -2}};
    const auto gradient = [](const Matrix64& at) { return 4.0 * at * at; };
    const GradcheckReport report = check_gradient(cubes, gradient, x);
    const std::string expected =
        "the gradient is WRONG in 6 of 6 components, most at (0, 2): analytic 36, numeric 9, "
        "relative error 0.75, tolerance 1e-06\n"
        "4 times too large: is the 1/4 there?";
    CHECK(describe(report) == expected);
    std::ostringstream stream;
    stream << report;
    CHECK(stream.str() == expected);
}

TEST_CASE("describe: says why nothing could be compared") {
    const GradcheckReport report = check_gradient(cubes, squares, Vector64{1, infinity});
    CHECK(describe(report) == "the gradient could not be checked: x is inf at (1)");
}
