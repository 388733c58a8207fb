// What the exercise of chapter 07 is checked for.
#pragma once

#include "check/check.hpp"
#include "nst/tensor.hpp"

namespace check_07 {

struct Functions {
    nst::Matrix (*gram_matrix)(const nst::Tensor3& features);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_07

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space) \
    check_07::Functions {    \
        space::gram_matrix   \
    }
#define NST_EXERCISE(space) check_07::exercise(NST_FUNCTIONS(space))
