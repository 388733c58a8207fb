#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nst/api.hpp"
#include "nst/network.hpp"
#include "nst/total_cost.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Which layers are compared, and the weight of each loss. The defaults are the tutorial's.
///
/// A loss with weight 0 is still evaluated but does not affect the total. A loss without a layer
/// costs 0 and is not evaluated: that is how chapter 17 reconstructs an image from content or style
/// alone.
/// Introduced in chapter 13.
struct ObjectiveOptions {
    std::string content_layer =
        "relu4_2";  ///< the tutorial's conv4_2, which is after ReLU; "" for none
    std::vector<StyleLayer> style_layers = tutorial_style_layers();  ///< {} for none
    double content_weight = 10;                                      ///< alpha
    double style_weight = 40;                                        ///< beta
    double tv_weight = 0;     ///< weight of total_variation, which the tutorial lacks
    double range_weight = 0;  ///< weight of range_penalty, which the tutorial lacks
    /// Whether each loss is a share of what is there at the start, so that a weight means the same
    /// on every network, at every size and for every pair of images. J_content is divided by its
    /// value for features that are all 0; each style layer's loss and the total variation are
    /// divided by their values for the content image. (Gradients per layer of equal size:
    /// github.com/andersbll/neural_artistic_style, issue 39.)
    bool relative = false;
    Pooling pooling = Pooling::average;
    /// Of every convolution, for all three images. The tutorial's is zero, which shows as bands
    /// along the edges of a generated image.
    Padding padding = Padding::zero;
};

/// The costs of one image and their gradient.
/// Introduced in chapter 13.
struct Evaluation {
    double total;                      ///< alpha content + beta style + tv_weight total_variation
                                       ///< + range_weight range_penalty
    double content;                    ///< J_content
    double style;                      ///< J_style: the weighted sum over the style layers
    double total_variation;            ///< of the image; 0, not evaluated, when its weight is 0
    double range_penalty;              ///< of the image; 0, not evaluated, when its weight is 0
    std::vector<double> style_losses;  ///< each style layer's loss, unweighted
    Tensor3 gradient;                  ///< d total / d input, (H, W, 3)
};

/// Computes the total cost of an image and its gradient with respect to every pixel (tutorial,
/// steps 2 to 4; [GEB16] (7)). Built once for a content image and a style image; every call runs
/// the network forward to its last captured layer and back.
///
/// The two images may have different sizes: each style Gram matrix is scaled by the ratio of the
/// layer's numbers of positions, so that equal statistics give zero loss. Buffers are reused: from
/// the second call on, a call allocates nothing.
/// Introduced in chapter 13.
class Objective {
  public:
    /// @param network  must outlive the objective
    /// @param content  (H, W, 3), RGB, 0 to 255; evaluated images must have its size
    /// @param style    (H', W', 3), RGB, 0 to 255
    /// @throws Error when a layer is unknown or listed twice, there is neither a content nor a
    ///         style layer, a weight is negative or not finite, an image is empty or does not
    ///         have three channels, or the network's layers do not fit together
    NST_API Objective(const Network& network, ImageView content, ImageView style,
                      const ObjectiveOptions& options = {});
    /// A temporary network would not outlive the objective.
    Objective(const Network&& network, ImageView content, ImageView style,
              const ObjectiveOptions& options = {}) = delete;
    NST_API ~Objective();
    NST_API Objective(Objective&&) noexcept;
    NST_API Objective& operator=(Objective&&) noexcept;

    /// Evaluates costs and gradient. The result stays valid until the next call.
    /// @param input  (H, W, 3), the image less the network's mean
    /// @throws Error when the shape is not the content image's
    NST_API const Evaluation& operator()(FeatureView input);

    /// Evaluates the costs alone; the gradient keeps its previous value.
    NST_API const Evaluation& costs(FeatureView input);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Returns the largest number of bytes that building and running an Objective takes, without the
/// network and the images.
/// @param content, style  (H, W, 3) of the two images
/// @throws Error as Objective
/// Introduced in chapter 13.
NST_API std::uint64_t objective_memory(const Network& network, const Shape3& content,
                                       const Shape3& style, const ObjectiveOptions& options = {});

}  // namespace NST_PRECISION
}  // namespace nst
