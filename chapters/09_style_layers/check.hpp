// What the exercise of chapter 09 is checked for.
#pragma once

#include "check/check.hpp"
#include "nst/total_cost.hpp"

namespace check_09 {

struct Functions {
    double (*style_cost)(const std::vector<double>& losses,
                         const std::vector<nst::StyleLayer>& layers);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_09

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space) \
    check_09::Functions {    \
        space::style_cost    \
    }
#define NST_EXERCISE(space) check_09::exercise(NST_FUNCTIONS(space))
