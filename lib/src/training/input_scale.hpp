#pragma once

#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// The factor on a classifier's input: pixels have a standard deviation of about 64, and the
/// network's input should have about 1.
constexpr Real input_scale = Real(1) / 64;

}  // namespace NST_PRECISION
}  // namespace nst
