#include "04_relu_and_pooling/check.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "by_hand.hpp"

namespace check_04 {

namespace {

using course::numbers;
using course::Result;
using course::Value;
using nst::Tensor3;
using Trial = course::Trial<Tensor3>;

bool has_even_sizes(const Tensor3& x) {
    return x.shape(0) % 2 == 0 && x.shape(1) % 2 == 0;
}

template <class Each>
Tensor3 mapped(const Tensor3& x, const Each& each) {
    Tensor3 y = x;
    for (double& value : y) value = each(value);
    return y;
}

course::Function relu(const Functions& yours, const Functions& right) {
    Trial trial("relu", yours.relu, right.relu, {"x"});
    trial.suspect("the size of every number is taken: negative ones become 0",
                  [](const Tensor3& x) { return mapped(x, [](double v) { return std::abs(v); }); });
    trial.suspect(
        "what is negative is kept: is it max(x, 0), not min(x, 0)?",
        [](const Tensor3& x) { return mapped(x, [](double v) { return std::min(v, 0.0); }); });
    trial.suspect("nothing is changed", [](const Tensor3& x) { return x; });
    trial.suspect("it tells where x is positive, and not x itself", [](const Tensor3& x) {
        return mapped(x, [](double v) { return v > 0 ? 1.0 : 0.0; });
    });
    trial.suspect("nothing is above 1: ReLU has no upper limit", [](const Tensor3& x) {
        return mapped(x, [](double v) { return std::clamp(v, 0.0, 1.0); });
    });
    trial.on("four numbers", Tensor3{{{-1, 2, 0, -3}}});
    trial.on("3x4x2", numbers<Tensor3>({3, 4, 2}, 1));
    return trial.function;
}

// The windows inside alone, as "VALID" padding has it.
Tensor3 whole_windows(const Tensor3& pooled, const Tensor3& x) {
    Tensor3 y = Tensor3::from_shape({x.shape(0) / 2, x.shape(1) / 2, x.shape(2)});
    for (std::size_t i = 0; i < y.shape(0); ++i) {
        for (std::size_t j = 0; j < y.shape(1); ++j) {
            for (std::size_t c = 0; c < y.shape(2); ++c) y(i, j, c) = pooled(i, j, c);
        }
    }
    return y;
}

// The mean with another divisor: of how many pixels are inside.
template <class Divisor>
Tensor3 pooled_by(const Tensor3& x, const Divisor& divisor) {
    Tensor3 y = by_hand::average_pool(x);
    for (std::size_t i = 0; i < y.shape(0); ++i) {
        const double rows = 2 * i + 1 < x.shape(0) ? 2 : 1;
        for (std::size_t j = 0; j < y.shape(1); ++j) {
            const double columns = 2 * j + 1 < x.shape(1) ? 2 : 1;
            for (std::size_t c = 0; c < y.shape(2); ++c) {
                y(i, j, c) *= rows * columns / divisor(rows * columns);
            }
        }
    }
    return y;
}

void add_pooling_cases(Trial& trial) {
    trial.trait({"even sizes", "do the last windows of odd sizes look at the pixels inside alone?",
                 "what happens when no window reaches over the edge?"},
                has_even_sizes);
    trial.trait({"one channel", "does the loop run over all channels?", ""},
                [](const Tensor3& x) { return x.shape(2) == 1; });
    trial.on("one window, 2x2x1", Tensor3{{{1}, {2}}, {{4}, {3}}});
    trial.on("even sizes, 4x6x2", numbers<Tensor3>({4, 6, 2}, 2));
    trial.on("odd sizes, 5x3x2", numbers<Tensor3>({5, 3, 2}, 3));
    trial.on("an odd width, 2x5x1", numbers<Tensor3>({2, 5, 1}, 4));
    trial.on("one pixel, 1x1x2", Tensor3{{{-3, 5}}});
}

course::Function average_pool(const Functions& yours, const Functions& right) {
    Trial trial("average_pool", yours.average_pool, right.average_pool, {"x"});
    trial.suspect("the divisor is 4 everywhere: only pixels inside count, in the divisor too",
                  [](const Tensor3& x) { return pooled_by(x, [](double) { return 4.0; }); });
    trial.suspect("nothing is divided: the mean is meant, not the sum",
                  [](const Tensor3& x) { return pooled_by(x, [](double) { return 1.0; }); });
    trial.suspect("the windows that reach over the edge are missing: are sizes rounded up?",
                  [](const Tensor3& x) { return whole_windows(by_hand::average_pool(x), x); });
    trial.suspect("that is the largest value of a window: the mean is meant",
                  [](const Tensor3& x) { return by_hand::max_pool(x).y; });
    add_pooling_cases(trial);
    return trial.function;
}

Result result_of(const nst::MaxPooled& pooled) {
    return {Value::of("y", pooled.y), Value::of("argmax", pooled.argmax)};
}

// The largest of a window and the padding's zeros.
nst::MaxPooled with_zeros(const Tensor3& x) {
    nst::MaxPooled pooled = by_hand::max_pool(x);
    for (double& value : pooled.y) value = std::max(value, 0.0);
    return pooled;
}

course::Function max_pool(const Functions& yours) {
    Trial trial(
        "max_pool", [=](const Tensor3& x) { return result_of(yours.max_pool(x)); },
        [](const Tensor3& x) { return result_of(by_hand::max_pool(x)); }, {"x"});
    trial.suspect("nothing is below 0: does the maximum begin with the first pixel, not with 0?",
                  [](const Tensor3& x) { return result_of(with_zeros(x)); });
    trial.suspect("argmax counts down the columns: 0 1 is the upper row", [](const Tensor3& x) {
        nst::MaxPooled pooled = by_hand::max_pool(x);
        for (std::uint8_t& place : pooled.argmax) {
            place = static_cast<std::uint8_t>(place % 2 * 2 + place / 2);
        }
        return result_of(pooled);
    });
    trial.suspect("argmax is 0 everywhere: is the place kept when a larger value comes?",
                  [](const Tensor3& x) {
                      nst::MaxPooled pooled = by_hand::max_pool(x);
                      pooled.argmax.fill(0);
                      return result_of(pooled);
                  });
    trial.suspect("that is the mean of a window: the largest value is meant", [](const Tensor3& x) {
        nst::MaxPooled pooled = by_hand::max_pool(x);
        pooled.y = by_hand::average_pool(x);
        return result_of(pooled);
    });
    trial.trait(
        {"windows without equal values", "of equal ones the first wins: is it > and not >=?", ""},
        [](const Tensor3& x) { return x.size() != 8; });
    add_pooling_cases(trial);
    trial.on("equal values, 2x4x1", Tensor3{{{1}, {1}, {0}, {2}}, {{1}, {1}, {2}, {0}}});
    trial.on("all negative, 2x2x1", Tensor3{{{-4}, {-2}}, {{-3}, {-1}}});
    return trial.function;
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    const Functions right = NST_FUNCTIONS(by_hand);
    return {relu(yours, right), average_pool(yours, right), max_pool(yours)};
}

}  // namespace check_04
