#include "12_adam/by_hand.hpp"
#include "12_adam/check.hpp"
#if __has_include("12_adam/exercise.hpp")
#include "12_adam/exercise.hpp"
#define NST_HAS_EXERCISE 1
#endif
#include "course/checking.hpp"

using checking::is_named;
using nst::AdamOptions;
using nst::Tensor3;

namespace {

namespace no_correction {
void adam_step(Tensor3& x, const Tensor3& gradient, Tensor3& m, Tensor3& v, int,
               const AdamOptions& options) {
    m = options.beta1 * m + (1 - options.beta1) * gradient;
    v = options.beta2 * v + (1 - options.beta2) * gradient * gradient;
    x -= options.learning_rate * m / (xt::sqrt(v) + options.epsilon);
}
}  // namespace no_correction

namespace upwards {
void adam_step(Tensor3& x, const Tensor3& gradient, Tensor3& m, Tensor3& v, int t,
               const AdamOptions& options) {
    const Tensor3 before = x;
    by_hand::adam_step(x, gradient, m, v, t, options);
    x = 2 * before - x;
}
}  // namespace upwards

namespace always_step_one {
void adam_step(Tensor3& x, const Tensor3& gradient, Tensor3& m, Tensor3& v, int,
               const AdamOptions& options) {
    by_hand::adam_step(x, gradient, m, v, 1, options);
}
}  // namespace always_step_one

namespace default_rate {
void adam_step(Tensor3& x, const Tensor3& gradient, Tensor3& m, Tensor3& v, int t,
               const AdamOptions&) {
    by_hand::adam_step(x, gradient, m, v, t, {});
}
}  // namespace default_rate

namespace forgets {
void adam_step(Tensor3& x, const Tensor3& gradient, Tensor3& m, Tensor3& v, int t,
               const AdamOptions& options) {
    Tensor3 first = m;
    Tensor3 second = v;
    by_hand::adam_step(x, gradient, first, second, t, options);
}
}  // namespace forgets

}  // namespace

TEST_CASE("exercise 12: the stub counts as not written, the solution passes") {
    checking::passes(NST_EXERCISE(by_hand));
#ifdef NST_HAS_EXERCISE
    checking::is_not_written(NST_EXERCISE(exercise));
#endif
}

TEST_CASE("exercise 12: mistakes are named") {
    is_named(NST_EXERCISE(no_correction), 0, "the rate is not corrected");
    is_named(NST_EXERCISE(upwards), 0, "x goes up the gradient");
    is_named(NST_EXERCISE(always_step_one), 0, "the correction is that of step 1");
    is_named(NST_EXERCISE(default_rate), 0, "the rate is always 2");
    is_named(NST_EXERCISE(forgets), 0, "m and v are computed but not kept");
}
