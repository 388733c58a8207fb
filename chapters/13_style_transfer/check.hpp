// What the exercise of chapter 13 is checked for.
#pragma once

#include "check/check.hpp"
#include "nst/network.hpp"
#include "nst/tensor.hpp"
#include "nst/transfer.hpp"

namespace check_13 {

struct Functions {
    nst::Image (*model_nn)(const nst::Network& network, const nst::Image& content,
                           const nst::Image& style, int iterations, double learning_rate,
                           const nst::Observer& report);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_13

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space) \
    check_13::Functions {    \
        space::model_nn      \
    }
#define NST_EXERCISE(space) check_13::exercise(NST_FUNCTIONS(space))
