#pragma once

#include <string>

#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// What a report of a slow run or of a wrong result needs to say.
/// Introduced in chapter 14.
struct BuildInfo {
    std::string version;        ///< of this project: "0.1.0"
    std::string compiler;       ///< that built the library: "GCC 12.2.0"
    std::string inner_loops;    ///< in use: "baseline", "avx2" or "avx512"; NST_SIMD chooses others
    std::string openblas;       ///< its version: "0.3.21"
    std::string openblas_core;  ///< the processor whose kernels it uses: "SkylakeX"
    int threads;                ///< thread_count()
    std::string precision;      ///< "single" or "double"
};

/// Says how this library was built and what it has chosen on this machine.
///
/// OpenBLAS takes kernels of 2004 ("Prescott"), three times slower, where it does not know the
/// processor's model; `nst` mends that by itself, a program of your own by OPENBLAS_CORETYPE in its
/// environment: "Haswell" for a processor with AVX2, "SkylakeX" with AVX-512.
///
/// @throws Error when NST_SIMD asks for inner loops that this processor lacks
/// Introduced in chapter 14.
BuildInfo build_info();

}  // namespace NST_PRECISION
}  // namespace nst
