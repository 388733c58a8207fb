// What the exercise of chapter 03 is checked for.
#pragma once

#include "check/check.hpp"
#include "nst/tensor.hpp"

namespace check_03 {

struct Functions {
    double (*filter_response)(const nst::Tensor3& x, const nst::Filters& w, std::size_t i,
                              std::size_t j, std::size_t o);
    nst::Tensor3 (*conv2d)(const nst::Tensor3& x, const nst::Filters& w, const nst::Vector& b);
    nst::Matrix (*im2col)(const nst::Tensor3& x, std::size_t kh, std::size_t kw);
    nst::Tensor3 (*conv2d_im2col)(const nst::Tensor3& x, const nst::Filters& w,
                                  const nst::Vector& b);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_03

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space)                                                       \
    check_03::Functions {                                                          \
        space::filter_response, space::conv2d, space::im2col, space::conv2d_im2col \
    }
#define NST_EXERCISE(space) check_03::exercise(NST_FUNCTIONS(space))
