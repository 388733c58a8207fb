// Matrix products through xtensor-blas on OpenBLAS; every matrix is row-major and dense.
#pragma once

#include <cstddef>
#include <string>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// A dense row-major matrix that somebody else owns.
template <class Value>
struct MatrixView {
    Value* data;
    std::size_t rows;
    std::size_t columns;
};

/// Whether a product is added to what c holds.
enum class Accumulate { no, yes };

/// c = a b, or c += a b.
void gemm(MatrixView<const Real> a, MatrixView<const Real> b, MatrixView<Real> c, Accumulate into);

/// c = a^T b, or c += a^T b.
void gemm_transposed(MatrixView<const Real> a, MatrixView<const Real> b, MatrixView<Real> c,
                     Accumulate into);

/// c = those columns of a^T a that begin at `first`, as many as c has: the rows from the top down
/// to the diagonal. What c holds below the diagonal is not written.
void syrk(MatrixView<const Real> a, std::size_t first, MatrixView<Real> c);

/// As long as it lives the thread may call OpenBLAS, or xtensor-blas, on that thread alone: the
/// library's threads are its own (parallel.hpp). A fork by another thread waits for it to end. One
/// at a time in each thread; the products above have their own.
/// @throws Error when OpenBLAS would not get the memory for its buffers
class BlasCall {
  public:
    BlasCall();
    ~BlasCall();
    BlasCall(const BlasCall&) = delete;
    BlasCall& operator=(const BlasCall&) = delete;
};

/// OpenBLAS' own words about itself: "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH ...".
std::string openblas_description();

/// The processor whose kernels OpenBLAS has chosen when it was loaded: "Haswell".
std::string openblas_core();

}  // namespace NST_PRECISION
}  // namespace nst
