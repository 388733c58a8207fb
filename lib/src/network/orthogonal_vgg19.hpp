// VGG-19 with random orthogonal filters: the starting point of calibration and training.
#pragma once

#include <array>

#include "nst/network.hpp"
#include "nst/numpy_random.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Makes conv1_1 to pool5 with biases of 0. The filters of a layer, as a matrix (9 C_in, C_out),
/// have orthonormal columns, or orthonormal rows where C_out exceeds 9 C_in: the matrix is the Q of
/// a QR decomposition of normal random numbers, computed in double and rounded once.
/// @param function  begins the error message
/// @param channels  number of channels of each of the five blocks
/// @throws Error when a number of channels is zero
Network orthogonal_vgg19(const char* function, const std::array<std::size_t, 5>& channels,
                         NumpyRandom& random);

}  // namespace NST_PRECISION
}  // namespace nst
