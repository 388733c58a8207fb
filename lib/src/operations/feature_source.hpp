// Feature maps that are read by rows: one that lies in memory, or one that is computed again each
// time, because it would take more memory than all the others together.
#pragma once

#include <algorithm>

#include "base/view.hpp"

namespace nst {
inline namespace NST_PRECISION {

class FeatureSource {
  public:
    explicit FeatureSource(const Shape3& shape) : shape_(shape) {}
    virtual ~FeatureSource() = default;

    const Shape3& shape() const { return shape_; }
    std::size_t channels() const { return shape_[2]; }
    std::size_t size() const { return shape_[0] * shape_[1] * shape_[2]; }

    /// Rows first .. last - 1, dense; valid until the same worker asks again.
    virtual const Real* rows(std::size_t first, std::size_t last, std::size_t worker) const = 0;

  private:
    Shape3 shape_;
};

/// Features in memory.
class StoredFeatures final : public FeatureSource {
  public:
    explicit StoredFeatures(ConstFeatures x) : FeatureSource(x.shape), data_(x.data) {}

    const Real* rows(std::size_t first, std::size_t, std::size_t) const override {
        return data_ + first * shape()[1] * channels();
    }

  private:
    const Real* data_;
};

/// Rows that are worked on at a time: whole rows of about 2048 positions, whatever the number of
/// threads.
inline std::size_t rows_per_block(const Shape3& shape) {
    constexpr std::size_t positions = 2048;
    return std::max<std::size_t>(1, positions / shape[1]);
}

}  // namespace NST_PRECISION
}  // namespace nst
