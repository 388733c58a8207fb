// What the exercise of chapter 04 is checked for.
#pragma once

#include "check/check.hpp"
#include "nst/pooling.hpp"
#include "nst/tensor.hpp"

namespace check_04 {

struct Functions {
    nst::Tensor3 (*relu)(const nst::Tensor3& x);
    nst::Tensor3 (*average_pool)(const nst::Tensor3& x);
    nst::MaxPooled (*max_pool)(const nst::Tensor3& x);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_04

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space)                              \
    check_04::Functions {                                 \
        space::relu, space::average_pool, space::max_pool \
    }
#define NST_EXERCISE(space) check_04::exercise(NST_FUNCTIONS(space))
