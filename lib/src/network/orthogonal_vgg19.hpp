// VGG-19 with random orthogonal filters: where calibration and training begin.
#pragma once

#include <array>

#include "nst/network.hpp"
#include "nst/numpy_random.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// conv1_1 to pool5 with biases of 0. The filters of a layer, as a matrix (9 C_in, C_out), have
/// orthonormal columns, or orthonormal rows where C_out exceeds 9 C_in: the Q of a matrix of normal
/// numbers, made in double and rounded once.
/// @param function  begins the error message
/// @param channels  of the five blocks
/// @throws Error when a number of channels is zero
Network orthogonal_vgg19(const char* function, const std::array<std::size_t, 5>& channels,
                         NumpyRandom& random);

}  // namespace NST_PRECISION
}  // namespace nst
