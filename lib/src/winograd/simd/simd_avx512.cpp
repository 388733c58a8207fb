#include <immintrin.h>

#include "winograd/simd/simd.hpp"

#define NST_SIMD avx512
#define NST_SIMD_NAME "avx512"
#define NST_SIMD_BYTES 64
#include "winograd/simd/simd_kernels.inc"
