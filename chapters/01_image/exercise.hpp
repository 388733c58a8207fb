// Exercise 01: from the bytes of a picture to what the network is given, and back.
// Leave this file as it is: yours is a copy of it.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "nst/error.hpp"
#include "nst/noise_image.hpp"
#include "nst/numpy_random.hpp"
#include "nst/tensor.hpp"

namespace exercise {

using nst::Image;
using nst::Real;
using nst::Tensor3;

/// Sorts the interleaved bytes of a decoder, R G B R G B ..., row after row, into (H, W, 3).
///
/// `Image::from_shape({height, width, 3})` makes the picture. Before the byte of pixel (i, j),
/// channel c, there are i full rows and j pixels, 3 bytes each, and c bytes of its own pixel.
inline Image image_from_bytes(const std::vector<std::uint8_t>& bytes, std::size_t height,
                              std::size_t width) {
    throw nst::Error("image_from_bytes: not written yet");
}

/// Rounds to whole numbers, clamps to 0..255 and gives the bytes in the same order: what saving
/// does. `std::round` and `std::clamp` help; `static_cast<std::uint8_t>` comes last.
inline std::vector<std::uint8_t> bytes_from_image(const Image& image) {
    throw nst::Error("bytes_from_image: not written yet");
}

/// Subtracts each channel's mean, three numbers for the whole picture: red from red, green from
/// green, blue from blue.
inline Tensor3 subtract_mean(const Image& image, const std::array<Real, 3>& mean) {
    throw nst::Error("subtract_mean: not written yet");
}

/// Mixes the start picture: ratio times noise plus (1 - ratio) times the content, value by value.
///
/// `nst::NumpyRandom random(seed)` draws as the course does. First call `random.normal()` twice,
/// which the course draws for another purpose. Then `random.uniform(-20, 20)` gives the noise of
/// one value: rows from the top, pixels from the left, red, green, blue. The course keeps the noise
/// in single precision: round it to float, multiply it by the ratio as a float, and go on in
/// double.
inline Tensor3 noise_image(const Tensor3& content, double ratio = 0.6, std::uint32_t seed = 3) {
    throw nst::Error("noise_image: not written yet");
}

}  // namespace exercise
