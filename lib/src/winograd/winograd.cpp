#include "winograd/winograd.hpp"

#include <algorithm>

#include "base/require.hpp"
#include "nst/winograd.hpp"
#include "parallel/parallel.hpp"
#include "winograd/winograd_filters.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t block_tiles = 64;  // enough products to outweigh the filters' transform
constexpr std::size_t output_block_channels = 64;  // output channels multiplied at a time
constexpr std::size_t input_block_channels =
    64;  // input channels whose products stay in the L1 cache
constexpr std::size_t max_kept = std::size_t{1} << 22;  // numbers that an L3 cache can hold
constexpr std::size_t enough_blocks = 8;  // to keep the threads busy with a block each

// Returns the number of multiplications, with the transforms counted as 8 per channel.
double cost(const Simd::Winograd& kernels, const WinogradPlan& plan) {
    const std::size_t m = kernels.outputs;
    const auto places = static_cast<double>((m + 2) * (m + 2));
    const auto tiles =
        static_cast<double>(block_count(plan.height, m) * block_count(plan.width, m));
    const auto pairs = static_cast<double>(plan.padded_inputs * plan.padded_outputs);
    const double transforms = 8 * static_cast<double>(plan.padded_inputs + plan.padded_outputs);
    return tiles * places * (pairs + transforms) + places * 4 * pairs;
}

struct Scratch {
    std::size_t patch;
    std::size_t u;
    std::size_t taps;
    std::size_t v;
    std::size_t m;
};

Scratch scratch_of(const WinogradPlan& plan) {
    const std::size_t m = plan.kernels->outputs;
    const std::size_t n = m + 2;
    const std::size_t columns = std::min(output_block_channels, plan.padded_outputs);
    const std::size_t input_block = std::min(input_block_channels, plan.padded_inputs);
    return {(plan.block.rows * m + 2) * (plan.block.columns * m + 2) * input_block,
            n * n * plan.block.count() * plan.padded_inputs, 9 * input_block * columns,
            n * input_block * columns, n * n * plan.block.count() * columns};
}

FilterPiece piece_of(const WinogradPlan& plan, std::size_t input_block, std::size_t output_block) {
    const std::size_t input = input_block * input_block_channels;
    const std::size_t column = output_block * output_block_channels;
    return {input, std::min(input_block_channels, plan.padded_inputs - input), column,
            std::min(output_block_channels, plan.padded_outputs - column)};
}

// Returns the number of transformed filter values at the places of one row.
std::size_t row_size(const WinogradPlan& plan, const FilterPiece& piece) {
    return (plan.kernels->outputs + 2) * piece.depth * piece.columns;
}

// Returns where a piece lies in the kept filters: (output block, input block, row, ...).
std::size_t kept_place(const WinogradPlan& plan, const FilterPiece& piece) {
    const std::size_t n = plan.kernels->outputs + 2;
    return n * n * (piece.column * plan.padded_inputs + piece.input * piece.columns);
}

// One block of tiles being processed, with a worker's memory; u may belong to another worker.
struct Task {
    const WinogradPlan& plan;
    const Filters& w;
    const Real* kept;  // the transformed filters, or null
    const OutputTransform& output;
    TileBlock tiles;
    std::size_t first_row;  // in the image
    std::size_t first_column;
    std::size_t worker;
    Real* patch;
    Real* u;
    Real* taps;
    Real* v;
    Real* m;

    // Reads and transforms one input channel block.
    void read_input_block(const FeatureSource& source, std::size_t input_block) const {
        const std::size_t m_outputs = plan.kernels->outputs;
        const std::size_t places = (m_outputs + 2) * (m_outputs + 2);
        const std::size_t first = input_block * input_block_channels;
        const std::size_t depth = std::min(input_block_channels, plan.padded_inputs - first);
        const Region region{static_cast<std::ptrdiff_t>(first_row) - 1,
                            static_cast<std::ptrdiff_t>(first_column) - 1,
                            tiles.rows * m_outputs + 2, tiles.columns * m_outputs + 2};
        source.read(region, {first, depth}, patch, worker);
        plan.kernels->input({patch, tiles, depth, u + first * places * tiles.count()});
    }

    void multiply(const FilterPiece& piece, std::size_t row, const Real* filters) const {
        const std::size_t n = plan.kernels->outputs + 2;
        const std::size_t panel = simd().panel;
        const std::size_t depth = piece.depth;
        for (std::size_t j = 0; j < n; ++j) {
            const std::size_t place = row * n + j;
            simd().multiply({u + (piece.input * n * n + place * depth) * tiles.count(), depth, 1,
                             filters + j * piece.columns * depth, panel * depth, panel,
                             m + place * tiles.count() * piece.columns, piece.columns,
                             tiles.count(), depth, piece.columns / panel, piece.input > 0, true});
        }
    }

    void multiply(const FilterPiece& piece) const {
        const std::size_t rows = plan.kernels->outputs + 2;
        if (kept != nullptr) {
            const Real* filters = kept + kept_place(plan, piece);
            for (std::size_t row = 0; row < rows; ++row, filters += row_size(plan, piece)) {
                multiply(piece, row, filters);
            }
            return;
        }
        FilterTransform transform = choose_taps(plan, w, piece, taps);
        transform.v = v;
        for (; transform.row < rows; ++transform.row) {
            plan.kernels->filters(transform);
            multiply(piece, transform.row, v);
        }
    }

    // Computes one output channel block, after all input channel blocks have been read.
    void make_output_block(std::size_t output_block) const {
        for (std::size_t input_block = 0; input_block < plan.input_blocks; ++input_block) {
            multiply(piece_of(plan, input_block, output_block));
        }
        const std::size_t column = output_block * output_block_channels;
        const std::size_t columns = std::min(output_block_channels, plan.padded_outputs - column);
        OutputTransform epilogue = output;
        epilogue.m = m;
        epilogue.m_columns = columns;
        epilogue.tiles = tiles;
        epilogue.first_row = first_row;
        epilogue.first_column = first_column;
        epilogue.height = plan.height;
        epilogue.width = plan.width;
        epilogue.channels = plan.outputs;
        epilogue.first_channel = column;
        epilogue.count = std::min(columns, plan.outputs - column);
        if (output.bias != nullptr) epilogue.bias = output.bias + column;
        plan.kernels->output(epilogue);
    }
};

}  // namespace

WinogradPlan::WinogradPlan(std::size_t height_in, std::size_t width_in, const Filters& w,
                           FilterUse use_in)
    : height(height_in),
      width(width_in),
      inputs(use_in == FilterUse::forward ? w.shape(2) : w.shape(3)),
      outputs(use_in == FilterUse::forward ? w.shape(3) : w.shape(2)),
      use(use_in),
      kernels(&simd().winograd4),
      padded_inputs(whole_panels(inputs)),
      padded_outputs(whole_panels(outputs)) {
    if (cost(simd().winograd6, *this) < cost(simd().winograd4, *this)) {
        kernels = &simd().winograd6;
    }
    tiles = {block_count(height, kernels->outputs), block_count(width, kernels->outputs)};
    // Nearly square blocks of equal size.
    const std::size_t side = 8;
    const std::size_t across = block_count(tiles.columns, std::min(tiles.columns, side + 4));
    block.columns = block_count(tiles.columns, across);
    const std::size_t rows = std::max<std::size_t>(1, block_tiles / block.columns);
    block.rows = block_count(tiles.rows, block_count(tiles.rows, rows));
    blocks = block_count(tiles.rows, block.rows) * block_count(tiles.columns, block.columns);
    input_blocks = block_count(padded_inputs, input_block_channels);
    output_blocks = block_count(padded_outputs, output_block_channels);
    const std::size_t places = (kernels->outputs + 2) * (kernels->outputs + 2);
    const std::size_t transformed = places * padded_inputs * padded_outputs;
    if (blocks > 1 && transformed <= max_kept) kept_filters = transformed;
}

std::size_t WinogradPlan::scratch() const {
    const Scratch sizes = scratch_of(*this);
    return sizes.patch + sizes.u + sizes.taps + sizes.v + sizes.m;
}

namespace {

const Real* keep_filters(const WinogradPlan& plan, const Filters& w, Workspace& workspace) {
    const Scratch sizes = scratch_of(plan);
    Real* kept = workspace.shared(plan.kept_filters);
    parallel_blocks(
        plan.output_blocks * plan.input_blocks, [&](std::size_t index, std::size_t worker) {
            const FilterPiece piece =
                piece_of(plan, index % plan.input_blocks, index / plan.input_blocks);
            Real* taps = workspace.buffer(worker, plan.scratch()) + sizes.u + sizes.patch;
            FilterTransform transform = choose_taps(plan, w, piece, taps);
            transform.v = kept + kept_place(plan, piece);
            for (; transform.row < plan.kernels->outputs + 2; ++transform.row) {
                plan.kernels->filters(transform);
                transform.v += row_size(plan, piece);
            }
        });
    return kept;
}

// One convolution, divided into tasks.
struct Convolution {
    const WinogradPlan& plan;
    const Filters& w;
    const Real* kept;
    const OutputTransform& output;
    Workspace& workspace;

    Real* buffer(std::size_t worker) const { return workspace.buffer(worker, plan.scratch()); }

    Task task(std::size_t block, std::size_t worker, Real* u) const {
        const std::size_t across = block_count(plan.tiles.columns, plan.block.columns);
        const Scratch sizes = scratch_of(plan);
        const std::size_t row = block / across * plan.block.rows;
        const std::size_t column = block % across * plan.block.columns;
        const TileBlock tiles{std::min(plan.block.rows, plan.tiles.rows - row),
                              std::min(plan.block.columns, plan.tiles.columns - column)};
        Real* patch = buffer(worker) + sizes.u;
        Real* taps = patch + sizes.patch;
        Real* v = taps + sizes.taps;
        return Task{plan,
                    w,
                    kept,
                    output,
                    tiles,
                    row * plan.kernels->outputs,
                    column * plan.kernels->outputs,
                    worker,
                    patch,
                    u,
                    taps,
                    v,
                    v + sizes.v};
    }
};

}  // namespace

namespace kernels {

void winograd_conv2d(const WinogradPlan& plan, const FeatureSource& source, const Filters& w,
                     const OutputTransform& output, Workspace& workspace) {
    const Real* kept = plan.kept_filters > 0 ? keep_filters(plan, w, workspace) : nullptr;
    const Convolution convolution{plan, w, kept, output, workspace};
    if (plan.blocks >= enough_blocks) {
        parallel_blocks(plan.blocks, [&](std::size_t block, std::size_t worker) {
            const Task own = convolution.task(block, worker, convolution.buffer(worker));
            for (std::size_t input_block = 0; input_block < plan.input_blocks; ++input_block)
                own.read_input_block(source, input_block);
            for (std::size_t output_block = 0; output_block < plan.output_blocks; ++output_block)
                own.make_output_block(output_block);
        });
        return;
    }
    // The workers share a block: first its input channel blocks, then its output channel blocks.
    for (std::size_t block = 0; block < plan.blocks; ++block) {
        Real* u = convolution.buffer(0);
        parallel_blocks(plan.input_blocks, [&](std::size_t input_block, std::size_t worker) {
            convolution.task(block, worker, u).read_input_block(source, input_block);
        });
        parallel_blocks(plan.output_blocks, [&](std::size_t output_block, std::size_t worker) {
            convolution.task(block, worker, u).make_output_block(output_block);
        });
    }
}

}  // namespace kernels

namespace {

void require_3x3(const char* function, const Filters& w) {
    require(w.size() > 0 && w.shape(0) == 3 && w.shape(1) == 3, function,
            ": w must be (3, 3, C_in, C_out), got ", shape_text(w.shape()));
}

}  // namespace

Tensor3 winograd_conv2d(FeatureView x, const Filters& w, const Vector& b, Padding padding) {
    require_3x3("winograd_conv2d", w);
    require(x.size() > 0 && x.shape[2] == w.shape(2), "winograd_conv2d: x must be (H, W, ",
            w.shape(2), "), as w is ", shape_text(w.shape()), ", got ", shape_text(x.shape));
    require(b.size() == w.shape(3), "winograd_conv2d: b must have ", w.shape(3),
            " numbers, one for each output channel of w, got ", b.size());
    const WinogradPlan plan(x.shape[0], x.shape[1], w, FilterUse::forward);
    std::vector<Real> bias(plan.padded_outputs);
    std::copy(b.begin(), b.end(), bias.begin());
    Tensor3 y = Tensor3::from_shape({x.shape[0], x.shape[1], w.shape(3)});
    OutputTransform epilogue{};
    epilogue.bias = bias.data();
    epilogue.y = y.data();
    Workspace workspace;
    kernels::winograd_conv2d(plan, StoredFeatures(x, padding), w, epilogue, workspace);
    return y;
}

Tensor3 winograd_conv2d_backward(FeatureView dy, const Filters& w, Padding padding) {
    require_3x3("winograd_conv2d_backward", w);
    require(dy.size() > 0 && dy.shape[2] == w.shape(3),
            "winograd_conv2d_backward: dy must be (H, W, ", w.shape(3), "), as w is ",
            shape_text(w.shape()), ", got ", shape_text(dy.shape));
    Tensor3 dx = Tensor3::from_shape({dy.shape[0], dy.shape[1], w.shape(2)});
    OutputTransform epilogue{};
    epilogue.y = dx.data();
    Workspace workspace;
    kernels::winograd_conv2d(WinogradPlan(dy.shape[0], dy.shape[1], w, FilterUse::backward),
                             StoredFeatures(dy), w, epilogue, workspace);
    kernels::add_ring_gradient(StoredFeatures(dy), w, padding, dx, workspace);
    return dx;
}

}  // namespace NST_PRECISION
}  // namespace nst
