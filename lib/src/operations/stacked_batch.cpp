#include "operations/stacked_batch.hpp"

#include <algorithm>
#include <vector>

#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

void zero_separators(const StackedBatch& batch, MutableFeatureView all) {
    for (std::size_t k = 1; k < batch.count; ++k) {
        std::fill_n(all.at(k * (batch.side + 1) - 1, 0), batch.side * all.channels(), Real(0));
    }
}

void global_average_pool(const StackedBatch& batch, FeatureView y, Matrix& means) {
    const std::size_t channels = y.channels();
    parallel_blocks(batch.count, [&](std::size_t k, std::size_t) {
        const FeatureView item = batch_item(batch, y, k);
        std::vector<double> sums(channels);
        for (std::size_t p = 0; p < item.positions(); ++p) {
            const Real* position = item.data + p * channels;
            for (std::size_t c = 0; c < channels; ++c) sums[c] += position[c];
        }
        for (std::size_t c = 0; c < channels; ++c) {
            means(k, c) = static_cast<Real>(sums[c] / static_cast<double>(batch.pixels()));
        }
    });
}

void global_average_pool_backward(const StackedBatch& batch, const Matrix& dmeans,
                                  MutableFeatureView dy) {
    const std::size_t channels = dy.channels();
    const Real share = Real(1) / static_cast<Real>(batch.pixels());
    parallel_blocks(batch.count, [&](std::size_t k, std::size_t) {
        const MutableFeatureView item = batch_item(batch, dy, k);
        const Real* item_gradient = dmeans.data() + k * channels;
        for (std::size_t p = 0; p < item.positions(); ++p) {
            Real* position = item.data + p * channels;
            for (std::size_t c = 0; c < channels; ++c) position[c] += share * item_gradient[c];
        }
    });
}

}  // namespace NST_PRECISION
}  // namespace nst
