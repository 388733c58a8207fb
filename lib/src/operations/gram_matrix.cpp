#include "nst/gram_matrix.hpp"

#include <algorithm>

#include "base/require.hpp"
#include "blas/blas.hpp"
#include "operations/kernels.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t max_segments = 16;     // each holds a Gram matrix in double
constexpr std::size_t block_channels = 128;  // columns of a Gram matrix computed at a time
constexpr std::size_t product_positions = 256;

std::size_t row_blocks(const Shape3& shape) {
    return block_count(shape[0], rows_per_block(shape));
}

std::size_t segment_count(const Shape3& shape) {
    return std::min(row_blocks(shape), max_segments);
}

// A range of rows of the features and a range of columns of the Gram matrix.
struct GramPart {
    std::size_t first_row;
    std::size_t last_row;
    std::size_t column;
    std::size_t columns;
};

// Computes a part of F^T F down to the diagonal, summed block by block into sums(C, C); `block` has
// room for a part.
void sum_part(const ActivationSource& features, const GramPart& part, std::size_t worker,
              Real* block, double* sums) {
    const std::size_t channels = features.channels();
    const std::size_t width = features.shape()[1];
    const std::size_t step = rows_per_block(features.shape());
    const std::size_t rows = part.column + part.columns;
    for (std::size_t r = 0; r < rows; ++r) {
        std::fill_n(sums + r * channels + part.column, part.columns, 0.0);
    }
    for (std::size_t row = part.first_row; row < part.last_row; row += step) {
        const std::size_t end = std::min(part.last_row, row + step);
        syrk({features.rows(row, end, worker), (end - row) * width, channels}, part.column,
             {block, rows, part.columns});
        for (std::size_t r = 0; r < rows; ++r) {
            double* sum = sums + r * channels + part.column;
            for (std::size_t n = 0; n < part.columns; ++n) sum[n] += block[r * part.columns + n];
        }
    }
}

}  // namespace

namespace kernels {

std::size_t gram_matrix_sums(const Shape3& shape) {
    return segment_count(shape) * shape[2] * shape[2];
}

std::size_t gram_matrix_scratch(std::size_t channels) {
    return channels * std::min(block_channels, channels);
}

void gram_matrix(const ActivationSource& features, Matrix& gram, Workspace& workspace) {
    const std::size_t channels = features.channels();
    const std::size_t step = rows_per_block(features.shape());
    const std::size_t blocks = row_blocks(features.shape());
    const std::size_t segments = segment_count(features.shape());
    double* sums = workspace.sums(gram_matrix_sums(features.shape()));
    const std::size_t channel_blocks = block_count(channels, block_channels);
    parallel_blocks(segments * channel_blocks, [&](std::size_t index, std::size_t worker) {
        const std::size_t segment = index / channel_blocks;
        // The blocks with the most work first.
        const std::size_t column = (channel_blocks - 1 - index % channel_blocks) * block_channels;
        const GramPart part{segment * blocks / segments * step,
                            std::min(features.shape()[0], (segment + 1) * blocks / segments * step),
                            column, std::min(block_channels, channels - column)};
        sum_part(features, part, worker, workspace.buffer(worker, gram_matrix_scratch(channels)),
                 sums + segment * gram.size());
    });
    // The products fill the upper half; the lower half mirrors it.
    for (std::size_t i = 0; i < channels; ++i) {
        for (std::size_t j = i; j < channels; ++j) {
            double total = 0;
            for (std::size_t s = 0; s < segments; ++s) {
                total += sums[s * gram.size() + i * channels + j];
            }
            gram(i, j) = gram(j, i) = static_cast<Real>(total);
        }
    }
}

void add_product(const ActivationSource& features, const Matrix& m, MutableFeatureView y) {
    const std::size_t channels = features.channels();
    const std::size_t width = features.shape()[1];
    const std::size_t step = std::max<std::size_t>(1, product_positions / width);
    parallel_blocks(block_count(features.shape()[0], step),
                    [&](std::size_t block, std::size_t worker) {
                        const std::size_t first = block * step;
                        const std::size_t last = std::min(features.shape()[0], first + step);
                        const std::size_t positions = (last - first) * width;
                        gemm({features.rows(first, last, worker), positions, channels},
                             {m.data(), channels, channels}, {y.at(first, 0), positions, channels},
                             Accumulate::yes);
                    });
}

}  // namespace kernels

Matrix gram_matrix(FeatureView features) {
    require(features.size() > 0, "gram_matrix: features must not be empty, got ",
            shape_text(features.shape));
    Matrix gram = Matrix::from_shape({features.shape[2], features.shape[2]});
    Workspace workspace;
    kernels::gram_matrix(StoredFeatures(features), gram, workspace);
    return gram;
}

Tensor3 gram_matrix_backward(const Matrix& d_gram, FeatureView features) {
    require(features.size() > 0, "gram_matrix_backward: features must not be empty, got ",
            shape_text(features.shape));
    const std::size_t channels = features.shape[2];
    require(d_gram.shape(0) == channels && d_gram.shape(1) == channels,
            "gram_matrix_backward: d_gram must be ", channels, "x", channels,
            " (one row per channel of features), got ", shape_text(d_gram.shape()));
    const Matrix both = d_gram + xt::transpose(d_gram);
    Tensor3 gradient = Tensor3::from_shape(features.shape);
    gradient.fill(Real(0));
    kernels::add_product(StoredFeatures(features), both, gradient);
    return gradient;
}

}  // namespace NST_PRECISION
}  // namespace nst
