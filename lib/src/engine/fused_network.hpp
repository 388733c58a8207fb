// Runs the network forward and backward for one image size: fast, in memory planned in advance.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "engine/arena.hpp"
#include "engine/first_conv.hpp"
#include "nst/network.hpp"
#include "operations/kernels.hpp"
#include "winograd/winograd.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// How a layer's output is captured.
enum class Capture {
    none,
    by_rows,  ///< a few rows at a time, which need not be kept
    whole     ///< all of it in memory
};

/// Layers that run as one: a convolution with the ReLU and the pooling that follow it, if no output
/// between them is captured. Or a single layer.
struct FusedStep {
    std::size_t first_layer = 0;
    std::size_t last_layer = 0;
    bool conv = false;
    bool relu = false;
    bool pool = false;
    Capture capture = Capture::none;  ///< of the last layer's output
    Shape3 x{};                       ///< shape of the input
    Shape3 y{};                       ///< shape of the output
    bool recomputed = false;          ///< the first convolution, cheaper to recompute than to keep

    /// Returns whether backward needs mask bits that tell where the gradient passes, because it can
    /// neither read this from a captured output nor recompute the output.
    bool needs_mask() const {
        return conv && relu && !recomputed && (pool || capture == Capture::none);
    }

    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
    std::size_t output = nowhere;     ///< place in the arena
    std::size_t relu_mask = nowhere;  ///< place of the bits that tell where the gradient passes
    std::size_t gradient = nowhere;   ///< place of the gradient at the output
};

enum class Direction { forward, forward_and_backward };

/// The steps and the places of their results. Backward needs only the captured outputs and one mask
/// bit per other value; all other memory is reused as soon as it has been read.
struct FusedPlan {
    std::vector<FusedStep> steps;
    Pooling pooling = Pooling::average;
    Padding padding = Padding::zero;
    std::vector<Shape3> shapes;  ///< shape of each layer's output
    std::size_t arena_bytes = 0;
    std::size_t scratch = 0;         ///< numbers that one worker needs in its workspace
    std::size_t shared_scratch = 0;  ///< numbers that all workers share
    std::size_t first_scratch = 0;   ///< numbers for recomputing the first convolution
    std::size_t prepared = 0;        ///< numbers in prepared biases and filter panels

    std::size_t bytes() const;
};

/// Plans a run up to and including the last layer.
/// @param captures  one for each layer of the run
FusedPlan plan_fused_network(const Network& network, const Shape3& input,
                             const std::vector<Capture>& captures, Pooling pooling, Padding padding,
                             Direction direction);

/// Runs the layers of a plan; every call reuses the same memory.
class FusedNetwork {
  public:
    /// Called with a captured layer's output as soon as it has been computed.
    using Reader = std::function<void(std::size_t layer, const ActivationSource& output)>;
    /// Called with a captured layer's output and the gradient there, to which it adds.
    using Injector = std::function<void(std::size_t layer, const ActivationSource& output,
                                        MutableFeatureView gradient)>;

    /// @param network  must outlive this object
    FusedNetwork(const Network& network, FusedPlan plan);

    void forward(FeatureView input, const Reader& read_captured, Workspace& workspace);

    /// Computes dL/d(input) from the gradients that the injector adds at the captured layers. Call
    /// it after forward, with the same input.
    void backward(FeatureView input, const Injector& inject, MutableFeatureView input_gradient,
                  Workspace& workspace);

  private:
    const Layer& layer(const FusedStep& step) const { return network_.layers[step.first_layer]; }
    MutableFeatureView output(const FusedStep& step) const;
    MutableFeatureView gradient(const FusedStep& step) const;
    FeatureView input_of(std::size_t s, FeatureView input) const;

    void run(std::size_t s, FeatureView input, Workspace& workspace);
    void run_conv(const FusedStep& step, const FeatureSource& x, Workspace& workspace);
    void run_back(std::size_t s, FeatureView x, MutableFeatureView dx, Workspace& workspace);
    void run_conv_back(const FusedStep& step, MutableFeatureView dx, Workspace& workspace);
    template <class Body>
    void with_output(const FusedStep& step, FeatureView input, const Body& body);

    const Network& network_;
    FusedPlan plan_;
    Arena arena_;
    std::optional<FirstConv> first_conv_;
    Workspace first_workspace_;              // for first_conv_, apart from its readers' scratch
    std::vector<std::vector<Real>> biases_;  // by step, padded to whole panels
};

}  // namespace NST_PRECISION
}  // namespace nst
