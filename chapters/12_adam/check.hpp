// What the exercise of chapter 12 is checked for.
#pragma once

#include "check/check.hpp"
#include "nst/adam.hpp"
#include "nst/tensor.hpp"

namespace check_12 {

struct Functions {
    void (*adam_step)(nst::Tensor3& x, const nst::Tensor3& gradient, nst::Tensor3& m,
                      nst::Tensor3& v, int t, const nst::AdamOptions& options);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_12

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space) \
    check_12::Functions {    \
        space::adam_step     \
    }
#define NST_EXERCISE(space) check_12::exercise(NST_FUNCTIONS(space))
