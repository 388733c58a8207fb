// 3x3 convolution by Winograd's minimal filtering, forward and backward, in blocks of tiles. The
// caller supplies the input and what to do with the result.
#pragma once

#include "base/view.hpp"
#include "operations/kernels.hpp"
#include "winograd/simd/simd.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Which filters a convolution uses: the given ones, or those that carry the gradient back (rotated
/// by 180 degrees, C_in and C_out transposed), which are never stored.
enum class FilterUse { forward, backward };

/// How a convolution of one shape is divided into blocks: the same for any number of threads.
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
    TileBlock tiles{};           ///< all tiles of the image
    TileBlock block{};           ///< tiles of a block, fewer at the edges
    std::size_t blocks;
    std::size_t input_blocks;   ///< number of input channel blocks, each transformed at once
    std::size_t output_blocks;  ///< number of output channel blocks, each multiplied at once

    std::size_t kept_filters = 0;  ///< size of the transformed filters, if they are kept from block
                                   ///< to block in memory that the workers share; else 0

    /// Returns how many numbers one worker needs in its workspace buffer.
    std::size_t scratch() const;
};

namespace kernels {

/// Convolves the features of `source` and finishes as `output` says: the caller sets bias
/// (padded_outputs numbers or nothing), relu, pool, y and relu_mask; the rest is filled in.
void winograd_conv2d(const WinogradPlan& plan, const FeatureSource& source, const Filters& w,
                     const OutputTransform& output, Workspace& workspace);

/// Computes dw, the gradient of conv2d with respect to its 3x3 filters: `x` is the input of conv2d,
/// `dy` the gradient at its output, both of the given height and width.
void winograd_conv2d_backward_filters(const FeatureSource& x, const FeatureSource& dy,
                                      std::size_t height, std::size_t width, Filters& dw,
                                      Workspace& workspace);

}  // namespace kernels

}  // namespace NST_PRECISION
}  // namespace nst
