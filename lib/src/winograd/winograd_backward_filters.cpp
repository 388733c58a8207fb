// The gradient of a 3x3 convolution with respect to its filters, in the same tiles as the
// convolution.
#include <algorithm>

#include "base/require.hpp"
#include "nst/winograd.hpp"
#include "parallel/parallel.hpp"
#include "winograd/winograd.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t block_rows =
    8;  // rows of tiles in a block: enough products for each part of the sum
constexpr std::size_t block_columns = 8;
constexpr std::size_t input_block_channels =
    64;  // input channels whose products stay in the caches
constexpr std::size_t output_block_channels = 64;  // output channels multiplied at a time
constexpr std::size_t max_parts = 8;               // parts of the sum, each by one worker

// A range of channels that are transformed and multiplied at a time.
struct Piece {
    Piece(std::size_t index, std::size_t size, std::size_t all)
        : first(index * size), count(std::min(size, all - first)) {}

    std::size_t first;
    std::size_t count;
};

// How the sum over the tiles is divided: the same for any number of threads.
struct GradientPlan {
    GradientPlan(std::size_t height, std::size_t width, const Filters& dw)
        : kernels(simd().winograd4),
          places((kernels.outputs + 2) * (kernels.outputs + 2)),
          inputs(whole_panels(dw.shape(2))),
          outputs(whole_panels(dw.shape(3))),
          tiles{block_count(height, kernels.outputs), block_count(width, kernels.outputs)},
          blocks_across(block_count(tiles.columns, block_columns)),
          blocks(block_count(tiles.rows, block_rows) * blocks_across),
          parts(std::min(blocks, max_parts)) {}

    std::size_t input_blocks() const { return block_count(inputs, input_block_channels); }
    std::size_t output_blocks() const { return block_count(outputs, output_block_channels); }
    Piece input_block(std::size_t index) const { return {index, input_block_channels, inputs}; }
    Piece output_block(std::size_t index) const { return {index, output_block_channels, outputs}; }

    std::size_t part_size() const { return places * inputs * outputs; }
    // Returns where the sum for an input block and an output block lies in a part: (place, input,
    // column).
    std::size_t place_of(const Piece& input_block, const Piece& output_block) const {
        return places * (input_block.first * outputs + output_block.first * input_block.count);
    }

    std::size_t patch_size() const {
        const std::size_t m = kernels.outputs;
        return (block_rows * m + 2) * (block_columns * m + 2) *
               std::max(std::min(inputs, input_block_channels),
                        std::min(outputs, output_block_channels));
    }
    std::size_t u_size() const { return places * block_rows * block_columns * inputs; }
    std::size_t m_size() const {
        return places * block_rows * block_columns * std::min(outputs, output_block_channels);
    }

    const Simd::Winograd& kernels;
    std::size_t places;
    std::size_t inputs;   // to whole panels
    std::size_t outputs;  // to whole panels
    TileBlock tiles;      // of the image
    std::size_t blocks_across;
    std::size_t blocks;
    std::size_t parts;
};

// One block of tiles, and the memory of its worker.
struct GradientTask {
    GradientTask(const GradientPlan& plan_in, std::size_t block, std::size_t worker_in,
                 Real* buffer)
        : plan(plan_in),
          worker(worker_in),
          row(block / plan.blocks_across * block_rows),
          column(block % plan.blocks_across * block_columns),
          tiles{std::min(block_rows, plan.tiles.rows - row),
                std::min(block_columns, plan.tiles.columns - column)},
          patch(buffer),
          u(patch + plan.patch_size()),
          m(u + plan.u_size()) {}

    // Returns the block's pixels, and `more` pixels on each side.
    Region region(std::size_t more) const {
        const std::size_t outputs = plan.kernels.outputs;
        const auto edge = static_cast<std::ptrdiff_t>(more);
        return {static_cast<std::ptrdiff_t>(row * outputs) - edge,
                static_cast<std::ptrdiff_t>(column * outputs) - edge,
                tiles.rows * outputs + 2 * more, tiles.columns * outputs + 2 * more};
    }

    void read_inputs(const FeatureSource& x) const {
        for (std::size_t index = 0; index < plan.input_blocks(); ++index) {
            const Piece input_block = plan.input_block(index);
            x.read(region(1), {input_block.first, input_block.count}, patch, worker);
            plan.kernels.input({patch, tiles, input_block.count,
                                u + input_block.first * plan.places * tiles.count()});
        }
    }

    void read_gradient(const FeatureSource& dy, const Piece& output_block) const {
        dy.read(region(0), {output_block.first, output_block.count}, patch, worker);
        plan.kernels.gradient({patch, tiles, output_block.count, m});
    }

    // Computes sums = U^T M, or sums += U^T M, for each place.
    void multiply(const Piece& input_block, const Piece& output_block, bool add, Real* sums) const {
        const std::size_t panel = simd().panel;
        const std::size_t count = tiles.count();
        for (std::size_t place = 0; place < plan.places; ++place) {
            simd().multiply(
                {u + (input_block.first * plan.places + place * input_block.count) * count, 1,
                 input_block.count, m + place * count * output_block.count, count * panel, panel,
                 sums + place * input_block.count * output_block.count, output_block.count,
                 input_block.count, count, output_block.count / panel, add, false});
        }
    }

    const GradientPlan& plan;
    std::size_t worker;
    std::size_t row;  // row of tiles
    std::size_t column;
    TileBlock tiles;
    Real* patch;
    Real* u;
    Real* m;
};

// Adds up the parts and transforms the sums of one input channel to filter taps.
void finish_input(const GradientPlan& plan, std::size_t input, const Real* sums, Filters& dw) {
    const Piece input_block = plan.input_block(input / input_block_channels);
    for (std::size_t index = 0; index < plan.output_blocks(); ++index) {
        const Piece output_block = plan.output_block(index);
        if (output_block.first >= dw.shape(3)) continue;
        FilterGradientTransform epilogue{};
        epilogue.v = sums + plan.place_of(input_block, output_block) +
                     (input - input_block.first) * output_block.count;
        epilogue.parts = plan.parts;
        epilogue.part_step = plan.part_size();
        epilogue.place_step = input_block.count * output_block.count;
        epilogue.columns = std::min(output_block.count, dw.shape(3) - output_block.first);
        epilogue.taps = &dw(0, 0, input, output_block.first);
        epilogue.tap_step = dw.shape(2) * dw.shape(3);
        plan.kernels.filter_gradient(epilogue);
    }
}

}  // namespace

namespace kernels {

void winograd_conv2d_backward_filters(const FeatureSource& x, const FeatureSource& dy,
                                      std::size_t height, std::size_t width, Filters& dw,
                                      Workspace& workspace) {
    const GradientPlan plan(height, width, dw);
    Real* sums = workspace.shared(plan.parts * plan.part_size());
    parallel_blocks(plan.parts, [&](std::size_t part, std::size_t worker) {
        Real* buffer = workspace.buffer(worker, plan.patch_size() + plan.u_size() + plan.m_size());
        for (std::size_t block = part; block < plan.blocks; block += plan.parts) {
            const GradientTask task(plan, block, worker, buffer);
            task.read_inputs(x);
            for (std::size_t g = 0; g < plan.output_blocks(); ++g) {
                const Piece output_block = plan.output_block(g);
                task.read_gradient(dy, output_block);
                for (std::size_t c = 0; c < plan.input_blocks(); ++c) {
                    const Piece input_block = plan.input_block(c);
                    task.multiply(
                        input_block, output_block, block != part,
                        sums + part * plan.part_size() + plan.place_of(input_block, output_block));
                }
            }
        }
    });
    parallel_blocks(dw.shape(2),
                    [&](std::size_t input, std::size_t) { finish_input(plan, input, sums, dw); });
}

}  // namespace kernels

Filters winograd_conv2d_backward_filters(FeatureView x, FeatureView dy) {
    require(x.size() > 0 && dy.size() > 0 && x.shape[0] == dy.shape[0] && x.shape[1] == dy.shape[1],
            "winograd_conv2d_backward_filters: x and dy must be (H, W, C_in) and (H, W, C_out), "
            "got ",
            shape_text(x.shape), " and ", shape_text(dy.shape));
    Filters dw = Filters::from_shape({3, 3, x.shape[2], dy.shape[2]});
    Workspace workspace;
    kernels::winograd_conv2d_backward_filters(StoredFeatures(x), StoredFeatures(dy), x.shape[0],
                                              x.shape[1], dw, workspace);
    return dw;
}

}  // namespace NST_PRECISION
}  // namespace nst
