#include "simd.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace baseline {
extern const Simd kernels;
}
namespace avx2 {
extern const Simd kernels;
}
namespace avx512 {
extern const Simd kernels;
}

namespace {

const Simd& best() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx512f") != 0) return avx512::kernels;
    if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) {
        return avx2::kernels;
    }
#endif
    return baseline::kernels;
}

}  // namespace

const Simd& simd() {
    static const Simd& chosen = best();
    return chosen;
}

}  // namespace NST_PRECISION
}  // namespace nst
