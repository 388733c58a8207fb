#include "01_image/by_hand.hpp"
#include "01_image/check.hpp"
#include "01_image/exercise.hpp"
#include "course/checking.hpp"

using checking::is_named;
using nst::Image;
using nst::Real;
using nst::Tensor3;
using Bytes = std::vector<std::uint8_t>;
using Mean = std::array<Real, 3>;

namespace {

// Each mistake beside the functions that are right.
namespace planes {
using by_hand::bytes_from_image, by_hand::noise_image, by_hand::subtract_mean;
Image image_from_bytes(const Bytes& bytes, std::size_t height, std::size_t width) {
    Image image = Image::from_shape({height, width, 3});
    for (std::size_t i = 0; i < height; ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            for (std::size_t c = 0; c < 3; ++c) {
                image(i, j, c) = bytes[(c * height + i) * width + j];
            }
        }
    }
    return image;
}
}  // namespace planes

namespace cut_off {
using by_hand::image_from_bytes, by_hand::noise_image, by_hand::subtract_mean;
Bytes bytes_from_image(const Image& image) {
    Bytes bytes;
    for (const Real value : image) {
        bytes.push_back(static_cast<std::uint8_t>(std::clamp(value, Real(0), Real(255))));
    }
    return bytes;
}
}  // namespace cut_off

namespace not_clamped {
using by_hand::image_from_bytes, by_hand::noise_image, by_hand::subtract_mean;
Bytes bytes_from_image(const Image& image) {
    Bytes bytes;
    for (const Real value : image) {
        bytes.push_back(static_cast<std::uint8_t>(static_cast<int>(std::round(value))));
    }
    return bytes;
}
}  // namespace not_clamped

namespace bgr_mean {
using by_hand::bytes_from_image, by_hand::image_from_bytes, by_hand::noise_image;
Tensor3 subtract_mean(const Image& image, const Mean& mean) {
    return by_hand::subtract_mean(image, {mean[2], mean[1], mean[0]});
}
}  // namespace bgr_mean

namespace no_mean {
using by_hand::bytes_from_image, by_hand::image_from_bytes, by_hand::noise_image;
Tensor3 subtract_mean(const Image& image, const Mean&) {
    return image;
}
}  // namespace no_mean

namespace ratio_of_content {
using by_hand::bytes_from_image, by_hand::image_from_bytes, by_hand::subtract_mean;
Tensor3 noise_image(const Tensor3& content, double ratio, std::uint32_t seed) {
    return by_hand::noise_image(content, 1 - ratio, seed);
}
}  // namespace ratio_of_content

namespace seed_three {
using by_hand::bytes_from_image, by_hand::image_from_bytes, by_hand::subtract_mean;
Tensor3 noise_image(const Tensor3& content, double ratio, std::uint32_t) {
    return by_hand::noise_image(content, ratio, 3);
}
}  // namespace seed_three

}  // namespace

TEST_CASE("exercise 01: the stub is not written, the solution passes") {
    checking::passes(NST_EXERCISE(by_hand));
    checking::is_not_written(NST_EXERCISE(exercise));
}

TEST_CASE("exercise 01: mistakes are named") {
    is_named(NST_EXERCISE(planes), 0, "the bytes are read as three planes");
    is_named(NST_EXERCISE(cut_off), 1, "numbers are cut off, not rounded");
    is_named(NST_EXERCISE(not_clamped), 1, "nothing is clamped");
    is_named(NST_EXERCISE(bgr_mean), 2, "red and blue are exchanged in the mean");
    is_named(NST_EXERCISE(no_mean), 2, "nothing is subtracted");
    is_named(NST_EXERCISE(ratio_of_content), 3, "the ratio is that of the content");
    is_named(NST_EXERCISE(seed_three), 3, "the seed is always 3");
}
