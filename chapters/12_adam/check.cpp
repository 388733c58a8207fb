#include "12_adam/check.hpp"

#include <cmath>
#include <cstddef>

#include "by_hand.hpp"

namespace check_12 {

namespace {

using course::numbers;
using course::Result;
using course::Value;
using nst::AdamOptions;
using nst::Tensor3;

using Step = void (*)(Tensor3& x, const Tensor3& gradient, Tensor3& m, Tensor3& v, int t,
                      const AdamOptions& options);
using Trial = course::Trial<Tensor3, Tensor3, double, double>;

// x, m and v after some steps from zeros, with half the gradient each time.
Result after_steps(Step step, Tensor3 x, Tensor3 gradient, double steps, double learning_rate) {
    AdamOptions options;
    options.learning_rate = learning_rate;
    Tensor3 m = xt::zeros<nst::Real>(x.shape());
    Tensor3 v = xt::zeros<nst::Real>(x.shape());
    for (int t = 1; t <= static_cast<int>(steps); ++t) {
        step(x, gradient, m, v, t, options);
        gradient *= 0.5;
    }
    return {Value::of("x", x), Value::of("m", m), Value::of("v", v)};
}

// A step in which one thing is different.
struct Variant {
    bool correct_m = true;
    bool correct_v = true;
    double sign = -1;
    bool square = true;
    bool root = true;
    bool exchange = false;
    bool default_rate = false;
    bool first_step = false;
};

template <class Change>
Result varied(const Change& change, const Tensor3& start, const Tensor3& first, double steps,
              double learning_rate) {
    Variant variant;
    change(variant);
    Tensor3 x = start;
    Tensor3 m = xt::zeros<nst::Real>(x.shape());
    Tensor3 v = xt::zeros<nst::Real>(x.shape());
    const double beta1 = variant.exchange ? 0.999 : 0.9;
    const double beta2 = variant.exchange ? 0.9 : 0.999;
    for (int t = 1; t <= static_cast<int>(steps); ++t) {
        const int power = variant.first_step ? 1 : t;
        double rate = variant.default_rate ? 2 : learning_rate;
        if (variant.correct_v) rate *= std::sqrt(1 - std::pow(beta2, power));
        if (variant.correct_m) rate /= 1 - std::pow(beta1, power);
        for (std::size_t k = 0; k < x.size(); ++k) {
            const double g = first.data()[k] * std::pow(0.5, t - 1);
            m.data()[k] = beta1 * m.data()[k] + (1 - beta1) * g;
            v.data()[k] = beta2 * v.data()[k] + (1 - beta2) * (variant.square ? g * g : g);
            const double root = variant.root ? std::sqrt(v.data()[k]) : v.data()[k];
            x.data()[k] += variant.sign * rate * m.data()[k] / (root + 1e-8);
        }
    }
    return {Value::of("x", x), Value::of("m", m), Value::of("v", v)};
}

template <class Change>
void add(Trial& trial, const std::string& words, const Change& change) {
    trial.suspect(words, [change](const Tensor3& x, const Tensor3& g, double steps, double rate) {
        return varied(change, x, g, steps, rate);
    });
}

void add_suspects(Trial& trial) {
    add(trial, "the rate is not corrected: m and v begin as zeros, see rate_t",
        [](Variant& v) { v.correct_m = v.correct_v = false; });
    add(trial, "the correction for m is missing: rate_t is divided by 1 - beta1^t",
        [](Variant& v) { v.correct_m = false; });
    add(trial, "the correction for v is missing: rate_t has sqrt(1 - beta2^t)",
        [](Variant& v) { v.correct_v = false; });
    add(trial, "x goes up the gradient: is it x - ..., not x + ...?",
        [](Variant& v) { v.sign = 1; });
    add(trial, "v is made of g, not of its square", [](Variant& v) { v.square = false; });
    add(trial, "the square root of v is missing", [](Variant& v) { v.root = false; });
    add(trial, "beta1 and beta2 are exchanged", [](Variant& v) { v.exchange = true; });
    add(trial, "the rate is always 2: is options.learning_rate used?",
        [](Variant& v) { v.default_rate = true; });
    add(trial, "the correction is that of step 1 in every step: is t used?",
        [](Variant& v) { v.first_step = true; });
    trial.suspect("m and v are computed but not kept: are they written back?",
                  [](const Tensor3& x, const Tensor3& g, double steps, double rate) {
                      const auto forget = [](Tensor3& y, const Tensor3& gradient, Tensor3& m,
                                             Tensor3& v, int t, const AdamOptions& options) {
                          Tensor3 first = m;
                          Tensor3 second = v;
                          by_hand::adam_step(y, gradient, first, second, t, options);
                      };
                      return after_steps(forget, x, g, steps, rate);
                  });
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    const auto call = [](Step step) {
        return [step](const Tensor3& x, const Tensor3& g, double steps, double rate) {
            return after_steps(step, x, g, steps, rate);
        };
    };
    Trial trial("adam_step", call(yours.adam_step), call(by_hand::adam_step),
                {"x", "gradient", "steps", "rate"});
    add_suspects(trial);
    trial.trait({"one step", "are m and v kept, and is t used?", ""},
                [](const Tensor3&, const Tensor3&, double steps, double) { return steps == 1; });
    trial.trait({"learning rate 2", "is options.learning_rate used?", ""},
                [](const Tensor3&, const Tensor3&, double, double rate) { return rate == 2; });
    trial.on("one value, one step", Tensor3{{{5}}}, Tensor3{{{3}}}, 1, 2);
    trial.on("one step of 2x3x2", numbers<Tensor3>({2, 3, 2}, 1), numbers<Tensor3>({2, 3, 2}, 2), 1,
             2);
    trial.on("four steps, the gradient half as large each time", numbers<Tensor3>({2, 3, 2}, 3),
             numbers<Tensor3>({2, 3, 2}, 4), 4, 2);
    trial.on("two steps with rate 0.1", Tensor3{{{5, 1}}}, Tensor3{{{3, -100}}}, 2, 0.1);
    return {trial.function};
}

}  // namespace check_12
