#pragma once

#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// What a classifier multiplies its input by: pixels have a standard deviation of about 64, its
/// input one of 1.
constexpr Real input_scale = Real(1) / 64;

}  // namespace NST_PRECISION
}  // namespace nst
