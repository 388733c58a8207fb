#include "nst/random_crops.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/require.hpp"
#include "nst/image.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr double noise_levels = 25;

// Returns a whole number from 0 to count - 1.
std::size_t draw(NumpyRandom& random, std::size_t count) {
    const auto number = static_cast<std::size_t>(random.uniform(0, static_cast<double>(count)));
    return std::min(number, count - 1);
}

bool happens(NumpyRandom& random, double probability) {
    return random.uniform(0, 1) < probability;
}

// Reduces the picture to a longer side of that many pixels, unless a side would fall below `side`.
Image reduced(ImageView picture, double longer, std::size_t side) {
    const auto height = static_cast<double>(picture.height());
    const auto width = static_cast<double>(picture.width());
    const double smallest = static_cast<double>(side) / std::min(height, width);
    const double scale = std::clamp(longer / std::max(height, width), smallest, 1.0);
    const auto pixels = [&](double old) {
        return std::max(side, static_cast<std::size_t>(std::lround(scale * old)));
    };
    return resize_image(picture, pixels(height), pixels(width));
}

std::array<std::size_t, 3> channel_order(NumpyRandom& random) {
    std::array<std::size_t, 3> order{0, 1, 2};
    if (!happens(random, 0.2)) return order;
    for (std::size_t k = 2; k > 0; --k) std::swap(order[k], order[draw(random, k + 1)]);
    return order;
}

Image crop(const Image& picture, std::size_t side, NumpyRandom& random) {
    const std::size_t top = draw(random, picture.shape(0) - side + 1);
    const std::size_t left = draw(random, picture.shape(1) - side + 1);
    const bool mirrored = happens(random, 0.5);
    const std::array<std::size_t, 3> order = channel_order(random);
    const double noise = happens(random, 0.2) ? noise_levels : 0;
    Image square = Image::from_shape({side, side, 3});
    for (std::size_t i = 0; i < side; ++i) {
        for (std::size_t j = 0; j < side; ++j) {
            const std::size_t column = left + (mirrored ? side - 1 - j : j);
            for (std::size_t c = 0; c < 3; ++c) {
                const double value = picture(top + i, column, order[c]);
                const double added = noise > 0 ? random.uniform(-noise, noise) : 0;
                square(i, j, c) = static_cast<Real>(std::clamp(value + added, 0.0, 255.0));
            }
        }
    }
    return square;
}

}  // namespace

std::vector<Image> random_crops(ImageView picture, std::size_t count, std::size_t side,
                                NumpyRandom& random) {
    require(picture.channels() == 3, "random_crops: the picture must be (H, W, 3), got ",
            shape_text(picture.shape));
    require(side > 0 && side <= std::min(picture.height(), picture.width()),
            "random_crops: side must be 1 to the picture's shorter side, got ", side, " for ",
            shape_text(picture.shape));
    constexpr std::array<double, 3> longer_sides = {400, 800, 1600};
    std::array<Image, longer_sides.size()> sizes;  // of the picture, made when first needed
    std::vector<Image> crops;
    for (std::size_t k = 0; k < count; ++k) {
        const std::size_t size = draw(random, sizes.size());
        if (sizes[size].size() == 0) sizes[size] = reduced(picture, longer_sides[size], side);
        crops.push_back(crop(sizes[size], side, random));
    }
    return crops;
}

}  // namespace NST_PRECISION
}  // namespace nst
