#include "engine/first_conv.hpp"

#include <algorithm>

#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t taps = 9;
constexpr std::size_t backward_rows = 8;  // rows of the image in one block

// b(depth, columns) as panels: (panel, depth, column in the panel), zero past the last column.
template <class Value>
std::vector<Real> panels_of(std::size_t depth, std::size_t columns, const Value& value) {
    const std::size_t panel = simd().panel;
    std::vector<Real> panels(depth * whole_panels(columns));
    for (std::size_t k = 0; k < depth; ++k) {
        for (std::size_t n = 0; n < columns; ++n) {
            panels[(n / panel * depth + k) * panel + n % panel] = value(k, n);
        }
    }
    return panels;
}

// Reads the three rows around the pixels first..end-1 of a row, with one more pixel on each side.
void read_around(FeatureView x, std::ptrdiff_t row, std::ptrdiff_t first, std::ptrdiff_t end,
                 Padding padding, Real* around) {
    const std::size_t inputs = x.channels();
    const std::size_t values = static_cast<std::size_t>(end - first) * inputs;
    for (std::ptrdiff_t u = 0; u < 3; ++u, around += values + 2 * inputs) {
        const std::ptrdiff_t from = source_index(row + u - 1, x.height(), padding);
        if (from < 0) {
            std::fill_n(around, values + 2 * inputs, Real(0));
            continue;
        }
        copy_pixel(x, from, first - 1, padding, around);
        std::copy_n(x.at(static_cast<std::size_t>(from), static_cast<std::size_t>(first)), values,
                    around + inputs);
        copy_pixel(x, from, end, padding, around + inputs + values);
    }
}

}  // namespace

FirstConv::FirstConv(const Filters& w, const Vector& b, Padding padding)
    : w_(w),
      inputs_(w.shape(2)),
      outputs_(w.shape(3)),
      padded_(whole_panels(outputs_)),
      padding_(padding),
      gradient_columns_(whole_panels(taps * inputs_)),
      bias_(padded_) {
    const auto filter = [&](std::size_t k, std::size_t o) { return w.data()[k * outputs_ + o]; };
    forward_panels_ = panels_of(taps * inputs_, outputs_, filter);
    backward_panels_ = panels_of(outputs_, taps * inputs_,
                                 [&](std::size_t o, std::size_t k) { return filter(k, o); });
    std::copy(b.begin(), b.end(), bias_.begin());
}

std::size_t FirstConv::scratch(const Filters& w, std::size_t columns) {
    return 3 * (columns + 2) * w.shape(2);
}

std::size_t FirstConv::prepared(const Filters& w) {
    const std::size_t seen = taps * w.shape(2);
    return (seen + 1) * whole_panels(w.shape(3)) + w.shape(3) * whole_panels(seen);
}

std::size_t FirstConv::rows_scratch(const Filters& w, const Shape3& y) {
    return scratch(w, y[1]) + rows_per_block(y) * y[1] * whole_panels(w.shape(3));
}

std::size_t FirstConv::backward_scratch(const Filters& w, std::size_t width) {
    return (backward_rows + 2) * width * whole_panels(taps * w.shape(2));
}

void FirstConv::forward(FeatureView x, const Region& region, Channels channels, Real* y,
                        Real* scratch) const {
    const std::ptrdiff_t region_end = region.column + static_cast<std::ptrdiff_t>(region.columns);
    const std::ptrdiff_t first = std::clamp<std::ptrdiff_t>(0, region.column, region_end);
    const std::ptrdiff_t end =
        std::clamp(static_cast<std::ptrdiff_t>(x.width()), first, region_end);
    for (std::size_t i = 0; i < region.rows; ++i, y += region.columns * channels.count) {
        const std::ptrdiff_t row =
            source_index(region.row + static_cast<std::ptrdiff_t>(i), x.height(), padding_);
        if (row < 0) {
            std::fill_n(y, region.columns * channels.count, Real(0));
            continue;
        }
        const auto at = [&](std::ptrdiff_t column) {
            return y + static_cast<std::size_t>(column - region.column) * channels.count;
        };
        const auto outside = [&](std::ptrdiff_t column) {
            const std::ptrdiff_t from = source_index(column, x.width(), padding_);
            if (from < 0) {
                std::fill_n(at(column), channels.count, Real(0));
            } else {
                forward_run(x, row, from, from + 1, channels, at(column), scratch);
            }
        };
        for (std::ptrdiff_t column = region.column; column < first; ++column) outside(column);
        if (first < end) forward_run(x, row, first, end, channels, at(first), scratch);
        for (std::ptrdiff_t column = end; column < region_end; ++column) outside(column);
    }
}

void FirstConv::forward_run(FeatureView x, std::ptrdiff_t row, std::ptrdiff_t first,
                            std::ptrdiff_t end, Channels channels, Real* y, Real* scratch) const {
    const auto count = static_cast<std::size_t>(end - first);
    const std::size_t panel = simd().panel;
    const Real* panels = forward_panels_.data() + channels.first * taps * inputs_;
    read_around(x, row, first, end, padding_, scratch);
    for (std::size_t j = 0; j < count; ++j) {
        std::copy_n(bias_.data() + channels.first, channels.count, y + j * channels.count);
    }
    // Three neighbouring pixels are one run of 3 C_in numbers: no im2col is needed.
    const std::size_t depth = 3 * inputs_;
    for (std::size_t u = 0; u < 3; ++u) {
        simd().multiply({scratch + u * (count + 2) * inputs_, inputs_, 1,
                         panels + u * depth * panel, taps * inputs_ * panel, panel, y,
                         channels.count, count, depth, channels.count / panel, true, false});
    }
    simd().keep_where_positive(y, y, count * channels.count, y);
}

void FirstConv::backward(FeatureView dy, MutableFeatureView dx, Workspace& workspace) const {
    const std::size_t width = dy.width();
    const std::size_t panel = simd().panel;
    parallel_blocks(block_count(dy.height(), backward_rows), [&](std::size_t block,
                                                                 std::size_t worker) {
        const std::size_t first = block * backward_rows;
        const std::size_t last = std::min(dy.height(), first + backward_rows);
        const std::size_t above = first > 0 ? first - 1 : 0;
        const std::size_t below = std::min(dy.height(), last + 1);
        // What each output passes to the nine pixels that it sees: shares(position, 9 C_in).
        Real* shares = workspace.buffer(worker, backward_scratch(w_, width));
        simd().multiply({dy.at(above, 0), outputs_, 1, backward_panels_.data(), panel * outputs_,
                         panel, shares, gradient_columns_, (below - above) * width, outputs_,
                         gradient_columns_ / panel, false, false});
        for (std::size_t i = first; i < last; ++i) {
            for (std::size_t j = 0; j < width; ++j) {
                Real* pixel = dx.at(i, j);
                std::fill_n(pixel, inputs_, Real(0));
                // Output (i + 1 - u, j + 1 - v) sees this pixel through filter tap (u, v).
                for (std::size_t u = 0; u < 3; ++u) {
                    if (i + 1 < u + above || i + 1 - u >= below) continue;
                    for (std::size_t v = 0; v < 3; ++v) {
                        if (j + 1 < v || j + 1 - v >= width) continue;
                        const Real* share =
                            shares + ((i + 1 - u - above) * width + j + 1 - v) * gradient_columns_ +
                            (3 * u + v) * inputs_;
                        for (std::size_t c = 0; c < inputs_; ++c) pixel[c] += share[c];
                    }
                }
            }
        }
    });
    kernels::add_ring_gradient(StoredFeatures(dy), w_, padding_, dx, workspace);
}

void FirstConvFeatures::read(const Region& region, Channels channels, Real* patch,
                             std::size_t worker) const {
    conv_.forward(x_, region, channels, patch,
                  workspace_.buffer(worker, FirstConv::scratch(conv_.filters(), region.columns)));
}

const Real* FirstConvFeatures::rows(std::size_t first, std::size_t last, std::size_t worker) const {
    const std::size_t width = x_.width();
    Real* around = workspace_.buffer(worker, FirstConv::rows_scratch(conv_.filters(), shape()));
    Real* y = around + FirstConv::scratch(conv_.filters(), width);
    conv_.forward(x_, {static_cast<std::ptrdiff_t>(first), 0, last - first, width},
                  {0, conv_.padded_outputs()}, y, around);
    if (conv_.padded_outputs() == channels()) return y;
    for (std::size_t p = 1; p < (last - first) * width; ++p) {
        std::copy_n(y + p * conv_.padded_outputs(), channels(), y + p * channels());
    }
    return y;
}

}  // namespace NST_PRECISION
}  // namespace nst
