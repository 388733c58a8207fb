// What the exercise of chapter 06 is checked for.
#pragma once

#include "check/check.hpp"
#include "nst/tensor.hpp"

namespace check_06 {

struct Functions {
    double (*content_loss)(const nst::Tensor3& generated, const nst::Tensor3& content);
    nst::Matrix (*unroll)(const nst::Tensor3& features);
    double (*content_loss_unrolled)(const nst::Matrix& generated, const nst::Matrix& content);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_06

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space)                                    \
    check_06::Functions {                                       \
        space::content_loss, space::unroll, space::content_loss \
    }
#define NST_EXERCISE(space) check_06::exercise(NST_FUNCTIONS(space))
