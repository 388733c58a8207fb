// Inputs for gradient tests: random, reproducible, and away from kinks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include "nst/tensor.hpp"

namespace nst_test {

/// Largest relative error of smooth functions: higher derivatives over the default step.
constexpr double smooth_error = 1e-6;
/// Largest relative error of piecewise linear functions: rounding alone, 1e-16 over a step of 1e-5,
/// in sums of some hundred terms.
constexpr double linear_error = 1e-8;

/// Values between -1.5 and 1.5 in random order, equally spaced: no two are equal and none is zero,
/// so that neither a maximum nor a ReLU has a kink within the step of a gradient check.
template <class Tensor>
Tensor spread_tensor(const typename Tensor::shape_type& shape, std::uint32_t seed = 1) {
    Tensor tensor(shape);
    std::vector<std::size_t> order(tensor.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::mt19937 random(seed);
    for (std::size_t k = order.size(); k > 1; --k) std::swap(order[k - 1], order[random() % k]);
    // With an even number of values, zero lies between the two in the middle.
    const double count = static_cast<double>(tensor.size() + tensor.size() % 2);
    auto value = tensor.begin();
    for (const std::size_t k : order) {
        *value++ = 3 * ((static_cast<double>(k) + 0.5) / count - 0.5);
    }
    return tensor;
}

}  // namespace nst_test
