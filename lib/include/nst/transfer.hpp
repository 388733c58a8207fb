#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "nst/adam.hpp"
#include "nst/api.hpp"
#include "nst/lbfgs.hpp"
#include "nst/objective.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// The optimizer that updates the image: the tutorial's Adam, or L-BFGS, which evaluates the costs
/// several times in some iterations but needs fewer iterations.
/// Introduced in chapter 15.
enum class Optimizer { adam, lbfgs };

/// The largest number of scales: 16 pixels doubled twelve times exceeds the largest image allowed.
/// Introduced in chapter 16.
inline constexpr int max_scales = 13;

/// Options of a transfer. The defaults are the tutorial's.
/// Introduced in chapter 13.
struct TransferOptions {
    ObjectiveOptions objective;
    Optimizer optimizer = Optimizer::adam;
    AdamOptions adam;
    LbfgsOptions lbfgs;
    int iterations = 200;      ///< at each scale
    double noise_ratio = 0.6;  ///< of the initial image, see noise_image; 0 starts from the content
    std::uint32_t seed = 3;    ///< seed of the noise
    std::optional<Image> start;  ///< replaces the initial image; must have the content's size
    int scales = 1;  ///< sizes to run at: the last is the content's, each twice the one before; 0
                     ///< for as many as keep the shorter side at 100 pixels or more
    double coarse_content = 1;  ///< factor of the content weight at every scale but the last: below
                                ///< 1, the style forms larger shapes
    /// Whether an enlarged result gets back the detail of the content image that the smaller size
    /// could not show, before the next scale begins.
    bool return_detail = false;
    /// The style's longer side at every scale, in longer sides of the content there; a smaller
    /// style is not enlarged. Without it, the style has its own size at the last scale.
    std::optional<double> style_scale;
};

/// The state that an observer receives after each iteration.
/// Introduced in chapter 13.
struct Progress {
    int iteration = 0;        ///< 0 is the first: the state after one step, as in the tutorial
    int iterations = 0;       ///< total at this scale; with L-BFGS an upper limit
    const Evaluation& costs;  ///< of the image after the step; after Adam's last step the gradient
                              ///< is not evaluated again and is that of the step before
    const Tensor3& input;     ///< (H, W, 3), that image less the mean, of this scale's size
    int scale = 1;            ///< 1 is the smallest scale
    int scales = 1;           ///< the last scale has the content's size
};

/// Receives the progress; returns false to stop.
/// Introduced in chapter 13.
using Observer = std::function<bool(const Progress&)>;

/// Renders the content image in the style of the style image (tutorial, step 5, `model_nn`).
///
/// Costs are reported after the step, as the tutorial prints them. Values are clamped only at the
/// end, not between steps. L-BFGS stops early if it finds no lower cost; the observer is not called
/// for an iteration that did not change the image.
///
/// With scales above 1 it works coarse to fine: first at 1/2^(scales - 1) of the size, from an
/// initial image of that size, then at twice that size from the enlarged result, and so on
/// (resize_image, both ways). The style image and the content image are reduced by the same factor,
/// with sides rounded. Each scale runs all iterations with a fresh optimizer and clamps at its end.
/// If stopped at a smaller scale, it returns that result enlarged.
///
/// @param content   (H, W, 3), RGB, 0 to 255
/// @param style     (H', W', 3), RGB, 0 to 255
/// @param observer  may be empty
/// @return (H, W, 3), RGB, 0 to 255
/// @throws Error as Objective, Adam, Lbfgs and noise_image; when an image is empty or does not have
///         three channels, when iterations is negative, when the initial image does not have the
///         content's size, when scales is below 0 or above max_scales or makes a side of either
///         image smaller than 16, or when a cost is no longer finite
/// Introduced in chapter 13.
NST_API Image transfer(const Network& network, ImageView content, ImageView style,
                       const TransferOptions& options = {}, const Observer& observer = {});

/// Returns the number of scales at which a transfer runs: options.scales, or where that is 0 as
/// many as suit the size.
/// @param content  (H, W, 3) of the content image
/// Introduced in chapter 16.
NST_API int scale_count(const Shape3& content, const TransferOptions& options);

/// Returns the largest number of bytes that transfer takes, images and optimizer included, without
/// the network.
/// @param content, style  (H, W, 3) of the two images
/// Introduced in chapter 13.
NST_API std::uint64_t transfer_memory(const Network& network, const Shape3& content,
                                      const Shape3& style, const TransferOptions& options = {});

}  // namespace NST_PRECISION
}  // namespace nst
