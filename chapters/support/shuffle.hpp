// Features whose positions have changed places.
#pragma once

#include "nst/tensor.hpp"

namespace course {

/// The same features at other positions, the same ones every time: the C numbers of a position
/// stay together, but not at their place.
nst::Tensor3 shuffled_positions(const nst::Tensor3& features);

}  // namespace course
