#include "10_total_cost/by_hand.hpp"
#include "10_total_cost/check.hpp"
#if __has_include("10_total_cost/exercise.hpp")
#include "10_total_cost/exercise.hpp"
#define NST_HAS_EXERCISE 1
#endif
#include "course/checking.hpp"

using checking::is_named;

namespace {

namespace exchanged {
double total_cost(double content, double style, double alpha, double beta) {
    return beta * content + alpha * style;
}
}  // namespace exchanged

namespace defaults {
double total_cost(double content, double style, double, double) {
    return 10 * content + 40 * style;
}
}  // namespace defaults

namespace mean {
double total_cost(double content, double style, double alpha, double beta) {
    return (alpha * content + beta * style) / (alpha + beta);
}
}  // namespace mean

namespace no_style {
double total_cost(double content, double, double alpha, double) {
    return alpha * content;
}
}  // namespace no_style

course::Exercise with(double (*total_cost)(double, double, double, double)) {
    return check_10::exercise({total_cost});
}

}  // namespace

TEST_CASE("exercise 10: the stub counts as not written, the solution passes") {
    checking::passes(NST_EXERCISE(by_hand));
#ifdef NST_HAS_EXERCISE
    checking::is_not_written(NST_EXERCISE(exercise));
#endif
}

TEST_CASE("exercise 10: mistakes are named") {
    is_named(with(exchanged::total_cost), 0, "alpha and beta are exchanged");
    is_named(with(defaults::total_cost), 0, "the defaults, 10 and 40, are used");
    is_named(with(mean::total_cost), 0, "the cost is divided by alpha + beta");
    is_named(with(no_style::total_cost), 0, "the style is missing");
}
