// What the exercise of chapter 16 is checked for.
#pragma once

#include <array>

#include "check/check.hpp"
#include "nst/tensor.hpp"
#include "nst/transfer.hpp"

namespace check_16 {

struct Functions {
    double (*total_variation)(const nst::Tensor3& x);
    nst::Tensor3 (*total_variation_backward)(const nst::Tensor3& x);
    std::array<double, 3> (*to_ycbcr)(const nst::Real* rgb);
    std::array<double, 3> (*to_rgb)(const std::array<double, 3>& ycbcr);
    nst::Image (*preserve_colour)(const nst::Image& generated, const nst::Image& content);
    nst::Image (*reduced)(const nst::Image& image, std::size_t factor);
    nst::Image (*coarse_to_fine)(const nst::Network& network, const nst::Image& content,
                                 const nst::Image& style, nst::TransferOptions options, int scales);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_16

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space)                                                                     \
    check_16::Functions {                                                                        \
        space::total_variation, space::total_variation_backward, space::to_ycbcr, space::to_rgb, \
            space::preserve_colour, space::reduced, space::coarse_to_fine                        \
    }
#define NST_EXERCISE(space) check_16::exercise(NST_FUNCTIONS(space))
