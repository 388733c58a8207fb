#include "nst/transfer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/require.hpp"
#include "base/view.hpp"
#include "nst/noise_image.hpp"
#include "transfer/coarse_to_fine.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

Tensor3 start_input(const Network& network, const Image& content, const TransferOptions& options) {
    if (!options.start) {
        return noise_image(subtract_mean(content, network.mean), options.noise_ratio, options.seed);
    }
    require(options.start->shape() == content.shape(),
            "transfer: the start picture must have the content's size, ",
            shape_text(content.shape()), ", got ", shape_text(options.start->shape()));
    return subtract_mean(*options.start, network.mean);
}

void require_finite_start(const Evaluation& costs) {
    require(std::isfinite(costs.total),
            "transfer: the total cost of the start picture must be finite, got ",
            std::abs(costs.total), ". Is a pixel or a weight not a number?");
}

void require_finite(const Evaluation& costs, int iteration) {
    require(std::isfinite(costs.total), "transfer: the total cost must be finite, got ",
            std::abs(costs.total), " after iteration ", iteration,
            ". A smaller learning rate may help.");
}

// Before the work starts.
void check_optimizers(const TransferOptions& options) {
    const Adam adam(options.adam);
    check_options(options.lbfgs);
}

// One evaluation serves twice: it gives the costs after a step and the gradient for the next.
void paint_by_adam(Objective& objective, Tensor3& input, const TransferOptions& options,
                   const Observer& observer) {
    Adam adam(options.adam);
    const Evaluation* evaluation = &objective(input);
    require_finite_start(*evaluation);
    for (int iteration = 0; iteration < options.iterations; ++iteration) {
        adam.step(input, evaluation->gradient);
        const bool last = iteration + 1 == options.iterations;
        evaluation = last ? &objective.costs(input) : &objective(input);
        require_finite(*evaluation, iteration);
        if (observer && !observer({iteration, options.iterations, *evaluation, input})) break;
    }
}

void paint_by_lbfgs(Objective& objective, Tensor3& input, const TransferOptions& options,
                    const Observer& observer) {
    const auto cost = [&](const Tensor3& x) -> const Evaluation& { return objective(x); };
    Lbfgs lbfgs(cost, std::move(input), options.lbfgs);
    require_finite_start(lbfgs.evaluation());
    for (int iteration = 0; iteration < options.iterations; ++iteration) {
        if (lbfgs.step() != LbfgsOutcome::moved) break;
        const Progress progress = {iteration, options.iterations, lbfgs.evaluation(),
                                   lbfgs.point()};
        if (observer && !observer(progress)) break;
    }
    input = lbfgs.point();
}

}  // namespace

Image transfer(const Network& network, const Image& content, const Image& style,
               const TransferOptions& options, const Observer& observer) {
    require(options.iterations >= 0, "transfer: iterations must not be negative, got ",
            options.iterations);
    check_optimizers(options);
    if (options.scales != 1) return coarse_to_fine(network, content, style, options, observer);
    Tensor3 input = start_input(network, content, options);
    if (options.iterations == 0) return add_mean(input, network.mean);
    Objective objective(network, content, style, options.objective);
    const bool by_adam = options.optimizer == Optimizer::adam;
    (by_adam ? paint_by_adam : paint_by_lbfgs)(objective, input, options, observer);
    return add_mean(input, network.mean);
}

std::uint64_t transfer_memory(const Network& network, const Shape3& content, const Shape3& style,
                              const TransferOptions& options) {
    if (options.scales != 1) return coarse_to_fine_memory(network, content, style, options);
    std::uint64_t made = 3;  // the input and Adam's two moments, whose place the painting takes
    if (options.optimizer == Optimizer::lbfgs) {
        // The pairs, the point and its gradient; and the input made of it, or with all pairs
        // already there before the last step, its direction and its trial.
        const int most = std::max(1, options.lbfgs.history);
        const int pairs = std::min(most, options.iterations);
        made = 2 * static_cast<std::uint64_t>(std::max(0, pairs)) +
               (options.iterations > most ? 4 : 3);
    }
    return bytes_of(content) + bytes_of(style) + made * bytes_of(content) +
           objective_memory(network, content, style, options.objective);
}

}  // namespace NST_PRECISION
}  // namespace nst
