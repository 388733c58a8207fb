#include "chain.hpp"

#include <algorithm>

#include "parallel.hpp"
#include "require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t passing_buffers = 2;

std::size_t numbers(const Shape3& shape) {
    return shape[0] * shape[1] * shape[2];
}

Shape3 output_shape(const Layer& layer, const Shape3& x) {
    if (layer.kind == LayerKind::pool) return pooled_shape(x);
    if (layer.kind == LayerKind::relu) return x;
    require(x[2] == layer.filters.shape(2), "forward: ", layer.name, " needs ",
            layer.filters.shape(2), " input channels, got ", x[2]);
    return {x[0], x[1], layer.filters.shape(3)};
}

bool pools_maximum(const Layer& layer, Pooling pooling) {
    return layer.kind == LayerKind::pool && pooling == Pooling::max;
}

// Whether the output of a layer must survive until the backward pass has come by.
bool is_kept(const Network& network, std::size_t layer, const std::vector<bool>& tapped,
             Pooling pooling, Direction direction) {
    if (direction == Direction::forward) return false;
    if (tapped[layer] || network.layers[layer].kind == LayerKind::relu) return true;
    return layer + 1 < tapped.size() && pools_maximum(network.layers[layer + 1], pooling);
}

// Whether ReLU may overwrite the convolution before it, or must leave a tapped one alone.
bool runs_in_place(const Network& network, std::size_t layer, const std::vector<bool>& tapped) {
    return layer > 0 && network.layers[layer].kind == LayerKind::relu && !tapped[layer - 1];
}

}  // namespace

std::size_t ChainPlan::bytes() const {
    std::size_t total = scratch * static_cast<std::size_t>(thread_count());
    for (const std::size_t size : buffer_sizes) total += size;
    return total * sizeof(Real);
}

ChainPlan plan_chain(const Network& network, const Shape3& input, const std::vector<bool>& tapped,
                     Pooling pooling, Direction direction) {
    require(!network.layers.empty() && network.layers[0].kind == LayerKind::conv,
            "Objective: the network must begin with a convolution");
    const auto kept = [&](std::size_t layer) {
        return is_kept(network, layer, tapped, pooling, direction);
    };
    ChainPlan plan{{}, {}, std::vector<std::size_t>(passing_buffers), 0};
    plan.buffer_of.resize(tapped.size());
    Shape3 shape = input;
    for (std::size_t l = 0; l < tapped.size(); ++l) {
        const Layer& layer = network.layers[l];
        if (layer.kind == LayerKind::conv) {
            plan.scratch = std::max(plan.scratch, kernels::conv2d_scratch(shape[1], layer.filters));
        }
        shape = output_shape(layer, shape);
        plan.shapes.push_back(shape);
    }
    std::size_t side = 0;
    for (std::size_t l = 0; l < tapped.size(); ++l) {
        const bool next_in_place = l + 1 < tapped.size() && runs_in_place(network, l + 1, tapped);
        if (runs_in_place(network, l, tapped)) {
            plan.buffer_of[l] = plan.buffer_of[l - 1];
        } else if (kept(l) || (next_in_place && kept(l + 1))) {
            plan.buffer_of[l] = plan.buffer_sizes.size();
            plan.buffer_sizes.push_back(0);
        } else {
            side = 1 - side;
            plan.buffer_of[l] = side;
        }
        std::size_t& size = plan.buffer_sizes[plan.buffer_of[l]];
        size = std::max(size, numbers(plan.shapes[l]));
    }
    if (direction == Direction::forward_and_backward) {
        for (const Shape3& made : plan.shapes) {  // the gradient of every output passes by
            for (std::size_t b = 0; b < passing_buffers; ++b) {
                plan.buffer_sizes[b] = std::max(plan.buffer_sizes[b], numbers(made));
            }
        }
    }
    return plan;
}

Chain::Chain(const Network& network, const Shape3& input, std::vector<bool> tapped, Pooling pooling,
             Direction direction)
    : network_(network),
      tapped_(std::move(tapped)),
      pooling_(pooling),
      plan_(plan_chain(network, input, tapped_, pooling, direction)) {
    for (const std::size_t size : plan_.buffer_sizes) buffers_.emplace_back(size);
    if (direction == Direction::forward) return;
    backward_filters_.resize(tapped_.size());
    for (std::size_t l = 0; l < tapped_.size(); ++l) {
        if (network.layers[l].kind != LayerKind::conv) continue;
        backward_filters_[l] = kernels::backward_filters(network.layers[l].filters);
    }
}

Features Chain::output(std::size_t layer) {
    return {buffers_[plan_.buffer_of[layer]].data(), plan_.shapes[layer]};
}

void Chain::forward(ConstFeatures input, const Reader& read_tap, Workspace& workspace) {
    ConstFeatures x = input;
    for (std::size_t l = 0; l < tapped_.size(); ++l) {
        const Layer& layer = network_.layers[l];
        const Features y = output(l);
        if (layer.kind == LayerKind::conv) {
            kernels::conv2d(x, layer.filters, layer.bias, y, workspace);
        } else if (layer.kind == LayerKind::relu) {
            if (y.data != x.data) std::copy_n(x.data, x.size(), y.data);
            kernels::relu(y);
        } else if (pooling_ == Pooling::average) {
            kernels::average_pool(x, y);
        } else {
            kernels::max_pool(x, y);
        }
        if (tapped_[l]) read_tap(l, read(y));
        x = read(y);
    }
}

void Chain::backward_layer(std::size_t layer, Features dy, Features dx, Workspace& workspace) {
    if (network_.layers[layer].kind == LayerKind::conv) {
        kernels::conv2d(read(dy), backward_filters_[layer], Vector(), dx, workspace);
    } else if (pooling_ == Pooling::average) {
        kernels::average_pool_backward(read(dy), dx);
    } else {
        kernels::max_pool_backward(read(dy), read(output(layer - 1)), dx);
    }
}

void Chain::backward(const Injector& inject, Features input_gradient, Workspace& workspace) {
    const std::size_t last = tapped_.size() - 1;
    std::size_t side = 0;  // which passing buffer holds the gradient
    std::fill_n(buffers_[side].data(), numbers(plan_.shapes[last]), Real(0));
    for (std::size_t l = last + 1; l-- > 0;) {
        const Features dy{buffers_[side].data(), plan_.shapes[l]};
        if (tapped_[l]) inject(l, read(output(l)), dy);
        if (network_.layers[l].kind == LayerKind::relu) {
            kernels::relu_backward(dy, read(output(l)));
            continue;
        }
        if (l == 0) {
            backward_layer(l, dy, input_gradient, workspace);
        } else {
            side = 1 - side;
            backward_layer(l, dy, {buffers_[side].data(), plan_.shapes[l - 1]}, workspace);
        }
    }
}

}  // namespace NST_PRECISION
}  // namespace nst
