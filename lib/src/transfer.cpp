#include "nst/transfer.hpp"

#include <cmath>

#include "coarse_to_fine.hpp"
#include "nst/noise_image.hpp"
#include "require.hpp"

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

}  // namespace

Image transfer(const Network& network, const Image& content, const Image& style,
               const TransferOptions& options, const Observer& observer) {
    require(options.iterations >= 0, "transfer: iterations must not be negative, got ",
            options.iterations);
    if (options.scales != 1) return coarse_to_fine(network, content, style, options, observer);
    Adam adam(options.adam);
    Tensor3 input = start_input(network, content, options);
    if (options.iterations == 0) return add_mean(input, network.mean);

    // One evaluation serves twice: it gives the costs after a step and the gradient for the next.
    Objective objective(network, content, style, options.objective);
    const Evaluation* evaluation = &objective(input);
    require_finite_start(*evaluation);
    for (int iteration = 0; iteration < options.iterations; ++iteration) {
        adam.step(input, evaluation->gradient);
        const bool last = iteration + 1 == options.iterations;
        evaluation = last ? &objective.costs(input) : &objective(input);
        require_finite(*evaluation, iteration);
        if (observer && !observer({iteration, options.iterations, *evaluation, input})) break;
    }
    return add_mean(input, network.mean);
}

std::uint64_t transfer_memory(const Network& network, const Shape3& content, const Shape3& style,
                              const TransferOptions& options) {
    if (options.scales != 1) return coarse_to_fine_memory(network, content, style, options);
    const auto picture = [](const Shape3& s) {
        return static_cast<std::uint64_t>(s[0]) * s[1] * s[2] * sizeof(Real);
    };
    // The input, Adam's two moments, and the painting that is made of the input at the end.
    const std::uint64_t made = 4 * picture(content);
    return picture(content) + picture(style) + made +
           objective_memory(network, content, style, options.objective);
}

}  // namespace NST_PRECISION
}  // namespace nst
