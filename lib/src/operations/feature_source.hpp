// Feature maps that are read region by region: from memory, or recomputed each time because storing
// them would take more memory than everything else together.
#pragma once

#include <algorithm>

#include "base/view.hpp"
#include "operations/padding.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// A rectangle of positions, which may extend beyond the image's edges.
struct Region {
    std::ptrdiff_t row;
    std::ptrdiff_t column;
    std::size_t rows;
    std::size_t columns;
};

/// A range of channels; those past an image's last channel count as zeros.
struct Channels {
    std::size_t first;
    std::size_t count;
};

/// A source that can fill any region: the input of a convolution.
class FeatureSource {
  public:
    virtual ~FeatureSource() = default;

    /// Writes patch(rows, columns, count), with what the convolution's padding reads outside the
    /// image and zeros in channels past the last.
    virtual void read(const Region& region, Channels channels, Real* patch,
                      std::size_t worker) const = 0;
};

/// The activations of a layer, which can also be read by whole rows, as the Gram matrix does.
class ActivationSource : public FeatureSource {
  public:
    explicit ActivationSource(const Shape3& shape) : shape_(shape) {}

    const Shape3& shape() const { return shape_; }
    std::size_t channels() const { return shape_[2]; }
    std::size_t size() const { return shape_[0] * shape_[1] * shape_[2]; }

    /// Returns rows first .. last - 1, contiguous; valid until the next call by the same worker.
    virtual const Real* rows(std::size_t first, std::size_t last, std::size_t worker) const = 0;

  private:
    Shape3 shape_;
};

/// Fills a patch pixel by pixel: write(i, j, count, to) writes `count` channels of pixel (i, j) of
/// the (H, W, C) image, from the first requested one; the padding decides which pixel, or zeros, a
/// position outside the image gets.
template <class Write>
void read_pixels(const Region& region, const Shape3& shape, Padding padding, Channels channels,
                 Real* patch, const Write& write) {
    const std::size_t count = std::min(channels.count, shape[2] - channels.first);
    for (std::size_t i = 0; i < region.rows; ++i) {
        const std::ptrdiff_t row =
            source_index(region.row + static_cast<std::ptrdiff_t>(i), shape[0], padding);
        for (std::size_t j = 0; j < region.columns; ++j, patch += channels.count) {
            const std::ptrdiff_t column =
                source_index(region.column + static_cast<std::ptrdiff_t>(j), shape[1], padding);
            if (row >= 0 && column >= 0) {
                write(static_cast<std::size_t>(row), static_cast<std::size_t>(column), count,
                      patch);
                std::fill(patch + count, patch + channels.count, Real(0));
            } else {
                std::fill_n(patch, channels.count, Real(0));
            }
        }
    }
}

/// Features in memory.
class StoredFeatures final : public ActivationSource {
  public:
    explicit StoredFeatures(FeatureView x, Padding padding = Padding::zero)
        : ActivationSource(x.shape), x_(x), padding_(padding) {}

    void read(const Region& region, Channels channels, Real* patch, std::size_t) const override {
        read_pixels(region, x_.shape, padding_, channels, patch,
                    [&](std::size_t i, std::size_t j, std::size_t count, Real* to) {
                        std::copy_n(x_.at(i, j) + channels.first, count, to);
                    });
    }

    const Real* rows(std::size_t first, std::size_t, std::size_t) const override {
        return x_.at(first, 0);
    }

  private:
    FeatureView x_;
    Padding padding_;
};

/// Returns how many rows are processed at a time: whole rows of about 2048 positions, for any
/// number of threads.
inline std::size_t rows_per_block(const Shape3& shape) {
    constexpr std::size_t positions = 2048;
    return std::max<std::size_t>(1, positions / shape[1]);
}

}  // namespace NST_PRECISION
}  // namespace nst
