// What the exercise of chapter 18 is checked for.
#pragma once

#include <vector>

#include "check/check.hpp"
#include "nst/tensor.hpp"

namespace check_18 {

using Labels = std::vector<std::size_t>;

struct Functions {
    nst::Filters (*conv2d_backward_filters)(const nst::Tensor3& x, const nst::Tensor3& dy);
    nst::Vector (*conv2d_backward_bias)(const nst::Tensor3& dy);
    nst::Matrix (*log_softmax)(const nst::Matrix& z);
    double (*cross_entropy)(const nst::Matrix& z, const Labels& labels);
    nst::Matrix (*cross_entropy_backward)(const nst::Matrix& z, const Labels& labels);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_18

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space)                                                             \
    check_18::Functions {                                                                \
        space::conv2d_backward_filters, space::conv2d_backward_bias, space::log_softmax, \
            space::cross_entropy, space::cross_entropy_backward                          \
    }
#define NST_EXERCISE(space) check_18::exercise(NST_FUNCTIONS(space))
