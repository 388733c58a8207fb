// Matrix products through xtensor-blas on OpenBLAS; every matrix is row-major and dense.
#pragma once

#include <cstddef>

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

enum class Into { overwrite, add };

/// c = a b, or c += a b.
void product(MatrixView<const Real> a, MatrixView<const Real> b, MatrixView<Real> c, Into into);

/// c = a^T b, or c += a^T b.
void transposed_product(MatrixView<const Real> a, MatrixView<const Real> b, MatrixView<Real> c,
                        Into into);

/// c = those columns of a^T a that begin at `first`, as many as c has: the rows from the top down
/// to the diagonal. What c holds below the diagonal is not written.
void self_product(MatrixView<const Real> a, std::size_t first, MatrixView<Real> c);

/// Sets OpenBLAS to one thread, once in the process: the threads are ours (parallel.hpp).
void use_single_threaded_blas();

}  // namespace NST_PRECISION
}  // namespace nst
