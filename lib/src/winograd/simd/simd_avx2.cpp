#include <immintrin.h>

#include "winograd/simd/simd.hpp"

#define NST_SIMD avx2
#define NST_SIMD_NAME "avx2"
#define NST_SIMD_BYTES 32
#include "winograd/simd/simd_kernels.inc"
