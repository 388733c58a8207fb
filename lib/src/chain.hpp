// The network forward and backward for one picture size, on buffers that are planned beforehand.
#pragma once

#include <functional>
#include <vector>

#include "kernels.hpp"
#include "nst/network.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Which layer's output lies in which buffer.
///
/// Buffers 0 and 1 are passed back and forth: what nobody needs later goes through them on the way
/// forward, and the gradient on the way back. Every output that is needed later has a buffer of its
/// own. ReLU runs in place, in the buffer of the convolution before it.
struct ChainPlan {
    std::vector<Shape3> shapes;             ///< of each layer's output
    std::vector<std::size_t> buffer_of;     ///< by layer
    std::vector<std::size_t> buffer_sizes;  ///< numbers in each buffer
    std::size_t scratch;                    ///< numbers that one worker needs in its workspace

    std::size_t bytes() const;
};

enum class Direction { forward, forward_and_backward };

/// Plans a run up to and including the last tapped layer.
/// @param tapped  for each layer of the run, whether its output must survive
ChainPlan plan_chain(const Network& network, const Shape3& input, const std::vector<bool>& tapped,
                     Pooling pooling, Direction direction);

/// Runs the layers of a plan; every call reuses the same buffers.
class Chain {
  public:
    /// Called with a tapped layer's output when it has just been made.
    using Reader = std::function<void(std::size_t layer, ConstFeatures output)>;
    /// Called with a tapped layer's output, and the gradient there to add to.
    using Injector =
        std::function<void(std::size_t layer, ConstFeatures output, Features gradient)>;

    Chain(const Network& network, const Shape3& input, std::vector<bool> tapped, Pooling pooling,
          Direction direction);

    void forward(ConstFeatures input, const Reader& read_tap, Workspace& workspace);

    /// After forward: dL/d(input) from the gradients that the injector adds at the tapped layers.
    void backward(const Injector& inject, Features input_gradient, Workspace& workspace);

    const ChainPlan& plan() const { return plan_; }

  private:
    Features output(std::size_t layer);
    void backward_layer(std::size_t layer, Features dy, Features dx, Workspace& workspace);

    const Network& network_;
    std::vector<bool> tapped_;
    Pooling pooling_;
    ChainPlan plan_;
    std::vector<std::vector<Real>> buffers_;
    std::vector<Filters> backward_filters_;  // by layer; empty where there is no convolution
};

}  // namespace NST_PRECISION
}  // namespace nst
