// What the exercise of chapter 10 is checked for.
#pragma once

#include "check/check.hpp"

namespace check_10 {

struct Functions {
    double (*total_cost)(double content_cost, double style_cost, double alpha, double beta);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_10

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space) \
    check_10::Functions {    \
        space::total_cost    \
    }
#define NST_EXERCISE(space) check_10::exercise(NST_FUNCTIONS(space))
