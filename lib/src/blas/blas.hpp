// Matrix products through xtensor-blas on OpenBLAS; every matrix is row-major and dense.
#pragma once

#include <cstddef>

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

/// Computes c = a b^T, or c += a b^T.
void gemm_by_transposed(MatrixView<const Real> a, MatrixView<const Real> b, MatrixView<Real> c,
                        Accumulate into);

/// Computes columns of a^T a, starting at column `first`, as many as c has, and in each the rows
/// from the top down to the diagonal. The rest of c, below the diagonal, is not written.
void syrk(MatrixView<const Real> a, std::size_t first, MatrixView<Real> c);

/// Solves a x = b by Cholesky's factorisation (LAPACK), for each row of b, which becomes the
/// solution.
/// @param a  (n, n), symmetric and positive definite; only the part on and above the diagonal is
///           read, and is overwritten
/// @param b  (count, n)
/// @throws Error when a is not positive definite
void solve_positive_definite(MatrixView<double> a, MatrixView<double> b);

}  // namespace NST_PRECISION
}  // namespace nst
