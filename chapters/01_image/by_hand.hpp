// Chapter 01 by hand: from the bytes of a picture to what the network is given, and back.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "nst/noise_image.hpp"
#include "nst/numpy_random.hpp"
#include "nst/tensor.hpp"

namespace by_hand {

using nst::Image;
using nst::Real;
using nst::Tensor3;

/// Sorts the interleaved bytes of a decoder, R G B R G B ..., row after row, into (H, W, 3).
///
/// Before the byte of pixel (i, j), channel c, there are i full rows and j pixels, 3 bytes each,
/// and c bytes of its own pixel; i in 0..H-1, j in 0..W-1, c in 0..2.
inline Image image_from_bytes(const std::vector<std::uint8_t>& bytes, std::size_t height,
                              std::size_t width) {
    Image image = Image::from_shape({height, width, 3});
    for (std::size_t i = 0; i < height; ++i) {
        for (std::size_t j = 0; j < width; ++j) {
            for (std::size_t c = 0; c < 3; ++c) {
                image(i, j, c) = static_cast<Real>(bytes[(i * width + j) * 3 + c]);
            }
        }
    }
    return image;
}

/// Rounds to whole numbers, clamps to 0..255 and writes the bytes in the same order: what saving
/// does. Nothing before this step clamps: on the way a pixel may be darker than black.
inline std::vector<std::uint8_t> bytes_from_image(const Image& image) {
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < image.shape(0); ++i) {
        for (std::size_t j = 0; j < image.shape(1); ++j) {
            for (std::size_t c = 0; c < 3; ++c) {
                const double rounded = std::round(static_cast<double>(image(i, j, c)));
                bytes.push_back(static_cast<std::uint8_t>(std::clamp(rounded, 0.0, 255.0)));
            }
        }
    }
    return bytes;
}

/// Subtracts each channel's mean, three numbers for the whole picture: red from red, green from
/// green, blue from blue.
inline Tensor3 subtract_mean(const Image& image, const std::array<Real, 3>& mean) {
    Tensor3 input = Tensor3::from_shape(image.shape());
    for (std::size_t i = 0; i < image.shape(0); ++i) {
        for (std::size_t j = 0; j < image.shape(1); ++j) {
            for (std::size_t c = 0; c < 3; ++c) input(i, j, c) = image(i, j, c) - mean[c];
        }
    }
    return input;
}

/// Mixes the start picture: ratio times noise plus (1 - ratio) times the content, value by value.
///
/// After the seed come two normal numbers that the course draws for another purpose, then one
/// uniform number in [-20, 20) for each value: rows from the top, pixels from the left, red, green,
/// blue. The course keeps the noise in single precision, and so do we.
inline Tensor3 noise_image(const Tensor3& content, double ratio = 0.6, std::uint32_t seed = 3) {
    nst::NumpyRandom random(seed);
    random.normal();
    random.normal();
    Tensor3 mix = Tensor3::from_shape(content.shape());
    for (std::size_t i = 0; i < content.shape(0); ++i) {
        for (std::size_t j = 0; j < content.shape(1); ++j) {
            for (std::size_t c = 0; c < 3; ++c) {
                const float noise = static_cast<float>(random.uniform(-20, 20));
                const double part = noise * static_cast<float>(ratio);
                mix(i, j, c) = static_cast<Real>(part + (1 - ratio) * content(i, j, c));
            }
        }
    }
    return mix;
}

}  // namespace by_hand
