#include "nst/build_info.hpp"

#include <sstream>

#include "blas/openblas.hpp"
#include "nst/threads.hpp"
#include "winograd/simd/simd.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

std::string compiler() {
#if defined(__clang__)
    return "Clang " __clang_version__;
#elif defined(__GNUC__)
    return "GCC " __VERSION__;
#else
    return "unknown";
#endif
}

// Returns the second word of OpenBLAS' own description, "OpenBLAS 0.3.21 DYNAMIC_ARCH ...".
std::string version_in(const std::string& description) {
    std::istringstream words(description);
    std::string version;
    words >> version >> version;
    return version;
}

}  // namespace

BuildInfo build_info() {
    const std::string precision = sizeof(Real) == sizeof(double) ? "double" : "single";
    return {NST_VERSION,     compiler(),     simd().name, version_in(openblas_description()),
            openblas_core(), thread_count(), precision};
}

}  // namespace NST_PRECISION
}  // namespace nst
