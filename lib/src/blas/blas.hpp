// Matrix products through xtensor-blas on OpenBLAS; every matrix is row-major and dense.
#pragma once

#include <cstddef>
#include <string>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// A view of a dense row-major matrix that the caller owns.
template <class Value>
struct MatrixView {
    Value* data;
    std::size_t rows;
    std::size_t columns;
};

/// Whether a product is added to the contents of c.
enum class Accumulate { no, yes };

/// Computes c = a b, or c += a b.
void gemm(MatrixView<const Real> a, MatrixView<const Real> b, MatrixView<Real> c, Accumulate into);

/// Computes c = a^T b, or c += a^T b.
void gemm_transposed(MatrixView<const Real> a, MatrixView<const Real> b, MatrixView<Real> c,
                     Accumulate into);

/// Computes columns of a^T a, starting at column `first`, as many as c has, and in each the rows
/// from the top down to the diagonal. The rest of c, below the diagonal, is not written.
void syrk(MatrixView<const Real> a, std::size_t first, MatrixView<Real> c);

/// While it lives, the thread may call OpenBLAS, or xtensor-blas, without OpenBLAS using threads of
/// its own: the library has its own (parallel.hpp). A fork by another thread waits for it to end.
/// Each thread may hold only one at a time; the products above create their own.
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
