#pragma once

#include <string>

#include "nst/api.hpp"
#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// What to include in a report of a slow run or a wrong result.
/// Introduced in chapter 14.
struct BuildInfo {
    std::string version;        ///< this project's version: "0.1.0"
    std::string compiler;       ///< the compiler that built the library: "GCC 12.2.0"
    std::string inner_loops;    ///< in use: "baseline", "avx2" or "avx512"; NST_SIMD overrides
    std::string openblas;       ///< OpenBLAS's version: "0.3.21"
    std::string openblas_core;  ///< the processor model whose kernels OpenBLAS uses: "SkylakeX"
    int threads;                ///< thread_count()
    std::string precision;      ///< "single" or "double"
};

/// Returns how this library was built and what it has chosen on this machine.
///
/// Where OpenBLAS does not know the processor's model, it falls back to kernels from 2004
/// ("Prescott"), which are three times slower. The `nst` command corrects this by itself. In a
/// program of your own, set OPENBLAS_CORETYPE in the environment: "Haswell" for a processor with
/// AVX2, "SkylakeX" for one with AVX-512.
///
/// @throws Error when NST_SIMD asks for inner loops that this processor lacks
/// Introduced in chapter 14.
NST_API BuildInfo build_info();

}  // namespace NST_PRECISION
}  // namespace nst
