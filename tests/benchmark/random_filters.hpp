// A judge of paintings that has learned nothing: one layer of random filters of several sizes, ReLU
// and Gram matrices (Ustyuzhaninov, Brendel, Gatys, Bethge, "What does it take to generate natural
// textures?", ICLR 2017). It shares no weight with any network that paints.
#pragma once

#include <cblas.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "nst/error.hpp"
#include "nst/tensor.hpp"

namespace judge {

inline constexpr std::array<std::size_t, 8> filter_sizes = {3, 5, 7, 11, 15, 23, 37, 55};
inline constexpr std::size_t filters_per_size = 128;

/// The sizes from here on see the layout of a picture rather than its strokes.
inline constexpr std::size_t first_coarse_size = 5;

/// The responses of the filters of one size: one row per position, one column per filter, at least
/// 0.
struct Responses {
    std::size_t positions = 0;
    std::vector<float> values;
};

/// The filters of one size, (3 k k, 128), uniform in Glorot and Bengio's range. The same numbers
/// every time.
inline std::vector<float> random_filters(std::size_t k) {
    std::mt19937 bits(static_cast<std::uint32_t>(k));
    const double range = std::sqrt(6.0 / static_cast<double>(3 * k * k + filters_per_size));
    std::vector<float> filters(3 * k * k * filters_per_size);
    for (float& w : filters) {
        w = static_cast<float>(range * (2 * (static_cast<double>(bits()) * 0x1p-32) - 1));
    }
    return filters;
}

/// Convolves without padding, every k/8 pixels, and clips at 0.
/// @param picture  (H, W, 3), 0 to 255, no side below k
inline Responses responses(const nst::Image& picture, std::size_t k) {
    const std::size_t step = std::max<std::size_t>(1, k / 8);
    const std::size_t rows = (picture.shape(0) - k) / step + 1;
    const std::size_t columns = (picture.shape(1) - k) / step + 1;
    const std::size_t stride = picture.shape(1) * 3;
    const std::size_t width = 3 * k * k;
    const std::vector<float> filters = random_filters(k);
    Responses result{rows * columns, std::vector<float>(rows * columns * filters_per_size)};
    std::vector<float> patches(columns * width);
    for (std::size_t row = 0; row < rows; ++row) {
        float* to = patches.data();
        for (std::size_t column = 0; column < columns; ++column) {
            for (std::size_t j = 0; j < k; ++j) {
                const nst::Real* from =
                    picture.data() + (row * step + j) * stride + column * step * 3;
                to = std::transform(from, from + 3 * k, to,
                                    [](nst::Real v) { return static_cast<float>(v) / 127.5F - 1; });
            }
        }
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(columns),
                    static_cast<int>(filters_per_size), static_cast<int>(width), 1, patches.data(),
                    static_cast<int>(width), filters.data(), static_cast<int>(filters_per_size), 0,
                    result.values.data() + row * columns * filters_per_size,
                    static_cast<int>(filters_per_size));
    }
    for (float& v : result.values) v = std::max(v, 0.0F);
    return result;
}

/// The mean products of the responses of all pairs of filters.
inline std::vector<double> gram(const Responses& r) {
    std::vector<double> sum(filters_per_size * filters_per_size);
    std::vector<float> block(sum.size());
    constexpr std::size_t block_rows = 1024;
    for (std::size_t first = 0; first < r.positions; first += block_rows) {
        const std::size_t count = std::min(block_rows, r.positions - first);
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, static_cast<int>(filters_per_size),
                    static_cast<int>(filters_per_size), static_cast<int>(count), 1,
                    r.values.data() + first * filters_per_size, static_cast<int>(filters_per_size),
                    r.values.data() + first * filters_per_size, static_cast<int>(filters_per_size),
                    0, block.data(), static_cast<int>(filters_per_size));
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += static_cast<double>(block[i]);
    }
    for (double& v : sum) v /= static_cast<double>(r.positions);
    return sum;
}

template <class Values>
double squared_distance(const Values& a, const Values& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double d = static_cast<double>(a[i]) - static_cast<double>(b[i]);
        sum += d * d;
    }
    return sum;
}

struct Verdict {
    std::array<double, filter_sizes.size()> style_left{};  ///< for each size
    double mean_style_left = 0;  ///< 0: the style's statistics; 1: as far from them as the content
    double content_change = 0;   ///< mean over the coarse sizes, 0: nothing changed
};

/// For each size |G(result) - G(style)|^2 / |G(content) - G(style)|^2, and for the coarse sizes the
/// mean of |F(result) - F(content)|^2 / |F(content)|^2.
/// @param content, style, result  (H, W, 3) of one size, 0 to 255, no side below 55
/// @throws nst::Error when the shapes differ or are too small, and when content and style have the
///         same statistics
inline Verdict verdict(const nst::Image& content, const nst::Image& style,
                       const nst::Image& result) {
    if (content.shape() != style.shape() || content.shape() != result.shape()) {
        throw nst::Error("verdict: the three pictures must have the same size");
    }
    if (std::min(content.shape(0), content.shape(1)) < filter_sizes.back()) {
        throw nst::Error("verdict: no side may be below " + std::to_string(filter_sizes.back()) +
                         " pixels, which is the size of the largest filters");
    }
    Verdict found;
    for (std::size_t i = 0; i < filter_sizes.size(); ++i) {
        const Responses c = responses(content, filter_sizes[i]);
        const Responses r = responses(result, filter_sizes[i]);
        const std::vector<double> wanted = gram(responses(style, filter_sizes[i]));
        const double whole = squared_distance(gram(c), wanted);
        if (whole == 0) throw nst::Error("verdict: content and style have the same statistics");
        found.style_left[i] = squared_distance(gram(r), wanted) / whole;
        found.mean_style_left += found.style_left[i] / filter_sizes.size();
        if (i < first_coarse_size) continue;
        const std::vector<float> nothing(c.values.size());
        const double change =
            squared_distance(r.values, c.values) / squared_distance(c.values, nothing);
        found.content_change += change / (filter_sizes.size() - first_coarse_size);
    }
    return found;
}

}  // namespace judge
