#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "nst/adam.hpp"
#include "nst/lbfgs.hpp"
#include "nst/objective.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// What moves the picture: the tutorial's Adam, or L-BFGS, which evaluates the costs several times
/// in some iterations and needs fewer of them. Introduced in chapter 15.
enum class Optimizer { adam, lbfgs };

/// The most sizes to paint at: 16 pixels twelve times doubled are more than a picture may have.
/// Introduced in chapter 16.
inline constexpr int max_scales = 13;

/// How to paint. The defaults are the tutorial's.
struct TransferOptions {
    ObjectiveOptions objective;
    Optimizer optimizer = Optimizer::adam;
    AdamOptions adam;
    LbfgsOptions lbfgs;
    int iterations = 200;      ///< at each scale
    double noise_ratio = 0.6;  ///< of the start picture, see noise_image; 0 starts from the content
    std::uint32_t seed = 3;    ///< of the noise
    std::optional<Image> start;  ///< starts from this picture instead; of the content's size
    int scales = 1;  ///< sizes to paint at: the last is the content's, each the double of the last
};

/// What an observer is told after each iteration.
struct Progress {
    int iteration = 0;        ///< 0 is the first: the state after one step, as the tutorial counts
    int iterations = 0;       ///< how many there will be, at this scale; with L-BFGS, at most
    const Evaluation& costs;  ///< of the picture after the step; after Adam's last one the gradient
                              ///< is not evaluated any more and is that of the step before
    const Tensor3& input;     ///< (H, W, 3), that picture less the mean, of this scale's size
    int scale = 1;            ///< 1 is the smallest
    int scales = 1;           ///< the last one has the content's size
};

/// Looks at the progress; returns false to stop.
using Observer = std::function<bool(const Progress&)>;

/// Paints the content picture in the manner of the style picture (tutorial, step 5, `model_nn`).
///
/// Costs are reported after the step, as the tutorial prints them. No value is clamped between
/// steps, only at the end. L-BFGS stops before the last iteration where it finds no lower cost; the
/// observer is not called for an iteration that has not moved the picture.
///
/// With scales above 1 it paints coarse to fine: first at 1/2^(scales - 1) of the size, from a
/// start of that size, then at twice that size from this painting enlarged, and so on
/// (resize_image, both ways). Style and content picture are reduced by the same factor, sides
/// rounded. Each scale has all iterations, an optimizer of its own and clamps at its end. Stopped
/// at a small scale, it returns that painting enlarged.
///
/// @param content   (H, W, 3), RGB, 0 to 255
/// @param style     (H', W', 3), RGB, 0 to 255
/// @param observer  may be empty
/// @return (H, W, 3), RGB, 0 to 255
/// @throws Error as Objective, Adam, Lbfgs and noise_image; when iterations is negative, when the
///         start picture has another size, when scales is below 1 or above max_scales or makes a
///         side of either picture smaller than 16, or when a cost is no longer a finite number
/// Introduced in chapter 13.
Image transfer(const Network& network, const Image& content, const Image& style,
               const TransferOptions& options = {}, const Observer& observer = {});

/// Bytes that transfer takes at most, pictures and optimizer included, without the network.
/// @param content, style  (H, W, 3) of the two pictures
/// Introduced in chapter 13.
std::uint64_t transfer_memory(const Network& network, const Shape3& content, const Shape3& style,
                              const TransferOptions& options = {});

}  // namespace NST_PRECISION
}  // namespace nst
