#include "nst/gram_matrix.hpp"

#include <algorithm>

#include "blas.hpp"
#include "kernels.hpp"
#include "parallel.hpp"
#include "require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t block_positions = 2048;  // one product, in Real
constexpr std::size_t most_segments = 16;      // each holds a Gram matrix in double

std::size_t segment_count(std::size_t positions) {
    return std::min(block_count(positions, block_positions), most_segments);
}

// sum = F^T F of positions first..last-1, block by block.
void sum_blocks(ConstFeatures features, std::size_t first, std::size_t last, Real* block,
                double* sum) {
    const std::size_t channels = features.channels();
    std::fill_n(sum, channels * channels, 0.0);
    for (std::size_t start = first; start < last; start += block_positions) {
        const std::size_t positions = std::min(block_positions, last - start);
        self_product({features.data + start * channels, positions, channels},
                     {block, channels, channels}, Into::overwrite);
        for (std::size_t k = 0; k < channels * channels; ++k) sum[k] += block[k];
    }
}

}  // namespace

namespace kernels {

std::size_t gram_matrix_sums(std::size_t positions, std::size_t channels) {
    return segment_count(positions) * channels * channels;
}

void gram_matrix(ConstFeatures features, Matrix& gram, Workspace& workspace) {
    const std::size_t positions = features.positions();
    const std::size_t blocks = block_count(positions, block_positions);
    const std::size_t segments = segment_count(positions);
    double* sums = workspace.sums(gram_matrix_sums(positions, features.channels()));
    parallel_blocks(segments, [&](std::size_t segment, std::size_t worker) {
        const std::size_t first = segment * blocks / segments * block_positions;
        const std::size_t last = (segment + 1) * blocks / segments * block_positions;
        sum_blocks(features, first, std::min(positions, last),
                   workspace.buffer(worker, gram.size()), sums + segment * gram.size());
    });
    parallel_ranges(gram.size(), [&](std::size_t first, std::size_t last) {
        for (std::size_t k = first; k < last; ++k) {
            double total = 0;
            for (std::size_t s = 0; s < segments; ++s) total += sums[s * gram.size() + k];
            gram.data()[k] = static_cast<Real>(total);
        }
    });
}

void add_product(ConstFeatures features, const Matrix& m, Features y) {
    const std::size_t channels = features.channels();
    const std::size_t positions = features.positions();
    parallel_blocks(block_count(positions, block_positions), [&](std::size_t block, std::size_t) {
        const std::size_t first = block * block_positions;
        const std::size_t rows = std::min(block_positions, positions - first);
        product({features.data + first * channels, rows, channels}, {m.data(), channels, channels},
                {y.data + first * channels, rows, channels}, Into::add);
    });
}

}  // namespace kernels

Matrix gram_matrix(const Tensor3& features) {
    require(features.size() > 0, "gram_matrix: features must not be empty, got ",
            shape_text(features.shape()));
    Matrix gram = Matrix::from_shape({features.shape(2), features.shape(2)});
    Workspace workspace;
    kernels::gram_matrix(read(features), gram, workspace);
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
    kernels::add_product(read(features), both, write(gradient));
    return gradient;
}

}  // namespace NST_PRECISION
}  // namespace nst
