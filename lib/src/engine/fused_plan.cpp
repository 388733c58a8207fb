#include <algorithm>

#include "base/require.hpp"
#include "engine/fused_network.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t max_first_inputs = 4;  // above it, Winograd's padding wastes less

Shape3 output_shape(const Layer& layer, const Shape3& x) {
    if (layer.kind == LayerKind::pool) return pooled_shape(x);
    if (layer.kind == LayerKind::relu) return x;
    const auto& filters = layer.filters.shape();
    require(layer.filters.size() > 0 && filters[0] == 3 && filters[1] == 3,
            "Objective: ", layer.name, " must have filters of 3x3xC_inxC_out, got ",
            shape_text(filters));
    require(x[2] == filters[2], "Objective: ", layer.name, " needs ", filters[2],
            " input channels, got ", x[2]);
    require(layer.bias.size() == filters[3], "Objective: ", layer.name, " needs ", filters[3],
            " biases, one for each filter, got ", layer.bias.size());
    return {x[0], x[1], layer.filters.shape(3)};
}

// Groups the layers: a convolution takes the ReLU after it, and then the pooling after that.
std::vector<FusedStep> group_layers(const Network& network, const std::vector<Capture>& captures) {
    std::vector<FusedStep> steps;
    for (std::size_t l = 0; l < captures.size(); ++l) {
        FusedStep step{};
        step.first_layer = l;
        const auto follows = [&](LayerKind kind) {
            return captures[l] == Capture::none && l + 1 < captures.size() &&
                   network.layers[l + 1].kind == kind;
        };
        step.conv = network.layers[l].kind == LayerKind::conv;
        step.relu = network.layers[l].kind == LayerKind::relu;
        step.pool = network.layers[l].kind == LayerKind::pool;
        if (step.conv && follows(LayerKind::relu)) {
            step.relu = true;
            ++l;
            if (step.first_layer > 0 && follows(LayerKind::pool)) {
                step.pool = true;
                ++l;
            }
        }
        step.last_layer = l;
        step.capture = captures[l];
        steps.push_back(step);
    }
    return steps;
}

// The buffers in the arena, and where to store the place of each.
struct Tenants {
    std::vector<Lifetime> lifetimes;
    std::vector<std::size_t*> places;

    void add(std::size_t& place, std::size_t bytes, std::size_t first, std::size_t last) {
        lifetimes.push_back({bytes, first, last});
        places.push_back(&place);
    }
};

// Steps are numbered forward 0 .. n - 1, then backward n .. 2 n - 1.
Tenants tenants_of(std::vector<FusedStep>& steps, Pooling pooling, Direction direction) {
    const std::size_t n = steps.size();
    const bool backward = direction == Direction::forward_and_backward;
    Tenants tenants;
    for (std::size_t s = 0; s < n; ++s) {
        FusedStep& step = steps[s];
        const std::size_t back = 2 * n - 1 - s;
        const bool max_next =
            s + 1 < n && steps[s + 1].pool && !steps[s + 1].conv && pooling == Pooling::max;
        std::size_t last = std::min(s + 1, n - 1);
        if (backward && (step.capture != Capture::none || (step.relu && !step.conv))) last = back;
        if (backward && max_next) last = std::max(last, back - 1);
        if (!step.recomputed) {
            tenants.add(step.output, bytes_of(step.y), s, last);
        }
        if (!backward) continue;
        if (step.needs_mask()) {
            tenants.add(step.relu_mask, step.x[0] * step.x[1] * mask_bytes(step.y[2]), s, back);
        }
        tenants.add(step.gradient, bytes_of(step.y), std::max(n, back - 1), back);
    }
    return tenants;
}

// Adds the memory that a step needs outside the arena.
void add_needs(const Network& network, const FusedStep& step, bool backward, FusedPlan& plan) {
    const auto need = [&](std::size_t count) { plan.scratch = std::max(plan.scratch, count); };
    if (step.capture != Capture::none) need(kernels::gram_matrix_scratch(step.y[2]));
    if (!step.conv) return;
    const Filters& w = network.layers[step.first_layer].filters;
    plan.prepared += whole_panels(w.shape(3));
    if (backward && plan.padding != Padding::zero) {
        need(kernels::ring_gradient_scratch(step.x[0], step.x[1], w));
    }
    if (step.recomputed) {
        plan.prepared += FirstConv::prepared(w);
        plan.first_scratch = FirstConv::rows_scratch(w, step.y);
        if (backward) need(FirstConv::backward_scratch(w, step.y[1]));
        return;
    }
    for (const FilterUse use : {FilterUse::forward, FilterUse::backward}) {
        if (use == FilterUse::backward && !backward) continue;
        const WinogradPlan conv(step.x[0], step.x[1], w, use);
        need(conv.scratch());
        plan.shared_scratch = std::max(plan.shared_scratch, conv.kept_filters);
    }
}

}  // namespace

std::size_t FusedPlan::bytes() const {
    const std::size_t by_worker =
        (scratch + first_scratch) * static_cast<std::size_t>(thread_count());
    return arena_bytes + (by_worker + shared_scratch + prepared) * sizeof(Real);
}

FusedPlan plan_fused_network(const Network& network, const Shape3& input,
                             const std::vector<Capture>& captures, Pooling pooling, Padding padding,
                             Direction direction) {
    require(!network.layers.empty() && network.layers[0].kind == LayerKind::conv,
            "Objective: the network must begin with a convolution");
    const bool backward = direction == Direction::forward_and_backward;
    FusedPlan plan;
    plan.pooling = pooling;
    plan.padding = padding;
    Shape3 shape = input;
    for (std::size_t l = 0; l < captures.size(); ++l) {
        shape = output_shape(network.layers[l], shape);
        plan.shapes.push_back(shape);
    }
    plan.steps = group_layers(network, captures);
    for (FusedStep& step : plan.steps) {
        step.x = step.first_layer == 0 ? input : plan.shapes[step.first_layer - 1];
        step.y = plan.shapes[step.last_layer];
    }
    FusedStep& first = plan.steps[0];
    first.recomputed = first.relu && first.capture != Capture::whole &&
                       input[2] <= max_first_inputs && plan.steps.size() > 1 && plan.steps[1].conv;
    for (const FusedStep& step : plan.steps) add_needs(network, step, backward, plan);
    const Tenants tenants = tenants_of(plan.steps, pooling, direction);
    const ArenaPlan arena = plan_arena(tenants.lifetimes);
    for (std::size_t k = 0; k < tenants.places.size(); ++k) {
        *tenants.places[k] = arena.offsets[k];
    }
    plan.arena_bytes = arena.bytes;
    return plan;
}

}  // namespace NST_PRECISION
}  // namespace nst
