#include "nst/diagnosis.hpp"

#include <limits>
#include <string>

#include "gradient/inputs.hpp"
#include "support/catch.hpp"

using nst::Comparison;
using nst::diagnose;
using nst::Diagnosis;
using nst::MistakePattern;
using nst_test::spread_tensor;

namespace {

using Vector64 = xt::xtensor<double, 1>;
using Matrix64 = xt::xtensor<double, 2>;
using Tensor64 = xt::xtensor<double, 3>;

const Tensor64 right = spread_tensor<Tensor64>({4, 5, 3});

template <class Map>
Tensor64 moved(const Tensor64& tensor, const Map& source) {
    Tensor64 result = tensor;
    for (std::size_t i = 0; i < tensor.shape(0); ++i) {
        for (std::size_t j = 0; j < tensor.shape(1); ++j) {
            for (std::size_t c = 0; c < tensor.shape(2); ++c) {
                result(i, j, c) = source(tensor, i, j, c);
            }
        }
    }
    return result;
}

// The tensor with one change at the chosen places.
template <class Chosen, class Change>
Tensor64 changed(const Tensor64& tensor, const Chosen& chosen, const Change& change) {
    return moved(tensor, [&](const Tensor64& t, std::size_t i, std::size_t j, std::size_t c) {
        return chosen(i, j, c) ? change(t(i, j, c)) : t(i, j, c);
    });
}

const auto to_zero = [](double) { return 0.0; };
const auto to_half = [](double value) { return value / 2; };

void is_named(const Tensor64& got, const Tensor64& expected, MistakePattern pattern,
              const std::string& words) {
    const Diagnosis diagnosis = diagnose(got, expected);
    INFO(diagnosis.words);
    CHECK(diagnosis.pattern == pattern);
    CHECK(diagnosis.words == words);
}

std::string error_of(const Comparison& comparison) {
    try {
        diagnose(comparison);
    } catch (const nst::Error& error) {
        return error.what();
    }
    return "no error";
}

void mentions(const std::string& words, const std::string& part) {
    INFO(words);
    CHECK(words.find(part) != std::string::npos);
}

}  // namespace

TEST_CASE("diagnose: equal values have no mistake, within the tolerance") {
    CHECK(diagnose(right, right).pattern == MistakePattern::none);
    CHECK(diagnose(right, right).words.empty());
    CHECK(diagnose(right * (1 + 0.9e-6), right).pattern == MistakePattern::none);
    CHECK(diagnose(right * (1 + 0.9e-3), right, 1e-3).pattern == MistakePattern::none);
    CHECK(diagnose(right * (1 + 3e-6), right).pattern == MistakePattern::factor);
}

TEST_CASE("diagnose: an error without a known pattern is unknown, not guessed") {
    for (std::uint32_t seed = 2; seed < 22; ++seed) {
        const Diagnosis tensor = diagnose(xt::exp(spread_tensor<Tensor64>({4, 5, 3}, seed)), right);
        INFO(seed << ": " << tensor.words);
        CHECK(tensor.pattern == MistakePattern::unknown);
    }
    CHECK(diagnose(Vector64{1, 2, 3}, Vector64{2, 5, 1}).pattern == MistakePattern::unknown);
}

TEST_CASE("diagnose: zero everywhere") {
    is_named(0.0 * right, right, MistakePattern::zero,
             "zero everywhere: is the result written, and the right variable returned?");
}

TEST_CASE("diagnose: a wrong sign") {
    is_named(-right, right, MistakePattern::sign,
             "the sign is wrong: is it (a - b) where (b - a) is meant?");
}

TEST_CASE("diagnose: a constant factor, named with the question that fits it") {
    const auto words = [](double factor, const Tensor64& expected = right) {
        const Diagnosis diagnosis = diagnose(factor * expected, expected);
        CHECK(diagnosis.pattern == MistakePattern::factor);
        CHECK(diagnosis.factor == Approx(factor));
        return diagnosis.words;
    };
    const Tensor64 large = spread_tensor<Tensor64>({7, 11, 13});
    CHECK(words(4, large) == "4 times too large: is the 1/4 there?");
    CHECK(words(2, large) == "2 times too large: is the 1/2 there, and nothing added twice?");
    CHECK(words(0.5, large) ==
          "2 times too small: is the 2 there, as from the derivative of a square?");
    CHECK(words(0.25, large) == "4 times too small: is the 4 there, or a 1/4 too many?");
    CHECK(words(9, large) == "9 times too large: is the 1/9 there?");
    CHECK(words(1 / 255.0, large) == "255 times too small: are values 0 to 1 or 0 to 255?");
    CHECK(words(-4, large) ==
          "the sign is wrong, and the size is 4 times too large: is the 1/4 there?");
    CHECK(words(1.37, large) == "1.37 times too large: is there a constant too many or missing?");
}

TEST_CASE("diagnose: names a factor that is a product of extents by these extents") {
    const Tensor64 expected = spread_tensor<Tensor64>({7, 11, 13});
    const auto words = [&](double factor) { return diagnose(factor * expected, expected).words; };
    CHECK(words(77) == "77 times too large: is the division by rows * columns = 77 there?");
    CHECK(words(1 / 1001.0) ==
          "1001 times too small: is the division by rows * columns * channels = 1001 done once too "
          "often?");
    CHECK(words(4 * 1001) ==
          "4004 times too large: is the division by 4 * rows * columns * channels = 4004 there?");
    CHECK(words(77 * 77) ==
          "5929 times too large: is the division by (rows * columns)^2 = 5929 there?");
    CHECK(words(11) == "11 times too large: is the 1/11 there? Or the division by columns = 11?");
}

TEST_CASE(
    "diagnose: a single number is a multiple of any other, so only a typical factor is named") {
    CHECK(diagnose(Vector64{8}, Vector64{2}).words == "4 times too large: is the 1/4 there?");
    CHECK(diagnose(Vector64{8}, Vector64{3}).pattern == MistakePattern::unknown);
    CHECK(diagnose(xt::xtensor<double, 0>(-3.0), xt::xtensor<double, 0>(3.0)).pattern ==
          MistakePattern::sign);
}

TEST_CASE("diagnose: a constant added everywhere") {
    is_named(right + 0.5, right, MistakePattern::offset,
             "too large by 0.5 everywhere: is a constant added or subtracted that should not be?");
}

TEST_CASE("diagnose: transposed, in place and in memory") {
    const Tensor64 square = spread_tensor<Tensor64>({5, 5, 3});
    is_named(xt::transpose(square, {1, 0, 2}), square, MistakePattern::transposed,
             "equal after transposing: are rows and columns exchanged?");
    Tensor64 memory = xt::transpose(right, {1, 0, 2});
    memory.reshape({4, 5, 3});
    is_named(memory, right, MistakePattern::transposed,
             "equal when rows and columns are exchanged in memory: is a transpose needed where "
             "there is a reshape?");
    Tensor64 planes = xt::transpose(right, {2, 0, 1});
    planes.reshape({4, 5, 3});
    is_named(planes, right, MistakePattern::transposed,
             "equal when read in the order (channel, row, column): is a transpose needed where "
             "there is a reshape?");
    const Matrix64 small{{1, 2}, {3, 4}};
    CHECK(diagnose(xt::transpose(small), small).pattern == MistakePattern::transposed);
}

TEST_CASE("diagnose: transposed filters of a convolution") {
    using Filters64 = xt::xtensor<double, 4>;
    const auto filters = spread_tensor<Filters64>({3, 3, 2, 4});
    CHECK(diagnose(Filters64(xt::transpose(filters, {1, 0, 2, 3})), filters).words ==
          "equal after transposing: are kernel rows and kernel columns exchanged?");
    CHECK(diagnose(Filters64(xt::flip(xt::flip(filters, 0), 1)), filters).words ==
          "equal after reversing the order of kernel rows and kernel columns: does an index run "
          "backwards?");
}

TEST_CASE("diagnose: reversed axes") {
    is_named(xt::flip(right, 0), right, MistakePattern::reversed,
             "equal after reversing the order of rows: does an index run backwards?");
    is_named(xt::flip(xt::flip(right, 0), 1), right, MistakePattern::reversed,
             "equal after reversing the order of rows and columns: does an index run backwards?");
    is_named(xt::flip(right, 2), right, MistakePattern::reversed,
             "equal after reversing the order of channels: BGR where RGB is meant?");
}

TEST_CASE("diagnose: shifted by one along an axis, or along two") {
    const auto shifted = [](std::size_t down, std::size_t across) {
        return moved(right, [=](const Tensor64& t, std::size_t i, std::size_t j, std::size_t c) {
            return i < down || j < across ? 0.0 : t(i - down, j - across, c);
        });
    };
    is_named(shifted(1, 0), right, MistakePattern::shifted,
             "shifted: everything stands one row too far: is an index off by one?");
    is_named(shifted(0, 1), right, MistakePattern::shifted,
             "shifted: everything stands one column too far: is an index off by one?");
    is_named(shifted(1, 1), right, MistakePattern::shifted,
             "shifted: everything stands one row too far and one column too far: is an index off "
             "by one?");
    const Tensor64 early =
        moved(right, [](const Tensor64& t, std::size_t i, std::size_t j, std::size_t c) {
            return i == 3 ? 0.0 : t(i + 1, j, c);
        });
    is_named(early, right, MistakePattern::shifted,
             "shifted: everything stands one row too early: is an index off by one?");
}

TEST_CASE("diagnose: when nearly all values are equal, a matching shift is no evidence") {
    // After a shift by one row, the values below match everywhere except in the wrong row.
    const Tensor64 ones = xt::ones<double>({4, 5, 3});
    const auto last_row = [](std::size_t i, std::size_t, std::size_t) { return i == 3; };
    CHECK(diagnose(changed(ones, last_row, to_half), ones).pattern == MistakePattern::region);
}

TEST_CASE("diagnose: an inverted mask, and a missing mask") {
    const Tensor64 expected = xt::maximum(right, 0.0);
    is_named(xt::minimum(right, 0.0), expected, MistakePattern::wrong_side,
             "zero where it should not be, and not zero where it should be: is the mask taken from "
             "the wrong side?");
    is_named(right, expected, MistakePattern::not_masked,
             "not zero in 30 places where it should be, and right elsewhere: is a mask missing?");
}

TEST_CASE("diagnose: the right values in wrong places") {
    Vector64 expected = xt::zeros<double>({8});
    expected(1) = 0.3;
    expected(4) = 0.7;
    expected(7) = -0.2;
    Vector64 got = xt::zeros<double>({8});
    got(1) = 0.3;
    got(5) = 0.7;
    got(6) = -0.2;
    CHECK(diagnose(got, expected).words ==
          "the right values, but 4 of 5 in a wrong place: is an index, or the place of a maximum, "
          "computed wrongly?");
}

TEST_CASE("diagnose: right except in one row, column or channel, and the mistake there") {
    const auto last_row = [](std::size_t i, std::size_t, std::size_t) { return i == 3; };
    is_named(changed(right, last_row, to_half), right, MistakePattern::region,
             "right except in the last row, which is 2 times too small: are edges and odd sizes "
             "handled?");
    is_named(changed(right, last_row, to_zero), right, MistakePattern::region,
             "right except in the last row, which is zero: are edges and odd sizes handled?");
    const auto first_column = [](std::size_t, std::size_t j, std::size_t) { return j == 0; };
    is_named(changed(right, first_column, [](double v) { return -v; }), right,
             MistakePattern::region,
             "right except in the first column, where the sign is wrong: are edges and odd sizes "
             "handled?");
    const auto channel = [](std::size_t, std::size_t, std::size_t c) { return c == 1; };
    is_named(changed(right, channel, [](double v) { return v * v + 9; }), right,
             MistakePattern::region, "right except in channel 1: are edges and odd sizes handled?");
}

TEST_CASE("diagnose: right except in the last row and column, at the border, in one place") {
    const auto last = [](std::size_t i, std::size_t j, std::size_t) { return i == 3 || j == 4; };
    is_named(changed(right, last, to_half), right, MistakePattern::region,
             "right except in the last row and the last column, which is 2 times too small: are "
             "edges and odd sizes handled?");
    const auto border = [](std::size_t i, std::size_t j, std::size_t) {
        return i == 0 || j == 0 || i == 3 || j == 4;
    };
    is_named(changed(right, border, to_zero), right, MistakePattern::region,
             "right except at the border, which is zero: is the padding right?");
    const auto one = [](std::size_t i, std::size_t j, std::size_t c) {
        return i == 1 && j == 2 && c == 0;
    };
    is_named(changed(right, one, to_half), right, MistakePattern::region,
             "wrong in one place only, (1, 2, 0)");
}

TEST_CASE("diagnose: right only in one channel, and only in every second row") {
    const auto other_channels = [](std::size_t, std::size_t, std::size_t c) { return c > 0; };
    is_named(changed(right, other_channels, to_zero), right, MistakePattern::region,
             "right in the first channel only: does the loop, or the sum, run over all channels?");
    const auto odd_rows = [](std::size_t i, std::size_t, std::size_t) { return i % 2 == 1; };
    is_named(changed(right, odd_rows, to_zero), right, MistakePattern::region,
             "right except in every second row, which is zero: is every place of a window or a "
             "stride visited?");
}

TEST_CASE("diagnose: a separate factor for each channel") {
    const Tensor64 weighted =
        moved(right, [](const Tensor64& t, std::size_t i, std::size_t j, std::size_t c) {
            return t(i, j, c) * (static_cast<double>(c) + 2);
        });
    is_named(weighted, right, MistakePattern::factor_per_slice,
             "each channel is multiplied by a number of its own (2, 3, 4): is a weight or a sum "
             "taken along the wrong axis?");
}

TEST_CASE("diagnose: right in some places, zero or wrong in others") {
    const auto some = [](std::size_t i, std::size_t j, std::size_t c) {
        return (7 * i + 5 * j + 3 * c) % 11 < 4;
    };
    const Diagnosis zeros = diagnose(changed(right, some, to_zero), right);
    CHECK(zeros.pattern == MistakePattern::missing_accumulation);
    mentions(zeros.words, "of 60 places where it should not be");
    mentions(zeros.words, "added (+=)");
    const Diagnosis wrong =
        diagnose(changed(right, some, [](double v) { return v * v + 2; }), right);
    CHECK(wrong.pattern == MistakePattern::missing_accumulation);
    mentions(wrong.words, "right in only");
}

TEST_CASE("diagnose: the caller's suspects come first") {
    Comparison comparison = nst::compare(4.0 * right, right);
    comparison.suspects = {nst::named_values("not this", right * right),
                           nst::named_values("the quarter of tutorial step 2", 4.0 * right)};
    CHECK(diagnose(comparison).pattern == MistakePattern::suspect);
    CHECK(diagnose(comparison).words == "the quarter of tutorial step 2");
}

TEST_CASE("diagnose: a missing part, several missing parts, a part counted twice") {
    const Tensor64 a = spread_tensor<Tensor64>({4, 5, 3}, 5);
    const Tensor64 b = spread_tensor<Tensor64>({4, 5, 3}, 6);
    const Tensor64 c = right - a - b;
    const auto words = [&](const Tensor64& got) {
        Comparison comparison = nst::compare(got, right);
        comparison.parts = {nst::named_values("content", a), nst::named_values("relu1_1", b),
                            nst::named_values("relu2_1", c)};
        const Diagnosis diagnosis = diagnose(comparison);
        CHECK(diagnosis.pattern == MistakePattern::missing_part);
        return diagnosis.words;
    };
    CHECK(words(a + c) ==
          "only the part of content, relu2_1 is there, relu1_1 is missing: are gradients added "
          "(+=) where they meet, not overwritten?");
    CHECK(words(b) ==
          "only the part of relu1_1 is there, content, relu2_1 is missing: are gradients added "
          "(+=) where they meet, not overwritten?");
    CHECK(words(right + b) == "the part of relu1_1 is counted twice");
}

TEST_CASE("diagnose: works from a few known places and does not count zeros as evidence") {
    Comparison comparison = nst::compare(xt::flip(right, 1), right);
    comparison.known = {0, 17, 31, 44, 59};
    comparison.expected.clear();
    for (const std::size_t place : comparison.known) {
        comparison.expected.push_back(right.data()[place]);
    }
    CHECK(diagnose(comparison).pattern == MistakePattern::reversed);
    // When nearly all values are zero, a shift matches nearly everywhere, which is no evidence.
    const Vector64 sparse{0, 0, 0, 0, 0, 0, 1, 0};
    CHECK(diagnose(Vector64{0, 0, 3.3, 0, 0, 0, 1, 0}, sparse).words ==
          "wrong in one place only, (2)");
}

TEST_CASE("diagnose: compares values without places by magnitude alone") {
    Comparison comparison;
    comparison.got = {8, 4};
    comparison.known = {0, 1};
    comparison.expected = {2, 1};
    CHECK(diagnose(comparison).pattern == MistakePattern::factor);
    comparison.expected = {4, 8};  // not "reversed"
    CHECK(diagnose(comparison).pattern == MistakePattern::unknown);
}

TEST_CASE("diagnose: names the axes for any number of axes, or uses the caller's names") {
    const auto five = spread_tensor<xt::xtensor<double, 5>>({2, 2, 2, 2, 3});
    xt::xtensor<double, 5> wrong = five;
    for (std::size_t k = 0; k < wrong.size(); ++k) wrong.data()[k] *= k / 12 % 2 == 0;
    mentions(diagnose(wrong, five).words, "right except in the last axis-1 slice");
    Comparison comparison = nst::compare(xt::flip(right, 1), right);
    comparison.axes = {"row", "letter", "channel"};
    mentions(diagnose(comparison).words, "reversing the order of letters");
}

TEST_CASE("diagnose: reports a different shape before any value") {
    const Diagnosis diagnosis = diagnose(right, Tensor64(xt::transpose(right, {1, 0, 2})));
    CHECK(diagnosis.pattern == MistakePattern::shape);
    CHECK(diagnosis.words == "the shape must be 5x4x3, got 4x5x3: are axes exchanged?");
    CHECK(diagnose(Vector64{1, 2}, right).words == "the shape must be 4x5x3, got 2");
    CHECK(diagnose(Vector64{1, 2}, xt::xtensor<double, 0>(1.0)).words ==
          "the shape must be a single number, got 2");
}

TEST_CASE("diagnose: reports a value that is not finite with its place") {
    Tensor64 got = right;
    got(2, 0, 1) = std::numeric_limits<double>::quiet_NaN();
    is_named(got, right, MistakePattern::not_finite, "nan at (2, 0, 1)");
    got(0, 0, 0) = -std::numeric_limits<double>::infinity();
    is_named(got, right, MistakePattern::not_finite, "-inf at (0, 0, 0)");
}

TEST_CASE("diagnose: sizes that do not match are an error") {
    const Comparison good = nst::compare(right, right);
    Comparison bad = good;
    bad.shape = {4, 5};
    CHECK(error_of(bad) == "diagnose: got must have the values of a tensor of shape 4x5, got 60");
    bad = good;
    bad.known.pop_back();
    CHECK(error_of(bad) ==
          "diagnose: known must name a place for each of the 60 expected values, got 59");
    bad = good;
    bad.known[3] = 60;
    CHECK(error_of(bad) == "diagnose: known must be below 60, got 60");
    bad = good;
    bad.axes = {"row"};
    CHECK(error_of(bad) == "diagnose: axes must name 3 axes, got 1");
    bad = good;
    bad.expected[7] = std::numeric_limits<double>::quiet_NaN();
    CHECK(error_of(bad) == "diagnose: expected values must be finite");
    bad = good;
    bad.tolerance = -1;
    CHECK(error_of(bad) == "diagnose: tolerance must be positive and finite, got -1");
    bad = good;
    bad.suspects = {{"short", {1, 2}}};
    CHECK(error_of(bad) == "diagnose: short must have 60 values, got 2");
    bad = good;
    bad.parts.resize(11, {"part", std::vector<double>(60)});
    CHECK(error_of(bad) == "diagnose: expected at most 10 parts, got 11");
    CHECK_THROWS_WITH(nst::compare(Vector64{1}, Vector64{1, 2}),
                      "compare: got must have the shape of expected, 2, got 1");
}
