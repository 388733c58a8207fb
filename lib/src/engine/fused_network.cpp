#include "engine/fused_network.hpp"

#include <algorithm>
#include <utility>

#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

// The gradient at a convolution's output, from the gradient after its ReLU, or after the pooling
// that follows: passed on where the mask bits are set.
class MaskedGradient final : public FeatureSource {
  public:
    /// @param pooled  whether dy is the gradient at this step's pooling output
    /// @param shared  whether a pooled gradient is divided among the window's pixels
    MaskedGradient(FeatureView dy, const std::uint8_t* relu_mask, const Shape3& x, bool pooled,
                   bool shared)
        : dy_(dy),
          relu_mask_(relu_mask),
          height_(x[0]),
          width_(x[1]),
          pooled_(pooled),
          shared_(shared) {}

    void read(const Region& region, Channels channels, Real* patch, std::size_t) const override {
        read_pixels(region, {height_, width_, dy_.channels()}, Padding::zero, channels, patch,
                    [&](std::size_t i, std::size_t j, std::size_t count, Real* to) {
                        const std::uint8_t* bits =
                            relu_mask_ + (i * width_ + j) * mask_bytes(dy_.channels());
                        const Real* from = pooled_ ? dy_.at(i / 2, j / 2) : dy_.at(i, j);
                        simd().keep_where_bit(from + channels.first, bits + channels.first / 8,
                                              count, share(i, j), to);
                    });
    }

  private:
    // Returns one over the number of the window's pixels that lie inside the image.
    Real share(std::size_t i, std::size_t j) const {
        if (!shared_) return 1;
        const bool alone_in_row = j % 2 == 0 && j + 1 == width_;
        const bool alone_in_column = i % 2 == 0 && i + 1 == height_;
        return (alone_in_row ? Real(1) : Real(0.5)) * (alone_in_column ? Real(1) : Real(0.5));
    }

    FeatureView dy_;
    const std::uint8_t* relu_mask_;
    std::size_t height_;
    std::size_t width_;
    bool pooled_;
    bool shared_;
};

// The same, where the ReLU's output is available to derive the mask from.
class ReluGradient final : public FeatureSource {
  public:
    ReluGradient(FeatureView dy, FeatureView y) : dy_(dy), y_(y) {}

    void read(const Region& region, Channels channels, Real* patch, std::size_t) const override {
        read_pixels(region, dy_.shape, Padding::zero, channels, patch,
                    [&](std::size_t i, std::size_t j, std::size_t count, Real* to) {
                        simd().keep_where_positive(dy_.at(i, j) + channels.first,
                                                   y_.at(i, j) + channels.first, count, to);
                    });
    }

  private:
    FeatureView dy_;
    FeatureView y_;
};

// Zeroes the gradient in place where the ReLU's output is zero.
void apply_relu_mask(const ActivationSource& y, MutableFeatureView dy) {
    const std::size_t step = rows_per_block(y.shape());
    parallel_blocks(block_count(y.shape()[0], step), [&](std::size_t block, std::size_t worker) {
        const std::size_t first = block * step;
        const std::size_t last = std::min(y.shape()[0], first + step);
        Real* gradient = dy.at(first, 0);
        simd().keep_where_positive(gradient, y.rows(first, last, worker),
                                   (last - first) * y.shape()[1] * y.channels(), gradient);
    });
}

}  // namespace

FusedNetwork::FusedNetwork(const Network& network, FusedPlan plan)
    : network_(network),
      plan_(std::move(plan)),
      arena_(plan_.arena_bytes),
      biases_(plan_.steps.size()) {
    for (std::size_t s = 0; s < plan_.steps.size(); ++s) {
        const FusedStep& step = plan_.steps[s];
        if (!step.conv) continue;
        const Vector& bias = layer(step).bias;
        biases_[s].resize(whole_panels(bias.size()));
        std::copy(bias.begin(), bias.end(), biases_[s].begin());
    }
    const FusedStep& first = plan_.steps[0];
    if (first.recomputed)
        first_conv_.emplace(layer(first).filters, layer(first).bias, plan_.padding);
}

MutableFeatureView FusedNetwork::output(const FusedStep& step) const {
    return {arena_.at<Real>(step.output), step.y};
}

MutableFeatureView FusedNetwork::gradient(const FusedStep& step) const {
    return {arena_.at<Real>(step.gradient), step.y};
}

FeatureView FusedNetwork::input_of(std::size_t s, FeatureView input) const {
    return s == 0 ? input : output(plan_.steps[s - 1]);
}

// Calls body with the output of a step, from memory or recomputed.
template <class Body>
void FusedNetwork::with_output(const FusedStep& step, FeatureView input, const Body& body) {
    if (step.recomputed) {
        body(FirstConvFeatures(*first_conv_, input, first_workspace_));
    } else {
        body(StoredFeatures(output(step)));
    }
}

void FusedNetwork::forward(FeatureView input, const Reader& read_captured, Workspace& workspace) {
    // Reserved before any thread runs: which worker gets which block is up to chance.
    workspace.reserve(plan_.scratch);
    first_workspace_.reserve(plan_.first_scratch);
    for (std::size_t s = 0; s < plan_.steps.size(); ++s) {
        const FusedStep& step = plan_.steps[s];
        if (!step.recomputed) run(s, input, workspace);
        if (step.capture == Capture::none) continue;
        with_output(step, input,
                    [&](const ActivationSource& y) { read_captured(step.last_layer, y); });
    }
}

void FusedNetwork::run(std::size_t s, FeatureView input, Workspace& workspace) {
    const FusedStep& step = plan_.steps[s];
    if (step.conv && s == 1 && first_conv_) {
        run_conv(step, FirstConvFeatures(*first_conv_, input, first_workspace_), workspace);
        return;
    }
    const FeatureView x = input_of(s, input);
    const MutableFeatureView y = output(step);
    if (step.conv) {
        run_conv(step, StoredFeatures(x, plan_.padding), workspace);
    } else if (step.relu) {
        std::copy_n(x.data, x.size(), y.data);
        kernels::relu(y);
    } else if (plan_.pooling == Pooling::average) {
        kernels::average_pool(x, y);
    } else {
        kernels::max_pool(x, y);
    }
}

void FusedNetwork::run_conv(const FusedStep& step, const FeatureSource& x, Workspace& workspace) {
    const Filters& w = layer(step).filters;
    OutputTransform epilogue{};
    epilogue.bias = biases_[static_cast<std::size_t>(&step - plan_.steps.data())].data();
    epilogue.relu = step.relu;
    if (step.pool) {
        epilogue.pool = plan_.pooling == Pooling::average ? FusedPool::average : FusedPool::max;
    }
    epilogue.y = output(step).data;
    if (step.relu_mask != FusedStep::nowhere)
        epilogue.relu_mask = arena_.at<std::uint8_t>(step.relu_mask);
    kernels::winograd_conv2d(WinogradPlan(step.x[0], step.x[1], w, FilterUse::forward), x, w,
                             epilogue, workspace);
}

void FusedNetwork::backward(FeatureView input, const Injector& inject,
                            MutableFeatureView input_gradient, Workspace& workspace) {
    const MutableFeatureView last = gradient(plan_.steps.back());
    std::fill_n(last.data, last.size(), Real(0));
    for (std::size_t s = plan_.steps.size(); s-- > 0;) {
        const FusedStep& step = plan_.steps[s];
        const MutableFeatureView dx = s == 0 ? input_gradient : gradient(plan_.steps[s - 1]);
        if (step.capture != Capture::none) {
            with_output(step, input, [&](const ActivationSource& y) {
                inject(step.last_layer, y, gradient(step));
            });
        }
        if (step.recomputed) {
            with_output(step, input,
                        [&](const ActivationSource& y) { apply_relu_mask(y, gradient(step)); });
            first_conv_->backward(gradient(step), dx, workspace);
        } else {
            run_back(s, input_of(s, input), dx, workspace);
        }
    }
}

void FusedNetwork::run_back(std::size_t s, FeatureView x, MutableFeatureView dx,
                            Workspace& workspace) {
    const FusedStep& step = plan_.steps[s];
    const MutableFeatureView dy = gradient(step);
    if (step.conv) {
        run_conv_back(step, dx, workspace);
    } else if (step.relu) {
        std::copy_n(dy.data, dy.size(), dx.data);
        apply_relu_mask(StoredFeatures(output(step)), dx);
    } else if (plan_.pooling == Pooling::average) {
        kernels::average_pool_backward(dy, dx);
    } else {
        kernels::max_pool_backward(dy, x, dx);
    }
}

void FusedNetwork::run_conv_back(const FusedStep& step, MutableFeatureView dx,
                                 Workspace& workspace) {
    const Filters& w = layer(step).filters;
    const WinogradPlan plan(step.x[0], step.x[1], w, FilterUse::backward);
    OutputTransform epilogue{};
    epilogue.y = dx.data;
    const FeatureView dy = gradient(step);
    const auto run = [&](const FeatureSource& masked) {
        kernels::winograd_conv2d(plan, masked, w, epilogue, workspace);
        kernels::add_ring_gradient(masked, w, plan_.padding, dx, workspace);
    };
    if (step.needs_mask()) {
        run(MaskedGradient(dy, arena_.at<std::uint8_t>(step.relu_mask), step.x, step.pool,
                           step.pool && plan_.pooling == Pooling::average));
    } else if (step.relu) {
        run(ReluGradient(dy, output(step)));
    } else {
        run(StoredFeatures(dy));
    }
}

}  // namespace NST_PRECISION
}  // namespace nst
