// The network forward and backward for one picture size: fast, and in memory planned beforehand.
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

/// What is wanted of a layer's output.
enum class Capture {
    none,
    by_rows,  ///< some rows at a time will do, which need not be kept
    whole     ///< all of it in memory
};

/// Layers that run as one: a convolution with the ReLU and the pooling that follow it, where nobody
/// wants what lies between. Or one layer alone.
struct FusedStep {
    std::size_t first_layer = 0;
    std::size_t last_layer = 0;
    bool conv = false;
    bool relu = false;
    bool pool = false;
    Capture capture = Capture::none;  ///< of the last layer
    Shape3 x{};                       ///< what goes in
    Shape3 y{};                       ///< what comes out
    bool recomputed = false;          ///< the first convolution, cheaper made again than kept

    /// Whether backward must be told by bits where the gradient may pass: it cannot see it in a
    /// captured output, nor make the output again.
    bool needs_mask() const {
        return conv && relu && !recomputed && (pool || capture == Capture::none);
    }

    static constexpr std::size_t nowhere = static_cast<std::size_t>(-1);
    std::size_t output = nowhere;     ///< place in the arena
    std::size_t relu_mask = nowhere;  ///< place of the bits that tell where the gradient may pass
    std::size_t gradient = nowhere;   ///< place of the gradient at the output
};

enum class Direction { forward, forward_and_backward };

/// The steps and where their results lie. Backward needs of the way forward the captured outputs
/// and one bit for each value of the others; everything else makes room as soon as it has been
/// read.
struct FusedPlan {
    std::vector<FusedStep> steps;
    Pooling pooling = Pooling::average;
    std::vector<Shape3> shapes;  ///< of each layer's output
    std::size_t arena_bytes = 0;
    std::size_t scratch = 0;         ///< numbers that one worker needs in its workspace
    std::size_t shared_scratch = 0;  ///< and that all workers share
    std::size_t first_scratch = 0;   ///< and to make the first convolution again
    std::size_t prepared = 0;        ///< numbers in biases and panels of filters made ready

    std::size_t bytes() const;
};

/// Plans a run up to and including the last layer.
/// @param captures  for each layer of the run
FusedPlan plan_fused_network(const Network& network, const Shape3& input,
                             const std::vector<Capture>& captures, Pooling pooling,
                             Direction direction);

/// Runs the layers of a plan; every call reuses the same memory.
class FusedNetwork {
  public:
    /// Called with a captured layer's output when it has just been made.
    using Reader = std::function<void(std::size_t layer, const ActivationSource& output)>;
    /// Called with a captured layer's output, and the gradient there to add to.
    using Injector =
        std::function<void(std::size_t layer, const ActivationSource& output, Features gradient)>;

    /// @param network  must outlive it
    FusedNetwork(const Network& network, FusedPlan plan);

    void forward(ConstFeatures input, const Reader& read_captured, Workspace& workspace);

    /// After forward, with the same input: dL/d(input) from the gradients that the injector adds at
    /// the captured layers.
    void backward(ConstFeatures input, const Injector& inject, Features input_gradient,
                  Workspace& workspace);

  private:
    const Layer& layer(const FusedStep& step) const { return network_.layers[step.first_layer]; }
    Features output(const FusedStep& step) const;
    Features gradient(const FusedStep& step) const;
    ConstFeatures input_of(std::size_t s, ConstFeatures input) const;

    void run(std::size_t s, ConstFeatures input, Workspace& workspace);
    void run_conv(const FusedStep& step, const FeatureSource& x, Workspace& workspace);
    void run_back(std::size_t s, ConstFeatures x, Features dx, Workspace& workspace);
    void run_conv_back(const FusedStep& step, Features dx, Workspace& workspace);
    template <class Body>
    void with_output(const FusedStep& step, ConstFeatures input, const Body& body);

    const Network& network_;
    FusedPlan plan_;
    Arena arena_;
    std::optional<FirstConv> first_conv_;
    Workspace first_workspace_;              // its scratch, apart from that of what reads it
    std::vector<std::vector<Real>> biases_;  // by step, to whole panels
};

}  // namespace NST_PRECISION
}  // namespace nst
