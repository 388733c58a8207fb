#include <algorithm>
#include <array>
#include <cmath>
#include <new>
#include <vector>

#include "base/require.hpp"
#include "base/view.hpp"
#include "nst/image.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t largest_side = 65535;
constexpr double kernel_radius = 2;

/// Evaluates the family of cubic kernels of Mitchell and Netravali, *Reconstruction Filters in
/// Computer Graphics*, SIGGRAPH 1988, (8), at a distance x >= 0.
double cubic(double x, double b, double c) {
    if (x >= kernel_radius) return 0;
    if (x >= 1) {
        return ((((-b - 6 * c) * x + (6 * b + 30 * c)) * x + (-12 * b - 48 * c)) * x +
                (8 * b + 24 * c)) /
               6;
    }
    return (((12 - 9 * b - 6 * c) * x + (-18 + 12 * b + 6 * c)) * x * x + (6 - 2 * b)) / 6;
}

/// Interpolates the samples: sharp, for enlarging.
double catmull_rom(double x) {
    return cubic(x, 0, 0.5);
}

/// Blurs a little and hardly rings: for reducing, as Mitchell and Netravali recommend.
double mitchell(double x) {
    return cubic(x, 1.0 / 3, 1.0 / 3);
}

/// The weights of one pixel of the result: a weighted sum of neighbouring source pixels, with
/// weights that add up to 1.
struct PixelWeights {
    std::size_t first;  ///< index of the first of these source pixels
    std::vector<double> weights;
};

/// Computes the weights of pixel `o` when `from` pixels are resized to `to`.
PixelWeights weights_of(std::size_t o, std::size_t from, std::size_t to) {
    const double step = static_cast<double>(from) / static_cast<double>(to);
    const double stretch = std::max(step, 1.0);  // a reduced pixel averages all it covers
    const double centre = (static_cast<double>(o) + 0.5) * step - 0.5;
    const auto edge = static_cast<double>(from - 1);
    const double begin = std::ceil(centre - kernel_radius * stretch);
    const double end = std::floor(centre + kernel_radius * stretch);

    PixelWeights pixel{static_cast<std::size_t>(std::clamp(begin, 0.0, edge)), {}};
    pixel.weights.resize(static_cast<std::size_t>(std::clamp(end, 0.0, edge)) - pixel.first + 1);
    double sum = 0;
    for (double i = begin; i <= end; ++i) {
        const double distance = std::abs(i - centre) / stretch;
        const double weight = to < from ? mitchell(distance) : catmull_rom(distance);
        // beyond the edge, the edge repeats
        pixel.weights[static_cast<std::size_t>(std::clamp(i, 0.0, edge)) - pixel.first] += weight;
        sum += weight;
    }
    for (double& weight : pixel.weights) weight /= sum;
    return pixel;
}

/// Resizes to another height: each row of the result is a weighted sum of rows.
Image resize_height(ImageView image, std::size_t height) {
    const std::size_t row_size = image.shape[1] * 3;
    Image result = Image::from_shape({height, image.shape[1], 3});
    std::vector<double> row(row_size);
    for (std::size_t i = 0; i < height; ++i) {
        const PixelWeights pixel = weights_of(i, image.shape[0], height);
        const Real* source = image.data + pixel.first * row_size;
        std::fill(row.begin(), row.end(), 0.0);
        for (const double weight : pixel.weights) {
            for (std::size_t k = 0; k < row_size; ++k) row[k] += weight * source[k];
            source += row_size;
        }
        Real* to = result.data() + i * row_size;
        for (std::size_t k = 0; k < row_size; ++k) to[k] = static_cast<Real>(row[k]);
    }
    return result;
}

/// Resizes to another width: each pixel of the result is a weighted sum of pixels of its row.
Image resize_width(ImageView image, std::size_t width) {
    const std::size_t height = image.shape[0];
    const std::size_t old_width = image.shape[1];
    std::vector<PixelWeights> columns;
    columns.reserve(width);
    for (std::size_t j = 0; j < width; ++j) columns.push_back(weights_of(j, old_width, width));

    Image result = Image::from_shape({height, width, 3});
    Real* to = result.data();
    for (std::size_t i = 0; i < height; ++i) {
        const Real* row = image.data + i * old_width * 3;
        for (const PixelWeights& pixel : columns) {
            std::array<double, 3> sums{};
            const Real* source = row + pixel.first * 3;
            for (const double weight : pixel.weights) {
                for (std::size_t c = 0; c < 3; ++c) sums[c] += weight * source[c];
                source += 3;
            }
            for (const double sum : sums) *to++ = static_cast<Real>(sum);
        }
    }
    return result;
}

Image resize(ImageView image, std::size_t height, std::size_t width) {
    const std::size_t old_height = image.shape[0];
    const std::size_t old_width = image.shape[1];
    if (old_height == height && old_width == width) return copy_of(image);
    if (old_height == height) return resize_width(image, width);
    if (old_width == width) return resize_height(image, height);
    // the order with the smaller intermediate image, which is also less work
    return height * old_width < old_height * width
               ? resize_width(resize_height(image, height), width)
               : resize_height(resize_width(image, width), height);
}

}  // namespace

Image resize_image(ImageView image, std::size_t height, std::size_t width) {
    const auto& shape = image.shape;
    require(shape[0] > 0 && shape[1] > 0 && shape[2] == 3,
            "resize_image: image must be (H, W, 3) with H, W > 0, got ", shape_text(shape));
    require(height >= 1 && height <= largest_side && width >= 1 && width <= largest_side,
            "resize_image: height and width must be 1 to ", largest_side, ", got ", height, " and ",
            width);
    try {
        Image result = resize(image, height, width);
        for (Real& value : result) value = std::clamp(value, Real{0}, Real{255});
        return result;
    } catch (const std::bad_alloc&) {
        fail("resize_image: no memory for an image of ", width, "x", height, " pixels");
    }
}

}  // namespace NST_PRECISION
}  // namespace nst
