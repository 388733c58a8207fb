#include "01_image/check.hpp"

#include <algorithm>
#include <cmath>

#include "by_hand.hpp"

namespace check_01 {

namespace {

using course::numbers;
using nst::Image;
using nst::Tensor3;
using Bytes = std::vector<std::uint8_t>;
using Mean = std::array<nst::Real, 3>;

Bytes counted(std::size_t count) {
    Bytes bytes(count);
    for (std::size_t k = 0; k < count; ++k) bytes[k] = static_cast<std::uint8_t>(10 + 7 * k);
    return bytes;
}

// A case has its numbers as double.
template <class Function>
auto with_sizes(Function function) {
    return [function](const Bytes& bytes, double height, double width) {
        return function(bytes, static_cast<std::size_t>(height), static_cast<std::size_t>(width));
    };
}

// The bytes in another order: number k of the picture is byte place(k).
template <class Place>
Image reordered(const Bytes& bytes, std::size_t height, std::size_t width, const Place& place) {
    Image image = Image::from_shape({height, width, 3});
    for (std::size_t k = 0; k < bytes.size(); ++k) image.data()[k] = bytes[place(k)];
    return image;
}

course::Function image_from_bytes(const Functions& yours) {
    course::Trial<Bytes, double, double> trial(
        "image_from_bytes", with_sizes(yours.image_from_bytes),
        with_sizes(by_hand::image_from_bytes), {"bytes", "height", "width"});
    trial.suspect("the bytes are read as three planes: they come R G B for each pixel",
                  with_sizes([](const Bytes& bytes, std::size_t height, std::size_t width) {
                      const std::size_t plane = height * width;
                      return reordered(bytes, height, width,
                                       [=](std::size_t k) { return k % 3 * plane + k / 3; });
                  }));
    trial.suspect("red and blue are exchanged: the bytes of a pixel come R G B",
                  with_sizes([](const Bytes& bytes, std::size_t height, std::size_t width) {
                      return reordered(bytes, height, width,
                                       [](std::size_t k) { return k + 2 - k % 3 * 2; });
                  }));
    trial.suspect("the numbers are divided by 255: they stay 0 to 255 here",
                  with_sizes([](const Bytes& bytes, std::size_t height, std::size_t width) {
                      return Image(by_hand::image_from_bytes(bytes, height, width) / 255);
                  }));
    trial.trait({"pictures as high as wide", "are height and width exchanged?", ""},
                [](const Bytes&, double h, double w) { return h == w; });
    trial.on("one pixel", counted(3), 1, 1);
    trial.on("two by two", counted(12), 2, 2);
    trial.on("wide, 2x4", counted(24), 2, 4);
    trial.on("high, 5x1", counted(15), 5, 1);
    return trial.function;
}

// What becomes of a number that no byte can hold.
int wrapped(double value) {
    return static_cast<int>(value) & 255;
}

template <class Round>
Bytes rounded(const Image& image, const Round& round) {
    Bytes bytes;
    for (const double value : image) bytes.push_back(static_cast<std::uint8_t>(round(value)));
    return bytes;
}

course::Function bytes_from_image(const Functions& yours, const Functions& right) {
    course::Trial<Image> trial("bytes_from_image", yours.bytes_from_image, right.bytes_from_image,
                               {"image"});
    trial.suspect("numbers are cut off, not rounded: 1.6 is to become 2", [](const Image& image) {
        return rounded(image, [](double v) { return std::clamp(v, 0.0, 255.0); });
    });
    trial.suspect("numbers are cut off, and nothing is clamped", [](const Image& image) {
        return rounded(image, [](double v) { return wrapped(v); });
    });
    trial.suspect("nothing is clamped: below 0 and above 255 bytes wrap around",
                  [](const Image& image) {
                      return rounded(image, [](double v) { return wrapped(std::round(v)); });
                  });
    trial.suspect("nothing is clamped above 255", [](const Image& image) {
        return rounded(image, [](double v) { return wrapped(std::round(std::max(v, 0.0))); });
    });
    trial.suspect("nothing is clamped below 0", [](const Image& image) {
        return rounded(image, [](double v) { return wrapped(std::round(std::min(v, 255.0))); });
    });
    trial.suspect("every number is rounded up", [](const Image& image) {
        return rounded(image, [](double v) { return std::ceil(std::clamp(v, 0.0, 255.0)); });
    });
    trial.trait({"whole numbers from 0 to 255", "are others rounded and clamped?", ""},
                [](const Image& image) { return image.shape(1) == 2; });
    trial.on("whole numbers, 1x2", Image{{{0, 1, 128}, {7, 254, 255}}});
    trial.on("to be rounded", Image{{{1.4, 1.6, 200.2}}});
    trial.on("darker than black, brighter than white", Image{{{-3, 256, -0.4}}, {{300, 255.4, 5}}});
    return trial.function;
}

course::Function subtract_mean(const Functions& yours, const Functions& right) {
    course::Trial<Image, Mean> trial("subtract_mean", yours.subtract_mean, right.subtract_mean,
                                     {"image", "mean"});
    trial.suspect("the mean is added", [](const Image& image, const Mean& mean) {
        return by_hand::subtract_mean(image, {-mean[0], -mean[1], -mean[2]});
    });
    trial.suspect("red and blue are exchanged in the mean", [](const Image& image, const Mean& m) {
        return by_hand::subtract_mean(image, {m[2], m[1], m[0]});
    });
    trial.suspect("the mean of red is taken from every channel",
                  [](const Image& image, const Mean& m) {
                      return by_hand::subtract_mean(image, {m[0], m[0], m[0]});
                  });
    trial.suspect("one mean, of all three, is taken", [](const Image& image, const Mean& mean) {
        const double one = (mean[0] + mean[1] + mean[2]) / 3;
        return by_hand::subtract_mean(image, {one, one, one});
    });
    trial.suspect("the image is subtracted from the mean", [](const Image& image, const Mean& m) {
        return Tensor3(-by_hand::subtract_mean(image, m));
    });
    trial.suspect("nothing is subtracted", [](const Image& image, const Mean&) { return image; });
    trial.on("the mean itself gives 0", Image{{{123, 116, 103}}}, Mean{123, 116, 103});
    trial.on("two pixels", Image{{{1, 2, 3}, {40, 50, 60}}}, Mean{1, 10, 100});
    trial.on("3x4", Image(100 + 50 * numbers<Image>({3, 4, 3}, 1)), Mean{123.68, 116.779, 103.939});
    return trial.function;
}

using NoiseTrial = course::Trial<Tensor3, double, double>;

auto with_seed(Tensor3 (*function)(const Tensor3&, double, std::uint32_t)) {
    return [function](const Tensor3& content, double ratio, double seed) {
        return function(content, ratio, static_cast<std::uint32_t>(seed));
    };
}

// The mix without the course's single precision, after so many normal numbers.
Tensor3 mix_in_double(const Tensor3& content, double ratio, double seed, int normals) {
    nst::NumpyRandom random(static_cast<std::uint32_t>(seed));
    for (int k = 0; k < normals; ++k) random.normal();
    Tensor3 mix = content;
    for (double& value : mix) value = ratio * random.uniform(-20, 20) + (1 - ratio) * value;
    return mix;
}

course::Function noise_image(const Functions& yours) {
    NoiseTrial trial("noise_image", with_seed(yours.noise_image), with_seed(by_hand::noise_image),
                     {"content", "ratio", "seed"});
    const auto noise = with_seed(by_hand::noise_image);
    trial.suspect("the ratio is that of the content: it is the noise's",
                  [=](const Tensor3& content, double ratio, double seed) {
                      return noise(content, 1 - ratio, seed);
                  });
    trial.suspect("the content is added whole: its part is 1 - ratio",
                  [=](const Tensor3& content, double ratio, double seed) {
                      return Tensor3(noise(content, ratio, seed) + ratio * content);
                  });
    trial.suspect("it is the noise alone: where is the content?",
                  [=](const Tensor3& content, double ratio, double seed) {
                      return noise(Tensor3(0 * content), ratio, seed);
                  });
    trial.suspect("the two normal numbers are not drawn before the noise",
                  [](const Tensor3& content, double ratio, double seed) {
                      return mix_in_double(content, ratio, seed, 0);
                  });
    trial.suspect(
        "right to six or seven digits: is the noise rounded to float and multiplied by a float, "
        "and all else in double?",
        [](const Tensor3& content, double ratio, double seed) {
            return mix_in_double(content, ratio, seed, 2);
        });
    trial.suspect("the seed is always 3", [=](const Tensor3& content, double ratio, double) {
        return noise(content, ratio, 3);
    });
    trial.suspect("the ratio is always 0.6", [=](const Tensor3& content, double, double seed) {
        return noise(content, 0.6, seed);
    });
    trial.on("content alone, ratio 0", numbers<Tensor3>({2, 2, 3}, 2), 0, 3);
    trial.on("noise alone, ratio 1", numbers<Tensor3>({2, 2, 3}, 3), 1, 3);
    trial.on("the tutorial's mix", Tensor3(40 * numbers<Tensor3>({3, 2, 3}, 4)), 0.6, 3);
    trial.on("another ratio and seed", Tensor3(40 * numbers<Tensor3>({2, 3, 3}, 5)), 0.2, 7);
    return trial.function;
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    const Functions right = NST_FUNCTIONS(by_hand);
    return {image_from_bytes(yours), bytes_from_image(yours, right), subtract_mean(yours, right),
            noise_image(yours)};
}

}  // namespace check_01
