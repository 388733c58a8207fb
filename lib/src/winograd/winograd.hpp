// 3x3 convolution by Winograd's minimal filtering, forward and backward, block by block of tiles:
// what is read and what is done with the result are the caller's.
#pragma once

#include <algorithm>

#include "base/view.hpp"
#include "operations/kernels.hpp"
#include "winograd/simd/simd.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// A rectangle of positions, which may reach over the picture's edges.
struct Region {
    std::ptrdiff_t row;
    std::ptrdiff_t column;
    std::size_t rows;
    std::size_t columns;
};

/// Some neighbouring channels; those past a picture's last count as zeros.
struct Channels {
    std::size_t first;
    std::size_t count;
};

/// Where a convolution gets its input from: something that can fill any region.
class PatchSource {
  public:
    virtual ~PatchSource() = default;

    /// Writes patch(rows, columns, count) with zeros outside the picture and in the channels past
    /// the last.
    virtual void read(const Region& region, Channels channels, Real* patch,
                      std::size_t worker) const = 0;
};

/// Fills a patch pixel by pixel: write(i, j, count, to) gives `count` channels, from the first
/// wanted one, of pixel (i, j) of the picture, (H, W, C); what lies outside is zero.
template <class Write>
void read_pixels(const Region& region, const Shape3& shape, Channels channels, Real* patch,
                 const Write& write) {
    const std::size_t count = std::min(channels.count, shape[2] - channels.first);
    for (std::size_t i = 0; i < region.rows; ++i) {
        const std::ptrdiff_t row = region.row + static_cast<std::ptrdiff_t>(i);
        const bool inside = row >= 0 && row < static_cast<std::ptrdiff_t>(shape[0]);
        for (std::size_t j = 0; j < region.columns; ++j, patch += channels.count) {
            const std::ptrdiff_t column = region.column + static_cast<std::ptrdiff_t>(j);
            if (inside && column >= 0 && column < static_cast<std::ptrdiff_t>(shape[1])) {
                write(static_cast<std::size_t>(row), static_cast<std::size_t>(column), count,
                      patch);
                std::fill(patch + count, patch + channels.count, Real(0));
            } else {
                std::fill_n(patch, channels.count, Real(0));
            }
        }
    }
}

/// A feature map as it lies in memory.
class WholeFeatures final : public PatchSource {
  public:
    explicit WholeFeatures(ConstFeatures x) : x_(x) {}
    void read(const Region& region, Channels channels, Real* patch,
              std::size_t worker) const override;

  private:
    ConstFeatures x_;
};

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
void winograd_conv2d(const WinogradPlan& plan, const PatchSource& source, const Filters& w,
                     const OutputTransform& output, Workspace& workspace);

/// dw = the gradient of conv2d at its 3x3 filters: `x` gives what it was given, `dy` the gradient
/// at its output, both of that height and width.
void winograd_conv2d_backward_filters(const PatchSource& x, const PatchSource& dy,
                                      std::size_t height, std::size_t width, Filters& dw,
                                      Workspace& workspace);

}  // namespace kernels

}  // namespace NST_PRECISION
}  // namespace nst
