#include "nst/transfer.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/require.hpp"
#include "base/view.hpp"
#include "nst/image.hpp"
#include "nst/noise_image.hpp"
#include "transfer/scales.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

Image resized(ImageView image, const Shape3& shape) {
    return resize_image(image, shape[0], shape[1]);
}

void require_finite_start(const Evaluation& costs) {
    require(std::isfinite(costs.total),
            "transfer: the total cost of the initial image must be finite, got ",
            std::abs(costs.total), ". Is a pixel or a weight not a number?");
}

void require_finite(const Evaluation& costs, int iteration) {
    require(std::isfinite(costs.total), "transfer: the total cost must be finite, got ",
            std::abs(costs.total), " after iteration ", iteration,
            ". A smaller learning rate may help.");
}

void require_image(const char* name, const Shape3& shape) {
    require(shape[0] > 0 && shape[1] > 0 && shape[2] == 3, "transfer: ", name,
            " must be (H, W, 3) and not empty, got ", shape_text(shape));
}

// Checks everything that can be checked before the work starts.
void check(const Shape3& content, const Shape3& style, const TransferOptions& options) {
    require_image("content", content);
    require_image("style", style);
    require(options.iterations >= 0, "transfer: iterations must not be negative, got ",
            options.iterations);
    const Adam adam(options.adam);
    check_options(options.lbfgs);
    require(std::isfinite(options.coarse_content) && options.coarse_content >= 0,
            "transfer: coarse_content must be finite and not negative, got ",
            options.coarse_content);
    require(!options.start || options.start->shape() == content,
            "transfer: the initial image must have the content's size, ", shape_text(content),
            ", got ", shape_text(options.start ? options.start->shape() : content));
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
    const Evaluation* latest = nullptr;
    const auto cost = [&](const Tensor3& x) -> CostAndGradient {
        latest = &objective(x);
        return {latest->total, latest->gradient};
    };
    Lbfgs lbfgs(cost, std::move(input), options.lbfgs);
    require_finite_start(*latest);
    for (int iteration = 0; iteration < options.iterations; ++iteration) {
        if (lbfgs.step() != LbfgsOutcome::moved) break;
        if (observer && !observer({iteration, options.iterations, *latest, lbfgs.point()})) break;
    }
    input = lbfgs.point();
}

// Runs one scale: content and style are already reduced to it, and `input` is the initial image.
Image paint(const Network& network, ImageView content, ImageView style, Tensor3 input,
            const ObjectiveOptions& balance, const TransferOptions& options,
            const Observer& observer) {
    if (options.iterations > 0) {
        Objective objective(network, content, style, balance);
        const bool by_adam = options.optimizer == Optimizer::adam;
        (by_adam ? paint_by_adam : paint_by_lbfgs)(objective, input, options, observer);
    }
    return add_mean(input, network.mean);
}

// Returns a scale's result at the next size, with what the content image shows there and its
// reduced copy could not.
Image with_detail(const Image& painted, const Image& reduced, ImageView content,
                  const Shape3& shape) {
    Image larger = resized(painted, shape);
    const Image sharp = resized(content, shape);
    const Image blurred = resized(reduced, shape);
    for (std::size_t k = 0; k < larger.size(); ++k) {
        larger.data()[k] += sharp.data()[k] - blurred.data()[k];
    }
    return larger;
}

// Returns how many images of the content's size the optimizer holds at its peak.
std::uint64_t optimizer_images(const TransferOptions& options) {
    if (options.optimizer == Optimizer::adam) return 3;  // the input and the two moments
    // The pairs, the point, its gradient and the input made of it; or, with all pairs already there
    // before the last step, its direction, its trial and the gradient there, and no input.
    const int max_pairs = std::max(1, options.lbfgs.history);
    const int pairs = std::clamp(options.iterations, 0, max_pairs);
    return 2 * static_cast<std::uint64_t>(pairs) + (options.iterations > max_pairs ? 5 : 3);
}

}  // namespace

Image transfer(const Network& network, ImageView content, ImageView style,
               const TransferOptions& options, const Observer& observer) {
    check(content.shape, style.shape, options);
    const std::vector<Scale> scales = plan_scales(content.shape, style.shape, options);
    const int count = static_cast<int>(scales.size());
    bool stopped = false;
    // Runs one scale: content and style have its size, the initial image may have any size.
    const auto paint_scale = [&](int scale, ImageView content_here, ImageView style_here,
                                 const Image* start) {
        const auto watch = [&](Progress progress) {
            progress.scale = scale;
            progress.scales = count;
            stopped = observer && !observer(progress);
            return !stopped;
        };
        Tensor3 input = start != nullptr
                            ? subtract_mean(resized(*start, content_here.shape), network.mean)
                            : noise_image(subtract_mean(content_here, network.mean),
                                          options.noise_ratio, options.seed);
        ObjectiveOptions balance = options.objective;
        if (scale < count) balance.content_weight *= options.coarse_content;
        return paint(network, content_here, style_here, std::move(input), balance, options, watch);
    };
    const Image* start = options.start ? &*options.start : nullptr;
    Image painted;
    for (int scale = 1; scale < count; ++scale) {
        const Scale& here = scales[static_cast<std::size_t>(scale - 1)];
        const Image content_here = resized(content, here.content);
        painted = paint_scale(scale, content_here, resized(style, here.style), start);
        if (stopped) return resized(painted, content.shape);
        const Shape3& next = scales[static_cast<std::size_t>(scale)].content;
        if (options.return_detail) painted = with_detail(painted, content_here, content, next);
        start = &painted;
    }
    const Shape3& style_here = scales.back().style;
    if (style_here == style.shape) return paint_scale(count, content, style, start);
    return paint_scale(count, content, resized(style, style_here), start);
}

std::uint64_t transfer_memory(const Network& network, const Shape3& content, const Shape3& style,
                              const TransferOptions& options) {
    const std::vector<Scale> scales = plan_scales(content, style, options);
    const std::uint64_t images = bytes_of(content) + bytes_of(style);
    std::uint64_t peak = 0;
    for (std::size_t k = 0; k < scales.size(); ++k) {
        const Scale& here = scales[k];
        std::uint64_t bytes =
            images + optimizer_images(options) * bytes_of(here.content) +
            objective_memory(network, here.content, here.style, options.objective);
        const Shape3& start =
            options.return_detail ? here.content : scales[k > 0 ? k - 1 : 0].content;
        if (k > 0) bytes += bytes_of(start);  // the initial image
        if (k + 1 < scales.size()) bytes += bytes_of(here.content);
        if (here.style != style) bytes += bytes_of(here.style);
        peak = std::max(peak, bytes);
    }
    return peak;
}

}  // namespace NST_PRECISION
}  // namespace nst
