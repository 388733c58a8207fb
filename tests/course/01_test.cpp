#include <algorithm>
#include <cmath>

#include "01_image/by_hand.hpp"
#include "01_image/check.hpp"
#include "01_image/exercise.hpp"
#include "course/checking.hpp"

using checking::is_named;
using nst::Image;
using nst::Tensor3;
using Bytes = std::vector<std::uint8_t>;
using Mean = std::array<nst::Real, 3>;

namespace {

// ---- mistakes in image_from_bytes ----

namespace planes {
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

namespace rows_as_high {
Image image_from_bytes(const Bytes& bytes, std::size_t height, std::size_t width) {
    Image image = Image::from_shape({height, width, 3});
    for (std::size_t i = 0; i < height; ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            for (std::size_t c = 0; c < 3; ++c) {
                const std::size_t k = (i * height + j) * 3 + c;
                image(i, j, c) = k < bytes.size() ? bytes[k] : 0;
            }
        }
    }
    return image;
}
}  // namespace rows_as_high

namespace blue_first {
Image image_from_bytes(const Bytes& bytes, std::size_t height, std::size_t width) {
    Image image = by_hand::image_from_bytes(bytes, height, width);
    for (std::size_t k = 0; k < image.size(); k += 3) {
        std::swap(image.data()[k], image.data()[k + 2]);
    }
    return image;
}
}  // namespace blue_first

namespace up_to_one {
Image image_from_bytes(const Bytes& bytes, std::size_t height, std::size_t width) {
    return by_hand::image_from_bytes(bytes, height, width) / 255;
}
}  // namespace up_to_one

// ---- mistakes in bytes_from_image ----

namespace cut_off {
Bytes bytes_from_image(const Image& image) {
    Bytes bytes;
    for (const double v : image) {
        bytes.push_back(static_cast<std::uint8_t>(std::clamp(v, 0.0, 255.0)));
    }
    return bytes;
}
}  // namespace cut_off

namespace not_clamped {
Bytes bytes_from_image(const Image& image) {
    Bytes bytes;
    for (const double v : image) {
        bytes.push_back(static_cast<std::uint8_t>(static_cast<int>(std::round(v))));
    }
    return bytes;
}
}  // namespace not_clamped

namespace cut_off_and_not_clamped {
Bytes bytes_from_image(const Image& image) {
    Bytes bytes;
    for (const double v : image) bytes.push_back(static_cast<std::uint8_t>(static_cast<int>(v)));
    return bytes;
}
}  // namespace cut_off_and_not_clamped

namespace clamped_above_only {
Bytes bytes_from_image(const Image& image) {
    return not_clamped::bytes_from_image(xt::minimum(image, 255.0));
}
}  // namespace clamped_above_only

// ---- mistakes in subtract_mean ----

namespace added {
Tensor3 subtract_mean(const Image& image, const Mean& mean) {
    return 2 * image - by_hand::subtract_mean(image, mean);
}
}  // namespace added

namespace exchanged {
Tensor3 subtract_mean(const Image& image, const Mean& mean) {
    return by_hand::subtract_mean(image, {mean[2], mean[1], mean[0]});
}
}  // namespace exchanged

namespace red_from_all {
Tensor3 subtract_mean(const Image& image, const Mean& mean) {
    return image - mean[0];
}
}  // namespace red_from_all

// ---- mistakes in noise_image ----

namespace other_way_round {
Tensor3 noise_image(const Tensor3& content, double ratio, std::uint32_t seed) {
    return by_hand::noise_image(content, 1 - ratio, seed);
}
}  // namespace other_way_round

// Noise by the equation alone, without the course's two normal draws.
namespace no_normals {
Tensor3 noise_image(const Tensor3& content, double ratio, std::uint32_t seed) {
    nst::NumpyRandom random(seed);
    Tensor3 mix = content;
    for (double& value : mix) {
        const float noise = static_cast<float>(random.uniform(-20, 20));
        value = static_cast<double>(noise * static_cast<float>(ratio)) + (1 - ratio) * value;
    }
    return mix;
}
}  // namespace no_normals

// Correct except for the precision of the noise, which should be single.
namespace in_double {
Tensor3 noise_image(const Tensor3& content, double ratio, std::uint32_t seed) {
    nst::NumpyRandom random(seed);
    random.normal();
    random.normal();
    Tensor3 mix = content;
    for (double& value : mix) value = ratio * random.uniform(-20, 20) + (1 - ratio) * value;
    return mix;
}
}  // namespace in_double

namespace whole_content {
Tensor3 noise_image(const Tensor3& content, double ratio, std::uint32_t seed) {
    return by_hand::noise_image(content, ratio, seed) + ratio * content;
}
}  // namespace whole_content

namespace one_seed {
Tensor3 noise_image(const Tensor3& content, double ratio, std::uint32_t) {
    return by_hand::noise_image(content, ratio, 3);
}
}  // namespace one_seed

course::Exercise with_loading(Image (*function)(const Bytes&, std::size_t, std::size_t)) {
    check_01::Functions functions = NST_FUNCTIONS(by_hand);
    functions.image_from_bytes = function;
    return check_01::exercise(functions);
}

course::Exercise with_saving(Bytes (*function)(const Image&)) {
    check_01::Functions functions = NST_FUNCTIONS(by_hand);
    functions.bytes_from_image = function;
    return check_01::exercise(functions);
}

course::Exercise with_mean(Tensor3 (*function)(const Image&, const Mean&)) {
    check_01::Functions functions = NST_FUNCTIONS(by_hand);
    functions.subtract_mean = function;
    return check_01::exercise(functions);
}

course::Exercise with_noise(Tensor3 (*function)(const Tensor3&, double, std::uint32_t)) {
    check_01::Functions functions = NST_FUNCTIONS(by_hand);
    functions.noise_image = function;
    return check_01::exercise(functions);
}

}  // namespace

TEST_CASE("exercise 01: the stub counts as not written, the solution passes") {
    checking::is_not_written(NST_EXERCISE(exercise));
    checking::passes(NST_EXERCISE(by_hand));
}

TEST_CASE("exercise 01: mistakes in image_from_bytes are named") {
    is_named(with_loading(planes::image_from_bytes), 0, "the bytes are read as three planes");
    is_named(with_loading(rows_as_high::image_from_bytes), 0,
             "right on pictures as high as wide only");
    is_named(with_loading(blue_first::image_from_bytes), 0, "red and blue are exchanged");
    is_named(with_loading(up_to_one::image_from_bytes), 0, "the numbers are divided by 255");
}

TEST_CASE("exercise 01: mistakes in bytes_from_image are named") {
    is_named(with_saving(cut_off::bytes_from_image), 1, "numbers are cut off, not rounded");
    is_named(with_saving(not_clamped::bytes_from_image), 1, "nothing is clamped: below 0");
    is_named(with_saving(cut_off_and_not_clamped::bytes_from_image), 1,
             "numbers are cut off, and nothing is clamped");
    is_named(with_saving(clamped_above_only::bytes_from_image), 1, "nothing is clamped below 0");
}

TEST_CASE("exercise 01: mistakes in subtract_mean are named") {
    is_named(with_mean(added::subtract_mean), 2, "the mean is added");
    is_named(with_mean(exchanged::subtract_mean), 2, "red and blue are exchanged in the mean");
    is_named(with_mean(red_from_all::subtract_mean), 2, "the mean of red is taken");
}

TEST_CASE("exercise 01: mistakes in noise_image are named") {
    is_named(with_noise(other_way_round::noise_image), 3, "the ratio is that of the content");
    is_named(with_noise(no_normals::noise_image), 3, "the two normal numbers are not drawn");
    is_named(with_noise(in_double::noise_image), 3,
             "right to six or seven digits: is the noise rounded to float");
    is_named(with_noise(whole_content::noise_image), 3, "the content is added whole");
    is_named(with_noise(one_seed::noise_image), 3, "the seed is always 3");
}
