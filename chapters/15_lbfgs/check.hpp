// What the exercise of chapter 15 is checked for.
#pragma once

#include <array>
#include <functional>
#include <vector>

#include "check/check.hpp"
#include "nst/lbfgs.hpp"
#include "nst/tensor.hpp"

namespace check_15 {

using Tensors = std::vector<nst::Tensor3>;
using Line = std::function<std::array<double, 2>(double t)>;

struct Functions {
    double (*dot)(const nst::Tensor3& a, const nst::Tensor3& b);
    nst::Tensor3 (*direction)(const nst::Tensor3& g, const Tensors& s, const Tensors& y);
    double (*wolfe_step)(double f0, double slope0, const Line& line, double t,
                         const nst::LbfgsOptions& options);
    bool (*lbfgs_step)(const nst::CostFunction& cost, nst::Tensor3& x, nst::CostAndGradient& here,
                       Tensors& s, Tensors& y, const nst::LbfgsOptions& options);
};

course::Exercise exercise(const Functions& yours);

}  // namespace check_15

/// The functions of a namespace, and their exercise.
#define NST_FUNCTIONS(space)                                               \
    check_15::Functions {                                                  \
        space::dot, space::direction, space::wolfe_step, space::lbfgs_step \
    }
#define NST_EXERCISE(space) check_15::exercise(NST_FUNCTIONS(space))
