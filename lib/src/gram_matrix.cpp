#include "nst/gram_matrix.hpp"

#include <algorithm>

#include "blas.hpp"
#include "kernels.hpp"
#include "parallel.hpp"
#include "require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t most_segments = 16;  // each holds a Gram matrix in double

std::size_t row_blocks(const Shape3& shape) {
    return block_count(shape[0], rows_per_block(shape));
}

std::size_t segment_count(const Shape3& shape) {
    return std::min(row_blocks(shape), most_segments);
}

// sum = F^T F of some rows, block by block; `block` has room for one Gram matrix.
void sum_rows(const FeatureSource& features, std::size_t first, std::size_t last,
              std::size_t worker, Real* block, double* sum) {
    const std::size_t channels = features.channels();
    const std::size_t step = rows_per_block(features.shape());
    std::fill_n(sum, channels * channels, 0.0);
    for (std::size_t row = first; row < last; row += step) {
        const std::size_t end = std::min(last, row + step);
        self_product({features.rows(row, end, worker), (end - row) * features.shape()[1], channels},
                     {block, channels, channels});
        for (std::size_t k = 0; k < channels * channels; ++k) sum[k] += block[k];
    }
}

}  // namespace

namespace kernels {

std::size_t gram_matrix_sums(const Shape3& shape) {
    return segment_count(shape) * shape[2] * shape[2];
}

void gram_matrix(const FeatureSource& features, Matrix& gram, Workspace& workspace) {
    const std::size_t channels = features.channels();
    const std::size_t step = rows_per_block(features.shape());
    const std::size_t blocks = row_blocks(features.shape());
    const std::size_t segments = segment_count(features.shape());
    double* sums = workspace.sums(gram_matrix_sums(features.shape()));
    parallel_blocks(segments, [&](std::size_t segment, std::size_t worker) {
        const std::size_t first = segment * blocks / segments * step;
        const std::size_t last = (segment + 1) * blocks / segments * step;
        sum_rows(features, first, std::min(features.shape()[0], last), worker,
                 workspace.buffer(worker, gram.size()), sums + segment * gram.size());
    });
    // The products fill the upper half; the lower one is its mirror.
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

void add_product(const FeatureSource& features, const Matrix& m, Features y) {
    const std::size_t channels = features.channels();
    const std::size_t width = features.shape()[1];
    const std::size_t step = rows_per_block(features.shape());
    parallel_blocks(row_blocks(features.shape()), [&](std::size_t block, std::size_t worker) {
        const std::size_t first = block * step;
        const std::size_t last = std::min(features.shape()[0], first + step);
        const std::size_t positions = (last - first) * width;
        product({features.rows(first, last, worker), positions, channels},
                {m.data(), channels, channels}, {y.at(first, 0), positions, channels}, Into::add);
    });
}

}  // namespace kernels

Matrix gram_matrix(const Tensor3& features) {
    require(features.size() > 0, "gram_matrix: features must not be empty, got ",
            shape_text(features.shape()));
    Matrix gram = Matrix::from_shape({features.shape(2), features.shape(2)});
    Workspace workspace;
    kernels::gram_matrix(StoredFeatures(read(features)), gram, workspace);
    return gram;
}

Tensor3 gram_matrix_backward(const Matrix& d_gram, const Tensor3& features) {
    const std::size_t channels = features.shape(2);
    require(features.size() > 0 && d_gram.shape(0) == channels && d_gram.shape(1) == channels,
            "gram_matrix_backward: d_gram must be ", channels, "x", channels,
            " (one row per channel of features), got ", shape_text(d_gram.shape()));
    const Matrix both = d_gram + xt::transpose(d_gram);
    Tensor3 gradient = Tensor3::from_shape(features.shape());
    gradient.fill(Real(0));
    kernels::add_product(StoredFeatures(read(features)), both, write(gradient));
    return gradient;
}

}  // namespace NST_PRECISION
}  // namespace nst
