// What the exercise of chapter 14 is checked for.
#pragma once

#include "check/check.hpp"
#include "nst/tensor.hpp"

namespace check_14 {

struct Functions {
    nst::Filters (*transform_filters)(const nst::Filters& w);
    nst::Tensor3 (*transform_tile)(const nst::Tensor3& x, std::size_t i, std::size_t j);
    nst::Tensor3 (*multiply)(const nst::Tensor3& tile, const nst::Filters& filters);
    nst::Tensor3 (*transform_outputs)(const nst::Tensor3& m);
    nst::Tensor3 (*winograd_conv2d)(const nst::Tensor3& x, const nst::Filters& w,
                                    const nst::Vector& b);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_14

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space)                                              \
    check_14::Functions {                                                 \
        space::transform_filters, space::transform_tile, space::multiply, \
            space::transform_outputs, space::winograd_conv2d              \
    }
#define NST_EXERCISE(space) check_14::exercise(NST_FUNCTIONS(space))
