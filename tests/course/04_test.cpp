#include <algorithm>
#include <cstdint>

#include "04_relu_and_pooling/by_hand.hpp"
#include "04_relu_and_pooling/check.hpp"
#include "04_relu_and_pooling/exercise.hpp"
#include "course/checking.hpp"

using checking::is_named;
using nst::MaxPooled;
using nst::Tensor3;

namespace {

namespace absolute {
Tensor3 relu(const Tensor3& x) {
    return xt::abs(x);
}
}  // namespace absolute

namespace wrong_side {
Tensor3 relu(const Tensor3& x) {
    return xt::minimum(x, 0.0);
}
}  // namespace wrong_side

// Sums 2x2 windows as if the image were padded with zeros.
template <class Divide>
Tensor3 pooled(const Tensor3& x, std::size_t rows, std::size_t columns, const Divide& divide) {
    Tensor3 y = xt::zeros<double>({rows, columns, x.shape(2)});
    for (std::size_t i = 0; i < std::min(2 * rows, x.shape(0)); ++i) {
        for (std::size_t j = 0; j < std::min(2 * columns, x.shape(1)); ++j) {
            for (std::size_t c = 0; c < x.shape(2); ++c) y(i / 2, j / 2, c) += divide(x(i, j, c));
        }
    }
    return y;
}

double quarter(double value) {
    return value / 4;
}

namespace always_four {
Tensor3 average_pool(const Tensor3& x) {
    return pooled(x, (x.shape(0) + 1) / 2, (x.shape(1) + 1) / 2, quarter);
}
}  // namespace always_four

namespace rounded_down {
Tensor3 average_pool(const Tensor3& x) {
    return pooled(x, x.shape(0) / 2, x.shape(1) / 2, quarter);
}
}  // namespace rounded_down

namespace sum {
Tensor3 average_pool(const Tensor3& x) {
    return pooled(x, (x.shape(0) + 1) / 2, (x.shape(1) + 1) / 2, [](double v) { return v; });
}
}  // namespace sum

namespace from_zero {
MaxPooled max_pool(const Tensor3& x) {
    MaxPooled result = by_hand::max_pool(x);
    result.y = xt::maximum(result.y, 0.0);
    return result;
}
}  // namespace from_zero

namespace last_wins {
MaxPooled max_pool(const Tensor3& x) {
    MaxPooled result = by_hand::max_pool(x);
    for (std::size_t i = 0; i < x.shape(0); ++i) {
        for (std::size_t j = 0; j < x.shape(1); ++j) {
            for (std::size_t c = 0; c < x.shape(2); ++c) {
                if (x(i, j, c) < result.y(i / 2, j / 2, c)) continue;
                result.argmax(i / 2, j / 2, c) = static_cast<std::uint8_t>(i % 2 * 2 + j % 2);
            }
        }
    }
    return result;
}
}  // namespace last_wins

namespace no_place {
MaxPooled max_pool(const Tensor3& x) {
    MaxPooled result = by_hand::max_pool(x);
    result.argmax.fill(0);
    return result;
}
}  // namespace no_place

using Layer = Tensor3 (*)(const Tensor3&);

course::Exercise with(Layer relu, Layer average, MaxPooled (*max)(const Tensor3&)) {
    return check_04::exercise({relu, average, max});
}

course::Exercise with_relu(Layer relu) {
    return with(relu, by_hand::average_pool, by_hand::max_pool);
}
course::Exercise with_average(Layer average) {
    return with(by_hand::relu, average, by_hand::max_pool);
}
course::Exercise with_max(MaxPooled (*max)(const Tensor3&)) {
    return with(by_hand::relu, by_hand::average_pool, max);
}

}  // namespace

TEST_CASE("exercise 04: the stub counts as not written, the solution passes") {
    checking::is_not_written(NST_EXERCISE(exercise));
    checking::passes(NST_EXERCISE(by_hand));
}

TEST_CASE("exercise 04: mistakes are named") {
    is_named(with_relu(absolute::relu), 0, "the size of every number is taken");
    is_named(with_relu(wrong_side::relu), 0, "what is negative is kept");
    is_named(with_average(always_four::average_pool), 1, "the divisor is 4 everywhere");
    is_named(with_average(rounded_down::average_pool), 1,
             "the windows that reach over the edge are missing");
    is_named(with_average(sum::average_pool), 1, "nothing is divided");
    is_named(with_max(from_zero::max_pool), 2, "nothing is below 0");
    is_named(with_max(last_wins::max_pool), 2, "right on windows without equal values only");
    is_named(with_max(no_place::max_pool), 2, "argmax is 0 everywhere");
}
