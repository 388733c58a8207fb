#include "10_total_cost/check.hpp"

#include "by_hand.hpp"

namespace check_10 {

namespace {

using Trial = course::Trial<double, double, double, double>;

void add_suspects(Trial& trial) {
    trial.suspect("alpha and beta are exchanged: alpha goes with the content",
                  [](double c, double s, double a, double b) { return b * c + a * s; });
    trial.suspect("the defaults, 10 and 40, are used: where are alpha and beta?",
                  [](double c, double s, double, double) { return 10 * c + 40 * s; });
    trial.suspect("the two costs are added without alpha and beta",
                  [](double c, double s, double, double) { return c + s; });
    trial.suspect("the cost is divided by alpha + beta: here nothing is divided",
                  [](double c, double s, double a, double b) { return (a * c + b * s) / (a + b); });
    trial.suspect("the style is missing", [](double c, double, double a, double) { return a * c; });
    trial.suspect("the content is missing",
                  [](double, double s, double, double b) { return b * s; });
    trial.suspect("alpha is used for both: where is beta?",
                  [](double c, double s, double a, double) { return a * (c + s); });
    trial.suspect("the style's part is subtracted: both costs are to become small",
                  [](double c, double s, double a, double b) { return a * c - b * s; });
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    const Functions right = NST_FUNCTIONS(by_hand);
    Trial trial("total_cost", yours.total_cost, right.total_cost,
                {"content_cost", "style_cost", "alpha", "beta"});
    add_suspects(trial);
    trial.on("content alone", 3, 0, 10, 40);
    trial.on("style alone", 0, 5, 10, 40);
    trial.on("both, alpha 10 and beta 40", 2, 3, 10, 40);
    trial.on("both, alpha 1 and beta 7", 2, 3, 1, 7);
    trial.on("alpha 0", 2, 3, 0, 7);
    return {trial.function};
}

}  // namespace check_10
