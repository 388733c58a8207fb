// OpenBLAS beside the products: its threads, its buffers, forks, and what it says of itself. Apart
// from blas.hpp because OpenBLAS' cblas.h and the copy inside xtensor-blas exclude each other.
#pragma once

#include <string>

#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// While it lives, the thread may call OpenBLAS, or xtensor-blas, without OpenBLAS using threads of
/// its own: the library has its own (parallel.hpp). A fork by another thread waits for it to end.
/// Each thread may hold only one at a time; the products of blas.hpp create their own.
/// @throws Error when OpenBLAS could not allocate its buffers
class BlasCall {
  public:
    BlasCall();
    ~BlasCall();
    BlasCall(const BlasCall&) = delete;
    BlasCall& operator=(const BlasCall&) = delete;
};

/// Returns OpenBLAS' description of itself: "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...".
std::string openblas_description();

/// Returns the processor model whose kernels OpenBLAS chose when it was loaded: "Haswell".
std::string openblas_core();

}  // namespace NST_PRECISION
}  // namespace nst
