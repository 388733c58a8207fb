// What the exercise of chapter 05 is checked for.
#pragma once

#include <string>
#include <vector>

#include "check/check.hpp"
#include "nst/network.hpp"
#include "nst/tensor.hpp"

namespace check_05 {

struct Functions {
    std::vector<nst::Tensor3> (*block_1)(const nst::Network& network, const nst::Tensor3& input);
    std::vector<nst::Tensor3> (*forward)(const nst::Network& network, const nst::Tensor3& input,
                                         const std::string& last_layer);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_05

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space)           \
    check_05::Functions {              \
        space::block_1, space::forward \
    }
#define NST_EXERCISE(space) check_05::exercise(NST_FUNCTIONS(space))
