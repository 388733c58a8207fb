#include <algorithm>
#include <array>

#include "blas/blas.hpp"
#include "operations/kernels.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t block_channels = 32;  // input channels of one worker at a time

// One of the four sides of the ring, and the image's row or column beside it: all that it sees.
struct Side {
    bool row;    // above or below, else left or right
    bool first;  // above or left

    std::size_t length(const Shape3& x) const { return row ? x[1] : x[0]; }

    Region neighbours(const Shape3& x) const {
        const auto across = static_cast<std::ptrdiff_t>(first ? 0 : (row ? x[0] : x[1]) - 1);
        return row ? Region{across, 0, 1, x[1]} : Region{0, across, x[0], 1};
    }

    // Returns the filter row and column by which neighbour k reaches place k + tap of the side,
    // where place 0 is the corner before the image.
    std::array<std::size_t, 2> filter(std::size_t tap) const {
        const std::size_t across = first ? 0 : 2;
        return row ? std::array{across, tap} : std::array{tap, across};
    }

    // Returns the pixel that a place of the side was read from.
    std::array<std::size_t, 2> source(std::size_t place, const Shape3& x, Padding padding) const {
        const std::ptrdiff_t along = static_cast<std::ptrdiff_t>(place) - 1;
        const std::ptrdiff_t across = first ? -1 : static_cast<std::ptrdiff_t>(row ? x[0] : x[1]);
        const std::ptrdiff_t i = source_index(row ? across : along, x[0], padding);
        const std::ptrdiff_t j = source_index(row ? along : across, x[1], padding);
        return {static_cast<std::size_t>(i), static_cast<std::size_t>(j)};
    }
};

constexpr std::array<Side, 4> sides = {
    {{true, true}, {true, false}, {false, true}, {false, false}}};

}  // namespace

namespace kernels {

std::size_t ring_gradient_scratch(std::size_t height, std::size_t width, const Filters& w) {
    const std::size_t length = std::max(height, width);
    return length * w.shape(3) + (length + 2) * std::min(block_channels, w.shape(2));
}

void add_ring_gradient(const FeatureSource& dy, const Filters& w, Padding padding,
                       MutableFeatureView dx, Workspace& workspace) {
    if (padding == Padding::zero) return;
    const std::size_t inputs = w.shape(2);
    const std::size_t outputs = w.shape(3);
    parallel_blocks(block_count(inputs, block_channels), [&](std::size_t block,
                                                             std::size_t worker) {
        const std::size_t channel = block * block_channels;
        const std::size_t count = std::min(block_channels, inputs - channel);
        Real* line = workspace.buffer(worker, ring_gradient_scratch(dx.height(), dx.width(), w));
        for (const Side& side : sides) {
            const std::size_t length = side.length(dx.shape);
            Real* ring = line + length * outputs;  // (length + 2, count)
            dy.read(side.neighbours(dx.shape), {0, outputs}, line, worker);
            std::fill_n(ring, (length + 2) * count, Real(0));
            for (std::size_t tap = 0; tap < 3; ++tap) {
                const auto [u, v] = side.filter(tap);
                gemm_by_transposed({line, length, outputs}, {&w(u, v, channel, 0), count, outputs},
                                   {ring + tap * count, length, count}, Accumulate::yes);
            }
            // The corners belong to the rows.
            for (std::size_t k = side.row ? 0 : 1; k < length + (side.row ? 2 : 1); ++k) {
                const auto [i, j] = side.source(k, dx.shape, padding);
                Real* pixel = dx.at(i, j) + channel;
                for (std::size_t c = 0; c < count; ++c) pixel[c] += ring[k * count + c];
            }
        }
    });
}

}  // namespace kernels

}  // namespace NST_PRECISION
}  // namespace nst
