// What the exercise of chapter 08 is checked for.
#pragma once

#include "check/check.hpp"
#include "nst/tensor.hpp"

namespace check_08 {

struct Functions {
    double (*style_loss)(const nst::Tensor3& generated, const nst::Matrix& style_gram);
    nst::Matrix (*misread_gram_matrix)(const nst::Tensor3& features);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_08

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space)                          \
    check_08::Functions {                             \
        space::style_loss, space::misread_gram_matrix \
    }
#define NST_EXERCISE(space) check_08::exercise(NST_FUNCTIONS(space))
