#include "nst/batch_norm.hpp"

#include <cmath>

#include "base/require.hpp"
#include "operations/kernels.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t rows_in_block = 8;

// Whether a row lies between two items of a StackedBatch.
bool is_separator(std::size_t row, std::size_t item_rows) {
    return (row + 1) % (item_rows + 1) == 0;
}

double counted_positions(const Shape3& shape, std::size_t item_rows) {
    const std::size_t separators = shape[0] / (item_rows + 1);
    return static_cast<double>((shape[0] - separators) * shape[1]);
}

// Runs body(block, begin, end) with the range of values of each row that is not a separator.
template <class Body>
void for_counted_rows(const Shape3& shape, std::size_t item_rows, const Body& body) {
    const std::size_t row_size = shape[1] * shape[2];
    parallel_blocks(block_count(shape[0], rows_in_block), [&](std::size_t block, std::size_t) {
        const std::size_t end = std::min(shape[0], (block + 1) * rows_in_block);
        for (std::size_t row = block * rows_in_block; row < end; ++row) {
            if (is_separator(row, item_rows)) continue;
            body(block, row * row_size, (row + 1) * row_size);
        }
    });
}

// Two means of each channel over all positions outside the separators.
struct Means {
    std::vector<double> first;
    std::vector<double> second;
};

// add(k, c, first, second) adds the contribution of value k, in channel c, to its channel's two
// sums.
template <class Add>
Means channel_means(const Shape3& shape, std::size_t item_rows, const Add& add) {
    const std::size_t channels = shape[2];
    const std::size_t blocks = block_count(shape[0], rows_in_block);
    std::vector<double> sums(blocks * 2 * channels);
    for_counted_rows(shape, item_rows, [&](std::size_t block, std::size_t begin, std::size_t end) {
        double* first = sums.data() + block * 2 * channels;
        double* second = first + channels;
        for (std::size_t k = begin; k < end; k += channels) {
            for (std::size_t c = 0; c < channels; ++c) {
                add(k + c, c, first[c], second[c]);
            }
        }
    });
    Means means{std::vector<double>(channels), std::vector<double>(channels)};
    const double share = 1 / counted_positions(shape, item_rows);
    for (std::size_t block = 0; block < blocks; ++block) {
        for (std::size_t c = 0; c < channels; ++c) {
            means.first[c] += share * sums[block * 2 * channels + c];
            means.second[c] += share * sums[(block * 2 + 1) * channels + c];
        }
    }
    return means;
}

}  // namespace

namespace kernels {

void batch_norm(MutableFeatureView x, std::size_t item_rows, Vector& std_devs) {
    const std::size_t channels = x.channels();
    // Relative to the first position, so that the squares of a large mean do not cancel.
    const std::vector<double> origin(x.data, x.data + channels);
    const Means means = channel_means(
        x.shape, item_rows, [&](std::size_t k, std::size_t c, double& sum, double& squares) {
            const double distance = x.data[k] - origin[c];
            sum += distance;
            squares += distance * distance;
        });
    std::vector<Real> mean(channels);
    std::vector<Real> scale(channels);
    for (std::size_t c = 0; c < channels; ++c) {
        const double variance = std::max(0.0, means.second[c] - means.first[c] * means.first[c]);
        const double std_dev = std::sqrt(variance + batch_norm_epsilon);
        mean[c] = static_cast<Real>(origin[c] + means.first[c]);
        scale[c] = static_cast<Real>(1 / std_dev);
        std_devs(c) = static_cast<Real>(std_dev);
    }
    for_counted_rows(x.shape, item_rows, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end; k += channels) {
            for (std::size_t c = 0; c < channels; ++c) {
                x.data[k + c] = (x.data[k + c] - mean[c]) * scale[c];
            }
        }
    });
}

void batch_norm_backward(MutableFeatureView dy, FeatureView y, std::size_t item_rows,
                         const Vector& std_devs) {
    const std::size_t channels = dy.channels();
    const Means means = channel_means(dy.shape, item_rows,
                                      [&](std::size_t k, std::size_t, double& sum, double& along) {
                                          const double value = dy.data[k];
                                          sum += value;
                                          along += value * y.data[k];
                                      });
    std::vector<Real> mean(channels);
    std::vector<Real> slope(channels);
    std::vector<Real> scale(channels);
    for (std::size_t c = 0; c < channels; ++c) {
        mean[c] = static_cast<Real>(means.first[c]);
        slope[c] = static_cast<Real>(means.second[c]);
        scale[c] = 1 / std_devs(c);
    }
    for_counted_rows(dy.shape, item_rows, [&](std::size_t, std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end; k += channels) {
            for (std::size_t c = 0; c < channels; ++c) {
                const Real centred = dy.data[k + c] - mean[c] - y.data[k + c] * slope[c];
                dy.data[k + c] = centred * scale[c];
            }
        }
    });
}

}  // namespace kernels

BatchNormed batch_norm(FeatureView x) {
    require(x.size() > 0, "batch_norm: x must not be empty, got ", shape_text(x.shape));
    BatchNormed normed{copy_of(x), Vector::from_shape({x.shape[2]})};
    kernels::batch_norm(normed.y, x.shape[0], normed.std_devs);
    return normed;
}

Tensor3 batch_norm_backward(FeatureView dy, const BatchNormed& normed) {
    require(dy.shape == normed.y.shape(), "batch_norm_backward: dy must have the shape of y, ",
            shape_text(normed.y.shape()), ", got ", shape_text(dy.shape));
    require(normed.std_devs.size() == dy.shape[2],
            "batch_norm_backward: expected a deviation for each of ", dy.shape[2],
            " channels, got ", normed.std_devs.size());
    Tensor3 dx = copy_of(dy);
    kernels::batch_norm_backward(dx, normed.y, dy.shape[0], normed.std_devs);
    return dx;
}

}  // namespace NST_PRECISION
}  // namespace nst
