#include "nst/adamw.hpp"

#include <cmath>

#include "base/require.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

void require_options(double rate, const AdamWOptions& options) {
    const auto in_unit = [](double beta) { return beta >= 0 && beta < 1; };
    require(std::isfinite(rate) && rate >= 0,
            "adamw_step: rate must be finite and at least 0, got ", rate);
    require(in_unit(options.beta1) && in_unit(options.beta2),
            "adamw_step: beta1 and beta2 must be in [0, 1), got ", options.beta1, " and ",
            options.beta2);
    require(std::isfinite(options.epsilon) && options.epsilon > 0,
            "adamw_step: epsilon must be positive and finite, got ", options.epsilon);
    require(std::isfinite(options.weight_decay) && options.weight_decay >= 0,
            "adamw_step: weight_decay must be finite and at least 0, got ", options.weight_decay);
}

// Allocates the moments in the first step; later, checks that they match the parameters.
void prepare(const std::vector<Parameters>& parameters, AdamWState& state) {
    if (state.steps == 0) {
        state.first_moments.assign(parameters.size(), {});
        state.second_moments.assign(parameters.size(), {});
        for (std::size_t p = 0; p < parameters.size(); ++p) {
            state.first_moments[p].assign(parameters[p].size, Real(0));
            state.second_moments[p].assign(parameters[p].size, Real(0));
        }
    }
    require(state.first_moments.size() == parameters.size() &&
                state.second_moments.size() == parameters.size(),
            "adamw_step: the state is of ", state.first_moments.size(), " parameters, got ",
            parameters.size());
    for (std::size_t p = 0; p < parameters.size(); ++p) {
        require(state.first_moments[p].size() == parameters[p].size &&
                    state.second_moments[p].size() == parameters[p].size,
                "adamw_step: parameters ", p, " must have ", state.first_moments[p].size(),
                " numbers, as in the first step, got ", parameters[p].size);
    }
}

}  // namespace

void adamw_step(const std::vector<Parameters>& parameters, AdamWState& state, double rate,
                const AdamWOptions& options) {
    require_options(rate, options);
    prepare(parameters, state);
    ++state.steps;
    const auto steps = static_cast<double>(state.steps);
    const auto step = static_cast<Real>(rate / (1 - std::pow(options.beta1, steps)));
    const auto unbias = static_cast<Real>(1 / std::sqrt(1 - std::pow(options.beta2, steps)));
    const auto keep1 = static_cast<Real>(options.beta1);
    const auto keep2 = static_cast<Real>(options.beta2);
    const auto new1 = static_cast<Real>(1 - options.beta1);
    const auto new2 = static_cast<Real>(1 - options.beta2);
    const auto epsilon = static_cast<Real>(options.epsilon);
    for (std::size_t p = 0; p < parameters.size(); ++p) {
        const Parameters& all = parameters[p];
        const Real keep = all.decay ? static_cast<Real>(1 - rate * options.weight_decay) : Real(1);
        Real* first_moment = state.first_moments[p].data();
        Real* second_moment = state.second_moments[p].data();
        parallel_ranges(all.size, [&](std::size_t first, std::size_t last) {
            for (std::size_t k = first; k < last; ++k) {
                const Real g = all.gradient[k];
                Real& m = first_moment[k];
                Real& v = second_moment[k];
                m = keep1 * m + new1 * g;
                v = keep2 * v + new2 * g * g;
                all.values[k] = keep * all.values[k] - step * m / (std::sqrt(v) * unbias + epsilon);
            }
        });
    }
}

}  // namespace NST_PRECISION
}  // namespace nst
