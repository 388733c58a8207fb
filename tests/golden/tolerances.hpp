// How far the library may be from PyTorch's numbers, which are in double, and why.
#pragma once

#include <cstddef>

namespace nst_test {

#ifdef NST_DOUBLE

// Outputs of the layers: sums of 72 products through 37 layers leave 14 of double's 16 digits; two
// are for matrix products of another machine.
constexpr double activation_tolerance = 1e-12;

// Costs, relative: sums of squares of such outputs.
constexpr double plain_cost_tolerance = 1e-12;
constexpr double cost_tolerance = 1e-12;

// Gradient to the pixels, in units of its largest value: as the outputs, there and back.
constexpr double gradient_tolerance = 1e-12;

// Along a trajectory no value near a kink takes the other side, so the errors of the steps only add
// up.
constexpr double cost_tolerance_per_step = 1e-12;
constexpr double picture_tolerance_per_step = 1e-12;

// Adam's first step is the sign of a gradient, which magnifies the error of the smallest ones.
constexpr double picture_tolerance_at_first = 1e-11;

// Positions of Adam alone, in units of the largest: ten steps of plain arithmetic.
constexpr double adam_tolerance = 1e-14;

// Costs that L-BFGS comes to, relative: at a minimum the error of the point counts squared.
constexpr double lbfgs_tolerance = 1e-13;

// Loss and gradients of training, in units of the largest: as the gradient to the pixels.
constexpr double training_tolerance = 1e-12;

#else

// Outputs of the layers on the plain path: float keeps 7 digits, and the sums lose one or two.
constexpr double activation_tolerance = 1e-5;

// Costs on the plain path, relative: the outputs' errors average out in a sum of squares.
constexpr double plain_cost_tolerance = 1e-5;

// Costs of Objective: its kernels may be fast ones, whose outputs are good to 2e-4.
constexpr double cost_tolerance = 1e-3;

// Gradient to the pixels, length of the difference in units of its length: the same kernels, back.
constexpr double gradient_tolerance = 1e-3;

// Along a trajectory a ReLU or a maximum near its kink takes the other side now and then, and from
// that step on the pictures part: the allowance grows with the steps. make_golden.py measures how
// far noise in PyTorch's own gradients leads: noise of 1e-5 of the largest, as the fast kernels
// make, up to 9 % of the way after 50 steps, and the costs by 3 %.
constexpr double cost_tolerance_per_step = 8e-4;
constexpr double picture_tolerance_per_step = 2e-3;

// Adam's first step is the sign of a gradient, and the smallest may have the wrong one.
constexpr double picture_tolerance_at_first = 2e-3;

// Positions of Adam alone, in units of the largest: ten steps, each rounded to 7 digits.
constexpr double adam_tolerance = 1e-6;

// Costs that L-BFGS comes to, relative: at a minimum the 7 digits of the point count squared.
constexpr double lbfgs_tolerance = 1e-9;

// Loss and gradients of training, in units of the largest: the fast kernels, there and back.
constexpr double training_tolerance = 1e-3;

#endif

/// Relative, for the costs after some steps.
constexpr double trajectory_cost_tolerance(std::size_t steps) {
    return cost_tolerance + cost_tolerance_per_step * static_cast<double>(steps);
}

/// For the picture after some steps: length of the error in units of the way it has come.
constexpr double trajectory_picture_tolerance(std::size_t steps) {
    return picture_tolerance_at_first + picture_tolerance_per_step * static_cast<double>(steps);
}

}  // namespace nst_test
