#include "nst/conv2d.hpp"

#include <algorithm>

#include "base/require.hpp"
#include "blas/blas.hpp"
#include "operations/kernels.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t max_parts = 16;         // parts of a sum over the image, each by one worker
constexpr std::size_t strip_bytes = 1 << 20;  // size of im2col's matrix, to fit the L2 cache

std::size_t rows_per_strip(const Shape3& x, const Filters& w) {
    const std::size_t row_bytes = x[1] * w.shape(0) * w.shape(1) * w.shape(2) * sizeof(Real);
    return std::clamp<std::size_t>(strip_bytes / row_bytes, 1, x[0]);
}

// Copies the values under one filter row for every column of an output row: column j of the result
// starts with x(row, j - kw/2 .. j + kw/2, all channels), padded outside the image.
void copy_filter_row(FeatureView x, std::ptrdiff_t row, std::size_t kw, Padding padding,
                     std::size_t stride, Real* columns) {
    const std::size_t channels = x.channels();
    const std::size_t reach = kw / 2;
    const std::ptrdiff_t from = source_index(row, x.height(), padding);
    for (std::size_t j = 0; j < x.width(); ++j, columns += stride) {
        if (from < 0) {
            std::fill_n(columns, kw * channels, Real(0));
            continue;
        }
        const auto copy_outside = [&](std::size_t first, std::size_t last) {
            for (std::size_t v = first; v < last; ++v) {
                const auto column = static_cast<std::ptrdiff_t>(j + v);
                copy_pixel(x, from, column - static_cast<std::ptrdiff_t>(reach), padding,
                           columns + v * channels);
            }
        };
        const std::size_t left = reach > j ? reach - j : 0;  // taps left of the image
        const std::size_t end = std::min(kw, x.width() + reach - j);
        copy_outside(0, left);
        std::copy_n(x.at(static_cast<std::size_t>(from), j + left - reach), (end - left) * channels,
                    columns + left * channels);
        copy_outside(end, kw);
    }
}

// Returns x with zeros around it, as many as the filters reach outside.
Tensor3 extend(FeatureView x, const Filters& w) {
    const std::size_t above = w.shape(0) / 2;
    const std::size_t left = w.shape(1) / 2;
    Tensor3 wide =
        xt::zeros<Real>(Shape3{x.height() + 2 * above, x.width() + 2 * left, x.channels()});
    for (std::size_t i = 0; i < x.height(); ++i) {
        std::copy_n(x.at(i, 0), x.width() * x.channels(), &wide(i + above, left, 0));
    }
    return wide;
}

// Adds the gradient at each position of an extended image to the pixel that it was read from.
Tensor3 fold(FeatureView wide, const Shape3& image, Padding padding) {
    Tensor3 dx = xt::zeros<Real>(Shape3{image[0], image[1], wide.channels()});
    const auto source = [&](std::size_t at, std::size_t extended, std::size_t size) {
        const auto outside = static_cast<std::ptrdiff_t>((extended - size) / 2);
        return static_cast<std::size_t>(
            source_index(static_cast<std::ptrdiff_t>(at) - outside, size, padding));
    };
    for (std::size_t i = 0; i < wide.height(); ++i) {
        for (std::size_t j = 0; j < wide.width(); ++j) {
            Real* pixel =
                &dx(source(i, wide.height(), image[0]), source(j, wide.width(), image[1]), 0);
            for (std::size_t c = 0; c < wide.channels(); ++c) pixel[c] += wide.at(i, j)[c];
        }
    }
    return dx;
}

// Adds up the parts, (parts, size), in double and in their order.
template <class Number>
void add_parts(const Number* parts, std::size_t count, std::size_t size, Real* sum) {
    for (std::size_t k = 0; k < size; ++k) {
        double total = 0;
        for (std::size_t part = 0; part < count; ++part) total += parts[part * size + k];
        sum[k] = static_cast<Real>(total);
    }
}

void require_filters(const char* function, const Filters& w) {
    require(w.size() > 0 && w.shape(0) % 2 == 1 && w.shape(1) % 2 == 1, function,
            ": w must be (kh, kw, C_in, C_out) with odd kh and kw, got ", shape_text(w.shape()));
}

}  // namespace

namespace kernels {

void im2col(FeatureView x, std::size_t kh, std::size_t kw, Padding padding, std::size_t first,
            std::size_t last, Real* columns, std::size_t stride) {
    for (std::size_t i = first; i < last; ++i) {
        for (std::size_t u = 0; u < kh; ++u) {
            const auto row =
                static_cast<std::ptrdiff_t>(i + u) - static_cast<std::ptrdiff_t>(kh / 2);
            copy_filter_row(x, row, kw, padding, stride,
                            columns + (i - first) * x.width() * stride + u * kw * x.channels());
        }
    }
}

std::size_t conv2d_scratch(const Shape3& x, const Filters& w) {
    return rows_per_strip(x, w) * x[1] * w.shape(0) * w.shape(1) * w.shape(2);
}

void conv2d(FeatureView x, const Filters& w, const Vector& b, Padding padding, MutableFeatureView y,
            Workspace& workspace) {
    const std::size_t taps = w.shape(0) * w.shape(1) * w.shape(2);
    const std::size_t outputs = w.shape(3);
    const std::size_t strip_rows = rows_per_strip(x.shape, w);
    parallel_blocks(
        block_count(x.height(), strip_rows), [&](std::size_t strip, std::size_t worker) {
            const std::size_t first = strip * strip_rows;
            const std::size_t last = std::min(x.height(), first + strip_rows);
            const std::size_t positions = (last - first) * x.width();
            Real* columns = workspace.buffer(worker, conv2d_scratch(x.shape, w));
            im2col(x, w.shape(0), w.shape(1), padding, first, last, columns, taps);

            Real* result = y.at(first, 0);
            if (b.size() > 0) {
                for (std::size_t p = 0; p < positions; ++p) {
                    std::copy_n(b.data(), outputs, result + p * outputs);
                }
            }
            gemm({columns, positions, taps}, {w.data(), taps, outputs},
                 {result, positions, outputs}, b.size() > 0 ? Accumulate::yes : Accumulate::no);
        });
}

void conv2d_backward_filters(FeatureView x, FeatureView dy, Filters& dw, Workspace& workspace) {
    const std::size_t taps = dw.shape(0) * dw.shape(1) * dw.shape(2);
    const std::size_t outputs = dw.shape(3);
    const std::size_t strip_rows = rows_per_strip(x.shape, dw);
    const std::size_t strips = block_count(x.height(), strip_rows);
    const std::size_t parts = std::min(strips, max_parts);
    Real* sums = workspace.shared(parts * dw.size());
    parallel_blocks(parts, [&](std::size_t part, std::size_t worker) {
        Real* columns = workspace.buffer(worker, conv2d_scratch(x.shape, dw));
        for (std::size_t strip = part; strip < strips; strip += parts) {
            const std::size_t first = strip * strip_rows;
            const std::size_t last = std::min(x.height(), first + strip_rows);
            const std::size_t positions = (last - first) * x.width();
            im2col(x, dw.shape(0), dw.shape(1), Padding::zero, first, last, columns, taps);
            gemm_transposed({columns, positions, taps}, {dy.at(first, 0), positions, outputs},
                            {sums + part * dw.size(), taps, outputs},
                            strip == part ? Accumulate::no : Accumulate::yes);
        }
    });
    add_parts(sums, parts, dw.size(), dw.data());
}

void conv2d_backward_bias(FeatureView dy, Vector& db, Workspace& workspace) {
    const std::size_t parts = std::min(dy.height(), max_parts);
    double* sums = workspace.sums(parts * db.size());
    std::fill_n(sums, parts * db.size(), 0.0);
    parallel_blocks(parts, [&](std::size_t part, std::size_t) {
        double* sum = sums + part * db.size();
        const std::size_t last = dy.width() * ((part + 1) * dy.height() / parts);
        for (std::size_t p = dy.width() * (part * dy.height() / parts); p < last; ++p) {
            const Real* position = dy.data + p * db.size();
            for (std::size_t o = 0; o < db.size(); ++o) sum[o] += position[o];
        }
    });
    add_parts(sums, parts, db.size(), db.data());
}

Filters backward_filters(const Filters& w) {
    const auto [kh, kw, inputs, outputs] = w.shape();
    Filters rotated = Filters::from_shape({kh, kw, outputs, inputs});
    for (std::size_t u = 0; u < kh; ++u) {
        for (std::size_t v = 0; v < kw; ++v) {
            for (std::size_t o = 0; o < outputs; ++o) {
                for (std::size_t c = 0; c < inputs; ++c) {
                    rotated(u, v, o, c) = w(kh - 1 - u, kw - 1 - v, c, o);
                }
            }
        }
    }
    return rotated;
}

}  // namespace kernels

Tensor3 conv2d(FeatureView x, const Filters& w, const Vector& b, Padding padding) {
    require_filters("conv2d", w);
    require(x.size() > 0 && x.shape[2] == w.shape(2), "conv2d: x must be (H, W, ", w.shape(2),
            "), as w is ", shape_text(w.shape()), ", got ", shape_text(x.shape));
    require(b.size() == w.shape(3), "conv2d: b must have ", w.shape(3),
            " numbers, one for each output channel of w, got ", b.size());
    Tensor3 y = Tensor3::from_shape({x.shape[0], x.shape[1], w.shape(3)});
    Workspace workspace;
    kernels::conv2d(x, w, b, padding, y, workspace);
    return y;
}

Tensor3 conv2d_backward(FeatureView dy, const Filters& w, Padding padding) {
    require_filters("conv2d_backward", w);
    require(dy.size() > 0 && dy.shape[2] == w.shape(3), "conv2d_backward: dy must be (H, W, ",
            w.shape(3), "), as w is ", shape_text(w.shape()), ", got ", shape_text(dy.shape));
    if (padding != Padding::zero) {
        // First the gradient at every position that was read, also outside the image.
        return fold(conv2d_backward(extend(dy, w), w), dy.shape, padding);
    }
    Tensor3 dx = Tensor3::from_shape({dy.shape[0], dy.shape[1], w.shape(2)});
    Workspace workspace;
    kernels::conv2d(dy, kernels::backward_filters(w), Vector(), padding, dx, workspace);
    return dx;
}

Filters conv2d_backward_filters(FeatureView x, FeatureView dy, std::size_t kh, std::size_t kw) {
    require(kh % 2 == 1 && kw % 2 == 1, "conv2d_backward_filters: kh and kw must be odd, got ", kh,
            " and ", kw);
    require(x.size() > 0 && dy.size() > 0 && x.shape[0] == dy.shape[0] && x.shape[1] == dy.shape[1],
            "conv2d_backward_filters: x and dy must be (H, W, C_in) and (H, W, C_out), got ",
            shape_text(x.shape), " and ", shape_text(dy.shape));
    Filters dw = Filters::from_shape({kh, kw, x.shape[2], dy.shape[2]});
    Workspace workspace;
    kernels::conv2d_backward_filters(x, dy, dw, workspace);
    return dw;
}

Vector conv2d_backward_bias(FeatureView dy) {
    require(dy.size() > 0, "conv2d_backward_bias: dy must not be empty, got ",
            shape_text(dy.shape));
    Vector db = Vector::from_shape({dy.shape[2]});
    Workspace workspace;
    kernels::conv2d_backward_bias(dy, db, workspace);
    return db;
}

}  // namespace NST_PRECISION
}  // namespace nst
