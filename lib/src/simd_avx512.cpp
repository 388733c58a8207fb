#include <immintrin.h>

#include "simd.hpp"

#define NST_SIMD avx512
#define NST_SIMD_NAME "avx512"
#define NST_SIMD_BYTES 64
#include "simd_kernels.inc"
