#include "nst/lbfgs.hpp"

#include <cmath>

#include "golden/golden.hpp"
#include "golden/tolerances.hpp"
#include "support/catch.hpp"
#include "support/npy.hpp"

using namespace nst_test;

namespace {

// sum log(1 + exp(a.x + b)) + 0.1 |x|^2, as in make_golden.py.
struct Logistic {
    xt::xtensor<double, 2> slopes = read_npy<double, 2>(golden_file("lbfgs/slopes"));
    Numbers offsets = read_numbers("lbfgs/offsets");
    nst::CostAndGradient evaluation{};

    const nst::CostAndGradient& operator()(const nst::Tensor3& x) {
        evaluation.cost = 0;
        evaluation.gradient = 0.2 * x;
        for (const double value : x) evaluation.cost += 0.1 * value * value;
        for (std::size_t i = 0; i < offsets.size(); ++i) {
            double margin = offsets[i];
            for (std::size_t k = 0; k < x.size(); ++k) margin += slopes(i, k) * x.data()[k];
            evaluation.cost += std::log1p(std::exp(margin));
            const double share = 1 / (1 + std::exp(-margin));
            for (std::size_t k = 0; k < x.size(); ++k) {
                evaluation.gradient.data()[k] += static_cast<nst::Real>(share * slopes(i, k));
            }
        }
        return evaluation;
    }
};

}  // namespace

TEST_CASE("Lbfgs: finds the same minimum as PyTorch, " NST_BUILD) {
    const Numbers costs = read_numbers("lbfgs/costs");
    Logistic logistic;
    const nst::Tensor3 start = xt::zeros<nst::Real>({1, 2, 3});
    nst::Lbfgs lbfgs([&](const nst::Tensor3& x) -> nst::CostAndGradient { return logistic(x); },
                     start);
    CHECK(beyond(relative_error({lbfgs.cost()}, {costs[0]}), lbfgs_tolerance) == "");
    int steps = 0;
    while (steps < 100 && lbfgs.step() == nst::LbfgsOutcome::moved) ++steps;
    INFO(steps << " steps, " << lbfgs.evaluations() << " evaluations");
    CHECK(steps < 50);
    CHECK(beyond(relative_error({lbfgs.cost()}, {costs[1]}), lbfgs_tolerance) == "");
}
