// The inner loops of the fast path, compiled once for each instruction set and chosen at run time.
// Everything worth a vector instruction is here, and nothing else.
#pragma once

#include <cstddef>
#include <cstdint>

#include "nst/precision.hpp"

// Functions here are always inlined or static: one compiled for AVX must not become the copy that
// the linker keeps for all processors (simd_kernels.inc).

namespace nst {
inline namespace NST_PRECISION {

/// A product c = a b, or c += a b, with columns padded to whole panels of Simd::panel columns.
struct PanelProduct {
    const Real* a;  ///< (rows, depth): a(r, k) is a[r * a_row + k * a_step]
    std::size_t a_row;
    std::size_t a_step;
    const Real* b;  ///< (panel, depth, column): b(p, k, n) is b[p * b_panel + k * b_step + n]
    std::size_t b_panel;
    std::size_t b_step;
    Real* c;  ///< (rows, panel, column): c(r, p, n) is c[r * c_row + p * Simd::panel + n]
    std::size_t c_row;
    std::size_t rows;
    std::size_t depth;
    std::size_t panels;
    bool add;
    bool prefetch_next;  ///< the next product continues with the following rows of a and c
};

/// The tiles of a block, in rows: the unit of all transforms of Winograd's convolution.
struct TileBlock {
    std::size_t rows;     ///< rows of tiles
    std::size_t columns;  ///< columns of tiles

    [[gnu::always_inline]] std::size_t count() const { return rows * columns; }
};

/// U = B^T d B of every tile and channel: from the block's pixels, with one more on each side, to
/// u(k, tile, channel), where k counts the inputs^2 places of a tile. The few channels of one place
/// are contiguous, as a product reads them: rows far apart in memory would compete for the same
/// lines of the L1 cache.
struct InputTransform {
    const Real* patch;  ///< (rows m + 2, columns m + 2, channels), tiles of m x m outputs
    TileBlock tiles;
    std::size_t channels;  ///< a multiple of Simd::lanes
    Real* u;
};

/// One row i of V = G g G^T of every filter: from taps(3, 3, depth, columns) to
/// v(j, panel, depth, column in the panel), where j counts the places in the row.
struct FilterTransform {
    const Real* taps;
    std::size_t tap_step;    ///< from one of the nine taps to the next
    std::size_t depth_step;  ///< offset from one input channel to the next
    std::size_t depth;
    std::size_t columns;  ///< a multiple of Simd::panel
    std::size_t row;
    Real* v;
};

enum class FusedPool { none, average, max };

/// A^T M A of every tile: from m(k, tile, column) to the image, including what follows the
/// convolution: bias, ReLU, pooling, and the relu mask, one bit for each value where the gradient
/// passes.
struct OutputTransform {
    const Real* m;
    std::size_t m_columns;  ///< columns of m: those of an output channel block
    TileBlock tiles;
    std::size_t first_row;  ///< in the image
    std::size_t first_column;
    std::size_t height;  ///< of the image, before pooling
    std::size_t width;
    std::size_t channels;       ///< of the image
    std::size_t first_channel;  ///< first channel of the output channel block
    std::size_t count;          ///< channels in the output channel block
    const Real* bias;           ///< m_columns numbers, or null
    bool relu;
    FusedPool pool;
    Real* y;
    std::uint8_t* relu_mask;  ///< see mask_bytes; or null
};

/// M = A dY A^T of every tile and channel, the backward pass of A^T M A: from the block's gradient
/// to m(k, panel, tile, channel in the panel).
struct GradientTransform {
    const Real* patch;  ///< (rows m, columns m, channels)
    TileBlock tiles;
    std::size_t channels;  ///< whole panels
    Real* m;
};

/// dg = G^T dV G of every filter, the backward pass of G g G^T, where dV is the sum of some parts.
struct FilterGradientTransform {
    const Real* v;           ///< v(part, k, columns)
    std::size_t parts;       ///< at least one
    std::size_t part_step;   ///< offset from one part to the next
    std::size_t place_step;  ///< offset from one of the inputs^2 places to the next
    std::size_t columns;
    Real* taps;
    std::size_t tap_step;  ///< from one of the nine taps to the next
};

/// Returns the bytes of one position's mask: one bit for each channel.
static inline std::size_t mask_bytes(std::size_t channels) {
    return (channels + 7) / 8;
}

/// y(c) = scale x(c) where the bit of c is set, else 0.
using KeepWhereBit = void (*)(const Real* x, const std::uint8_t* bits, std::size_t channels,
                              Real scale, Real* y);
/// y(c) = x(c) where f(c) is positive or NaN, else 0.
using KeepWherePositive = void (*)(const Real* x, const Real* f, std::size_t channels, Real* y);

/// One instruction set.
struct Simd {
    const char* name;
    std::size_t lanes;  ///< numbers in a vector
    std::size_t panel;  ///< columns of a product
    void (*multiply)(const PanelProduct&);
    /// Transposes a block of lanes x lanes numbers.
    void (*transpose)(const Real* from, std::size_t from_row, Real* to, std::size_t to_row);
    struct Winograd {
        std::size_t outputs;  ///< outputs along one side of a tile: 4 or 6
        void (*input)(const InputTransform&);
        void (*filters)(const FilterTransform&);
        void (*output)(const OutputTransform&);
        void (*gradient)(const GradientTransform&);
        void (*filter_gradient)(const FilterGradientTransform&);
    };
    Winograd winograd4;
    Winograd winograd6;
    KeepWhereBit keep_where_bit;
    KeepWherePositive keep_where_positive;
};

/// Returns the best instruction set of this processor, or the one named in the environment variable
/// NST_SIMD, so that each can be tested on a machine with a better one.
/// @throws Error when this processor cannot run the named one
const Simd& simd();

/// Returns columns rounded up to whole panels.
std::size_t whole_panels(std::size_t columns);

}  // namespace NST_PRECISION
}  // namespace nst
