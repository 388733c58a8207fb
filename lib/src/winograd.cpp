#include "winograd.hpp"

#include <algorithm>

#include "nst/winograd.hpp"
#include "parallel.hpp"
#include "require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t block_tiles = 64;    // enough products to outweigh the filters' transform
constexpr std::size_t group_columns = 64;  // output channels that are multiplied at a time
constexpr std::size_t chunk_inputs = 64;   // input channels whose product stays in the L1 cache
constexpr std::size_t wanted_tasks = 8;

// Multiplications per pair of channels, and what the transforms cost beside them.
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
    const std::size_t columns = std::min(group_columns, plan.padded_outputs);
    const std::size_t chunk = std::min(chunk_inputs, plan.padded_inputs);
    return {(plan.block.rows * m + 2) * (plan.block.columns * m + 2) * plan.padded_inputs,
            n * n * plan.block.count() * plan.padded_inputs, 9 * chunk * columns,
            n * chunk * columns, n * n * plan.block.count() * columns};
}

// One block of tiles and one group of output channels, on its way.
struct Task {
    const WinogradPlan& plan;
    const Filters& w;
    const OutputTransform& output;
    TileBlock tiles;
    std::size_t first_row;  // of the picture
    std::size_t first_column;
    Real* patch;
    Real* u;
    Real* taps;
    Real* v;
    Real* m;

    void read(const PatchSource& source, std::size_t worker) const {
        const std::size_t m_outputs = plan.kernels->outputs;
        const Region region{static_cast<std::ptrdiff_t>(first_row) - 1,
                            static_cast<std::ptrdiff_t>(first_column) - 1,
                            tiles.rows * m_outputs + 2, tiles.columns * m_outputs + 2};
        source.read(region, plan.padded_inputs, patch, worker);
        plan.kernels->input({patch, tiles, plan.padded_inputs, chunk_inputs, u});
    }

    // taps(3, 3, depth, columns) of some input and output channels, zero where there are none.
    FilterTransform choose_taps(std::size_t input, std::size_t depth, std::size_t column,
                                std::size_t columns) const {
        const std::size_t inputs = w.shape(2);
        const std::size_t outputs = w.shape(3);
        if (plan.use == FilterUse::forward && input + depth <= inputs &&
            column + columns <= outputs) {
            return {w.data() + input * outputs + column,
                    inputs * outputs,
                    outputs,
                    depth,
                    columns,
                    0,
                    v};
        }
        std::fill_n(taps, 9 * depth * columns, Real(0));
        for (std::size_t tap = 0; tap < 9; ++tap) {
            if (plan.use == FilterUse::forward) {
                copy_taps(tap, input, depth, column, columns);
            } else {
                turn_taps(tap, input, depth, column, columns);
            }
        }
        return {taps, depth * columns, columns, depth, columns, 0, v};
    }

    void copy_taps(std::size_t tap, std::size_t input, std::size_t depth, std::size_t column,
                   std::size_t columns) const {
        const std::size_t last = std::min(input + depth, plan.inputs);
        const std::size_t count = std::min(columns, plan.outputs - column);
        for (std::size_t k = input; k < last; ++k) {
            std::copy_n(w.data() + (tap * plan.inputs + k) * plan.outputs + column, count,
                        taps + (tap * depth + k - input) * columns);
        }
    }

    // Backward, the inputs are the filters' C_out and the outputs their C_in.
    void turn_taps(std::size_t tap, std::size_t input, std::size_t depth, std::size_t column,
                   std::size_t columns) const {
        const std::size_t last = std::min(input + depth, plan.inputs);
        const std::size_t end = std::min(column + columns, plan.outputs);
        const Real* from = w.data() + (8 - tap) * plan.outputs * plan.inputs;
        const std::size_t lanes = simd().lanes;
        for (std::size_t o = column; o < end; o += lanes) {
            for (std::size_t k = input; k < last; k += lanes) {
                Real* to = taps + (tap * depth + k - input) * columns + o - column;
                if (o + lanes <= end && k + lanes <= last) {
                    simd().transpose(from + o * plan.inputs + k, plan.inputs, to, columns);
                    continue;
                }
                for (std::size_t i = 0; i < lanes && k + i < last; ++i) {
                    for (std::size_t j = 0; j < lanes && o + j < end; ++j) {
                        to[i * columns + j] = from[(o + j) * plan.inputs + k + i];
                    }
                }
            }
        }
    }

    void multiply(std::size_t input, std::size_t depth, std::size_t columns,
                  std::size_t row) const {
        const std::size_t n = plan.kernels->outputs + 2;
        const std::size_t panel = simd().panel;
        for (std::size_t j = 0; j < n; ++j) {
            const std::size_t place = row * n + j;
            for (std::size_t p = 0; p < columns; p += panel) {
                simd().multiply({u + (input * n * n + place * depth) * tiles.count(), depth, 1,
                                 v + (j * columns + p) * depth, panel,
                                 m + place * tiles.count() * columns + p, columns, tiles.count(),
                                 depth, input > 0});
            }
        }
    }

    void make_columns(std::size_t column, std::size_t columns) const {
        for (std::size_t input = 0; input < plan.padded_inputs; input += chunk_inputs) {
            const std::size_t depth = std::min(chunk_inputs, plan.padded_inputs - input);
            FilterTransform filters = choose_taps(input, depth, column, columns);
            for (; filters.row < plan.kernels->outputs + 2; ++filters.row) {
                plan.kernels->filters(filters);
                multiply(input, depth, columns, filters.row);
            }
        }
        OutputTransform finish = output;
        finish.m = m;
        finish.m_columns = columns;
        finish.tiles = tiles;
        finish.first_row = first_row;
        finish.first_column = first_column;
        finish.height = plan.height;
        finish.width = plan.width;
        finish.channels = plan.outputs;
        finish.first_channel = column;
        finish.count = std::min(columns, plan.outputs - column);
        if (output.bias != nullptr) finish.bias = output.bias + column;
        plan.kernels->output(finish);
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
    // About square blocks of equal size.
    const std::size_t side = 8;
    const std::size_t across = block_count(tiles.columns, std::min(tiles.columns, side + 4));
    block.columns = block_count(tiles.columns, across);
    const std::size_t rows = std::max<std::size_t>(1, block_tiles / block.columns);
    block.rows = block_count(tiles.rows, block_count(tiles.rows, rows));
    blocks = block_count(tiles.rows, block.rows) * block_count(tiles.columns, block.columns);
    const std::size_t most_groups = block_count(padded_outputs, group_columns);
    groups = std::min(most_groups, block_count(wanted_tasks, blocks));
}

std::size_t WinogradPlan::scratch() const {
    const Scratch sizes = scratch_of(*this);
    return sizes.patch + sizes.u + sizes.taps + sizes.v + sizes.m;
}

void WholeFeatures::read(const Region& region, std::size_t padded, Real* patch, std::size_t) const {
    read_pixels(region, x_.shape, padded, patch, [&](std::size_t i, std::size_t j, Real* to) {
        std::copy_n(x_.at(i, j), x_.channels(), to);
    });
}

namespace kernels {

void winograd_conv2d(const WinogradPlan& plan, const PatchSource& source, const Filters& w,
                     const OutputTransform& output, Workspace& workspace) {
    const std::size_t across = block_count(plan.tiles.columns, plan.block.columns);
    const Scratch sizes = scratch_of(plan);
    parallel_blocks(plan.blocks * plan.groups, [&](std::size_t index, std::size_t worker) {
        const std::size_t block = index / plan.groups;
        const std::size_t group = index % plan.groups;
        const std::size_t row = block / across * plan.block.rows;
        const std::size_t column = block % across * plan.block.columns;
        const TileBlock tiles{std::min(plan.block.rows, plan.tiles.rows - row),
                              std::min(plan.block.columns, plan.tiles.columns - column)};
        Real* patch = workspace.buffer(worker, plan.scratch());
        Real* u = patch + sizes.patch;
        Real* taps = u + sizes.u;
        Real* v = taps + sizes.taps;
        const Task task{plan,
                        w,
                        output,
                        tiles,
                        row * plan.kernels->outputs,
                        column * plan.kernels->outputs,
                        patch,
                        u,
                        taps,
                        v,
                        v + sizes.v};
        task.read(source, worker);
        const std::size_t all = block_count(plan.padded_outputs, group_columns);
        const std::size_t last = (group + 1) * all / plan.groups;
        for (std::size_t g = group * all / plan.groups; g < last; ++g) {
            const std::size_t first = g * group_columns;
            task.make_columns(first, std::min(group_columns, plan.padded_outputs - first));
        }
    });
}

}  // namespace kernels

namespace {

void require_3x3(const char* function, const Filters& w) {
    require(w.size() > 0 && w.shape(0) == 3 && w.shape(1) == 3, function,
            ": w must be (3, 3, C_in, C_out), got ", shape_text(w.shape()));
}

}  // namespace

Tensor3 winograd_conv2d(const Tensor3& x, const Filters& w, const Vector& b) {
    require_3x3("winograd_conv2d", w);
    require(x.size() > 0 && x.shape(2) == w.shape(2), "winograd_conv2d: x must be (H, W, ",
            w.shape(2), "), as w is ", shape_text(w.shape()), ", got ", shape_text(x.shape()));
    require(b.size() == w.shape(3), "winograd_conv2d: b must have ", w.shape(3),
            " numbers, one for each output channel of w, got ", b.size());
    const WinogradPlan plan(x.shape(0), x.shape(1), w, FilterUse::forward);
    std::vector<Real> bias(plan.padded_outputs);
    std::copy(b.begin(), b.end(), bias.begin());
    Tensor3 y = Tensor3::from_shape({x.shape(0), x.shape(1), w.shape(3)});
    OutputTransform finish{};
    finish.bias = bias.data();
    finish.y = y.data();
    Workspace workspace;
    kernels::winograd_conv2d(plan, WholeFeatures(read(x)), w, finish, workspace);
    return y;
}

Tensor3 winograd_conv2d_backward(const Tensor3& dy, const Filters& w) {
    require_3x3("winograd_conv2d_backward", w);
    require(dy.size() > 0 && dy.shape(2) == w.shape(3),
            "winograd_conv2d_backward: dy must be (H, W, ", w.shape(3), "), as w is ",
            shape_text(w.shape()), ", got ", shape_text(dy.shape()));
    Tensor3 dx = Tensor3::from_shape({dy.shape(0), dy.shape(1), w.shape(2)});
    OutputTransform finish{};
    finish.y = dx.data();
    Workspace workspace;
    kernels::winograd_conv2d(WinogradPlan(dy.shape(0), dy.shape(1), w, FilterUse::backward),
                             WholeFeatures(read(dy)), w, finish, workspace);
    return dx;
}

}  // namespace NST_PRECISION
}  // namespace nst
