// How far the library may deviate from PyTorch's double-precision results, and why.
#pragma once

#include <cstddef>

namespace nst_test {

#ifdef NST_DOUBLE

// Activations: sums of 72 products through 37 layers leave 14 of double's 16 digits; two more allow
// for a different machine's matrix products.
constexpr double activation_tolerance = 1e-12;

// Costs, relative: sums of squares of such activations.
constexpr double plain_cost_tolerance = 1e-12;
constexpr double cost_tolerance = 1e-12;

// Pixel gradient, in units of its largest value: as the activations, forward and backward.
constexpr double gradient_tolerance = 1e-12;

// Along a trajectory no value near a kink changes sides, so the errors of the steps only add up.
constexpr double cost_tolerance_per_step = 1e-12;
constexpr double image_tolerance_per_step = 1e-12;

// Adam's first step is the sign of the gradient, which magnifies the error of the smallest
// components.
constexpr double image_tolerance_at_first = 1e-11;

// Parameters of Adam alone, in units of the largest: ten steps of plain arithmetic.
constexpr double adam_tolerance = 1e-14;

// Costs that L-BFGS reaches, relative: at a minimum the cost is quadratic in the error of the
// point.
constexpr double lbfgs_tolerance = 1e-13;

// Loss and gradients of training, in units of the largest: as the pixel gradient.
constexpr double training_tolerance = 1e-12;

#else

// Activations on the plain path: float keeps 7 digits, and the sums lose one or two.
constexpr double activation_tolerance = 1e-5;

// Costs on the plain path, relative: the errors of the activations average out in a sum of squares.
constexpr double plain_cost_tolerance = 1e-5;

// Costs of Objective, which may use the fast kernels, accurate to 2e-4.
constexpr double cost_tolerance = 1e-3;

// Pixel gradient, norm of the difference in units of its norm: the same kernels, backward.
constexpr double gradient_tolerance = 1e-3;

// Along a trajectory a ReLU or a maximum near its kink changes sides now and then, and from that
// step on the images diverge: the tolerance grows with the steps. make_golden.py measures the
// effect of noise in PyTorch's own gradients: noise of 1e-5 of the largest component, as from the
// fast kernels, moves the image by up to 9 % of its way after 50 steps, and the costs by 3 %.
constexpr double cost_tolerance_per_step = 8e-4;
constexpr double image_tolerance_per_step = 2e-3;

// Adam's first step is the sign of the gradient, and the smallest components may have the wrong
// one.
constexpr double image_tolerance_at_first = 2e-3;

// Parameters of Adam alone, in units of the largest: ten steps, each rounded to 7 digits.
constexpr double adam_tolerance = 1e-6;

// Costs that L-BFGS reaches, relative: at a minimum the cost is quadratic in the point's 7-digit
// error.
constexpr double lbfgs_tolerance = 1e-9;

// Loss and gradients of training, in units of the largest: the fast kernels, forward and backward.
constexpr double training_tolerance = 1e-3;

#endif

/// For the costs after a number of steps: relative.
constexpr double trajectory_cost_tolerance(std::size_t steps) {
    return cost_tolerance + cost_tolerance_per_step * static_cast<double>(steps);
}

/// For the image after a number of steps: norm of the error in units of its distance from the
/// start.
constexpr double trajectory_image_tolerance(std::size_t steps) {
    return image_tolerance_at_first + image_tolerance_per_step * static_cast<double>(steps);
}

}  // namespace nst_test
