// 3x3 convolution by Winograd's minimal filtering, forward and backward, block by block of tiles.
// The caller says what is read and what is done with the result.
#pragma once

#include "base/view.hpp"
#include "operations/kernels.hpp"
#include "winograd/simd/simd.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Which filters a convolution uses: those given, or those that carry the gradient back (rotated by
/// 180 degrees, C_in and C_out exchanged), never stored.
enum class FilterUse { forward, backward };

/// How a convolution of one shape is cut into blocks: the same for any number of threads.
struct WinogradPlan {
    WinogradPlan(std::size_t height, std::size_t width, const Filters& w, FilterUse use);

    std::size_t height;
    std::size_t width;
    std::size_t inputs;
    std::size_t outputs;
    FilterUse use;
    const Simd::Winograd* kernels;
    std::size_t padded_inputs;   ///< to whole panels
    std::size_t padded_outputs;  ///< to whole panels
    TileBlock tiles{};           ///< of the picture
    TileBlock block{};           ///< tiles in a block, fewer at the edges
    std::size_t blocks;
    std::size_t input_blocks;   ///< of input channels: what is transformed at a time
    std::size_t output_blocks;  ///< of output channels: what is multiplied at a time

    std::size_t kept_filters = 0;  ///< numbers in the transformed filters, where they are kept from
                                   ///< block to block: then in memory that the workers share

    /// Numbers that one worker needs in its workspace buffer.
    std::size_t scratch() const;
};

namespace kernels {

/// Convolves what `source` gives and finishes as `output` says: its bias (padded_outputs numbers or
/// nothing), relu, pool, y and passes are the caller's, the rest is filled in.
void winograd_conv2d(const WinogradPlan& plan, const FeatureSource& source, const Filters& w,
                     const OutputTransform& output, Workspace& workspace);

/// dw = the gradient of conv2d at its 3x3 filters: `x` gives what it was given, `dy` the gradient
/// at its output, both of that height and width.
void winograd_conv2d_backward_filters(const FeatureSource& x, const FeatureSource& dy,
                                      std::size_t height, std::size_t width, Filters& dw,
                                      Workspace& workspace);

}  // namespace kernels

}  // namespace NST_PRECISION
}  // namespace nst
