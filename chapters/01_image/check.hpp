// What the exercise of chapter 01 is checked for.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "check/check.hpp"
#include "nst/tensor.hpp"

namespace check_01 {

struct Functions {
    nst::Image (*image_from_bytes)(const std::vector<std::uint8_t>& bytes, std::size_t height,
                                   std::size_t width);
    std::vector<std::uint8_t> (*bytes_from_image)(const nst::Image& image);
    nst::Tensor3 (*subtract_mean)(const nst::Image& image, const std::array<nst::Real, 3>& mean);
    nst::Tensor3 (*noise_image)(const nst::Tensor3& content, double ratio, std::uint32_t seed);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_01

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space)                                                                       \
    check_01::Functions {                                                                          \
        space::image_from_bytes, space::bytes_from_image, space::subtract_mean, space::noise_image \
    }
#define NST_EXERCISE(space) check_01::exercise(NST_FUNCTIONS(space))
