#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nst/network.hpp"
#include "nst/total_cost.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// What is to be alike, and how much each part counts. The defaults are the tutorial's.
///
/// A part with the weight 0 is evaluated and changes nothing. A part without a layer costs 0 and is
/// not even evaluated: that is how chapter 17 makes a picture of content or of style alone.
struct ObjectiveOptions {
    std::string content_layer =
        "relu4_2";  ///< the tutorial's conv4_2, which is after ReLU; "": none
    std::vector<StyleLayer> style_layers = tutorial_style_layers();  ///< {}: none
    double content_weight = 10;                                      ///< alpha
    double style_weight = 40;                                        ///< beta
    double tv_weight = 0;  ///< of the picture's total_variation, which the tutorial has not
    Pooling pooling = Pooling::average;
};

/// The costs of one picture and where to go from there.
struct Evaluation {
    double total;                      ///< alpha content + beta style + tv_weight total_variation
    double content;                    ///< J_content
    double style;                      ///< J_style: the weighted sum over the style layers
    double total_variation;            ///< of the picture; 0, not evaluated, when its weight is 0
    std::vector<double> style_losses;  ///< each style layer's loss, not weighted
    Tensor3 gradient;                  ///< d total / d input, (H, W, 3)
};

/// The total cost of a picture and its gradient with respect to every pixel (tutorial, steps 2 to
/// 4; [GEB16] (7)). Built once for a content and a style picture; every call runs the network
/// forward to its last captured layer and back.
///
/// The two pictures may have different sizes: each style Gram matrix is scaled by the ratio of the
/// layer's numbers of positions, so that equal statistics give zero loss. Buffers are reused:
/// from the second call on, a call allocates nothing.
/// Introduced in chapter 13.
class Objective {
  public:
    /// @param network  must outlive the objective
    /// @param content  (H, W, 3), RGB, 0 to 255; evaluated pictures have its size
    /// @param style    (H', W', 3), RGB, 0 to 255
    /// @throws Error when a layer is unknown or twice in the list, there is neither a content nor a
    ///         style layer, a weight is negative or not finite, or a picture is empty or has not
    ///         three channels
    Objective(const Network& network, const Image& content, const Image& style,
              const ObjectiveOptions& options = {});
    ~Objective();
    Objective(Objective&&) noexcept;
    Objective& operator=(Objective&&) noexcept;

    /// Evaluates costs and gradient. The result stays valid until the next call.
    /// @param input  (H, W, 3), the picture less the network's mean
    /// @throws Error when the shape is not the content picture's
    const Evaluation& operator()(const Tensor3& input);

    /// Evaluates the costs alone; the gradient is left as it was.
    const Evaluation& costs(const Tensor3& input);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Bytes that building and running an Objective take at most, without the network and the pictures.
/// @param content, style  (H, W, 3) of the two pictures
/// @throws Error as Objective
/// Introduced in chapter 13.
std::uint64_t objective_memory(const Network& network, const Shape3& content, const Shape3& style,
                               const ObjectiveOptions& options = {});

}  // namespace NST_PRECISION
}  // namespace nst
