// Images of one size stacked vertically in one tall image, with a row of zeros between them: a 3x3
// convolution of the batch is that of each image.
#pragma once

#include "base/view.hpp"

namespace nst {
inline namespace NST_PRECISION {

struct StackedBatch {
    std::size_t count = 0;  ///< number of items
    std::size_t side = 0;   ///< height and width of each item

    std::size_t height() const { return count * (side + 1) - 1; }
    Shape3 shape(std::size_t channels) const { return {height(), side, channels}; }
    StackedBatch pooled() const { return {count, (side + 1) / 2}; }
    std::size_t pixels() const { return side * side; }  ///< of an item
};

/// Returns a view of item k.
template <class Value>
BasicFeatureView<Value> batch_item(const StackedBatch& batch, BasicFeatureView<Value> all,
                                   std::size_t k) {
    return {all.at(k * (batch.side + 1), 0), {batch.side, batch.side, all.channels()}};
}

/// Sets the separator rows to zero.
void zero_separators(const StackedBatch& batch, MutableFeatureView all);

/// Computes means(k, c), the mean of channel c over item k; means is (count, C).
void global_average_pool(const StackedBatch& batch, FeatureView y, Matrix& means);

/// Adds the gradient of global_average_pool for dmeans, (count, C), to dy.
void global_average_pool_backward(const StackedBatch& batch, const Matrix& dmeans,
                                  MutableFeatureView dy);

}  // namespace NST_PRECISION
}  // namespace nst
