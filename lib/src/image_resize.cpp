#include <algorithm>
#include <cmath>
#include <new>
#include <vector>

#include "nst/image.hpp"
#include "require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t largest_side = 65535;
constexpr double kernel_radius = 2;

/// The family of cubic kernels of Mitchell and Netravali, *Reconstruction Filters in Computer
/// Graphics*, SIGGRAPH 1988, (8), at a distance x >= 0.
double cubic(double x, double b, double c) {
    if (x >= kernel_radius) return 0;
    if (x >= 1) {
        return ((((-b - 6 * c) * x + (6 * b + 30 * c)) * x + (-12 * b - 48 * c)) * x +
                (8 * b + 24 * c)) /
               6;
    }
    return (((12 - 9 * b - 6 * c) * x + (-18 + 12 * b + 6 * c)) * x * x + (6 - 2 * b)) / 6;
}

/// Passes through the samples: sharp, for enlarging.
double catmull_rom(double x) {
    return cubic(x, 0, 0.5);
}

/// Blurs a little and hardly rings: for reducing, and what Mitchell and Netravali recommend.
double mitchell(double x) {
    return cubic(x, 1.0 / 3, 1.0 / 3);
}

/// One pixel of the result is a weighted sum of neighbouring pixels of the source, of sum 1.
struct Taps {
    std::size_t first;  ///< the first of those pixels
    std::vector<double> weights;
};

/// The taps of pixel `o` where `from` pixels become `to`.
Taps taps_of(std::size_t o, std::size_t from, std::size_t to) {
    const double step = static_cast<double>(from) / static_cast<double>(to);
    const double stretch = std::max(step, 1.0);  // a reduced pixel averages all that it covers
    const double centre = (static_cast<double>(o) + 0.5) * step - 0.5;
    const auto edge = static_cast<double>(from - 1);
    const double begin = std::ceil(centre - kernel_radius * stretch);
    const double end = std::floor(centre + kernel_radius * stretch);

    Taps taps{static_cast<std::size_t>(std::clamp(begin, 0.0, edge)), {}};
    taps.weights.resize(static_cast<std::size_t>(std::clamp(end, 0.0, edge)) - taps.first + 1);
    double sum = 0;
    for (double i = begin; i <= end; ++i) {
        const double distance = std::abs(i - centre) / stretch;
        const double weight = to < from ? mitchell(distance) : catmull_rom(distance);
        // beyond the edge, the edge repeats
        taps.weights[static_cast<std::size_t>(std::clamp(i, 0.0, edge)) - taps.first] += weight;
        sum += weight;
    }
    for (double& weight : taps.weights) weight /= sum;
    return taps;
}

std::vector<Taps> all_taps(std::size_t from, std::size_t to) {
    std::vector<Taps> all;
    all.reserve(to);
    for (std::size_t o = 0; o < to; ++o) all.push_back(taps_of(o, from, to));
    return all;
}

/// One row of the result's height at the source's width: sums of rows.
void mix_rows(const Image& image, const Taps& taps, std::vector<double>& row) {
    std::fill(row.begin(), row.end(), 0.0);
    const Real* source = image.data() + taps.first * row.size();
    for (const double weight : taps.weights) {
        for (std::size_t k = 0; k < row.size(); ++k) row[k] += weight * source[k];
        source += row.size();
    }
}

/// One pixel of the result: a sum of pixels of such a row.
void mix_pixels(const std::vector<double>& row, const Taps& taps, Real* rgb) {
    double sums[3] = {};
    const double* source = row.data() + taps.first * 3;
    for (const double weight : taps.weights) {
        for (std::size_t c = 0; c < 3; ++c) sums[c] += weight * source[c];
        source += 3;
    }
    for (std::size_t c = 0; c < 3; ++c) rgb[c] = static_cast<Real>(std::clamp(sums[c], 0.0, 255.0));
}

Image resized(const Image& image, std::size_t height, std::size_t width) {
    const std::size_t old_height = image.shape()[0];
    const std::size_t old_width = image.shape()[1];
    Image result = Image::from_shape({height, width, 3});
    const std::vector<Taps> across = all_taps(old_width, width);
    std::vector<double> row(old_width * 3);
    Real* rgb = result.data();
    for (std::size_t i = 0; i < height; ++i) {
        mix_rows(image, taps_of(i, old_height, height), row);
        for (const Taps& taps : across) {
            mix_pixels(row, taps, rgb);
            rgb += 3;
        }
    }
    return result;
}

}  // namespace

Image resize_image(const Image& image, std::size_t height, std::size_t width) {
    const auto& shape = image.shape();
    require(shape[0] > 0 && shape[1] > 0 && shape[2] == 3,
            "resize_image: image must be (H, W, 3) with H, W > 0, got ", shape_text(shape));
    require(height >= 1 && height <= largest_side && width >= 1 && width <= largest_side,
            "resize_image: height and width must be 1 to ", largest_side, ", got ", height, " and ",
            width);
    try {
        return shape[0] == height && shape[1] == width ? image : resized(image, height, width);
    } catch (const std::bad_alloc&) {
        fail("resize_image: no memory for a picture of ", width, "x", height, " pixels");
    }
}

}  // namespace NST_PRECISION
}  // namespace nst
