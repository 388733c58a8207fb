#include <immintrin.h>

#include "simd.hpp"

#define NST_SIMD avx2
#define NST_SIMD_NAME "avx2"
#define NST_SIMD_BYTES 32
#include "simd_kernels.inc"
