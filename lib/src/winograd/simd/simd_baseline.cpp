#include "winograd/simd/simd.hpp"

#define NST_SIMD baseline
#define NST_SIMD_NAME "baseline"
#define NST_SIMD_BYTES 16
#include "winograd/simd/simd_kernels.inc"
