// Pictures of one size below each other in one tall picture, a row of zeros between them, as on a
// batch of film: a 3x3 convolution of the batch is that of each picture.
#pragma once

#include "base/view.hpp"

namespace nst {
inline namespace NST_PRECISION {

struct StackedBatch {
    std::size_t count = 0;  ///< pictures
    std::size_t side = 0;   ///< height and width of each

    std::size_t height() const { return count * (side + 1) - 1; }
    Shape3 shape(std::size_t channels) const { return {height(), side, channels}; }
    StackedBatch pooled() const { return {count, (side + 1) / 2}; }
    std::size_t pixels() const { return side * side; }  ///< of a picture
};

/// Picture k of a batch, as it lies in memory.
template <class Value>
View<Value> batch_item(const StackedBatch& batch, const View<Value>& all, std::size_t k) {
    return {all.at(k * (batch.side + 1), 0), {batch.side, batch.side, all.channels()}};
}

/// Sets the rows between the pictures to zero.
void zero_separators(const StackedBatch& batch, Features all);

/// means(k, c) = the mean of channel c over picture k; means is (count, C).
void global_average_pool(const StackedBatch& batch, ConstFeatures y, Matrix& means);

/// dy += what global_average_pool' gradient makes of dmeans, (count, C).
void global_average_pool_backward(const StackedBatch& batch, const Matrix& dmeans, Features dy);

}  // namespace NST_PRECISION
}  // namespace nst
