#include "blas/blas.hpp"

#include "base/require.hpp"
#include "blas/openblas.hpp"
#include "blas/xtensor_blas.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

template <class Value>
auto tensor(MatrixView<Value> m) {
    return xt::adapt(m.data, m.rows * m.columns, xt::no_ownership(),
                     std::array<std::size_t, 2>{m.rows, m.columns});
}

Real old_share(Accumulate into) {
    return into == Accumulate::yes ? Real(1) : Real(0);
}

#ifdef NST_DOUBLE
constexpr auto* blas_syrk = cblas_dsyrk;
constexpr auto* blas_gemm = cblas_dgemm;
#else
constexpr auto* blas_syrk = cblas_ssyrk;
constexpr auto* blas_gemm = cblas_sgemm;
#endif

}  // namespace

void gemm(MatrixView<const Real> a, MatrixView<const Real> b, MatrixView<Real> c, Accumulate into) {
    const BlasCall call;
    auto result = tensor(c);
    xt::blas::gemm(tensor(a), tensor(b), result, false, false, Real(1), old_share(into));
}

void gemm_transposed(MatrixView<const Real> a, MatrixView<const Real> b, MatrixView<Real> c,
                     Accumulate into) {
    const BlasCall call;
    auto result = tensor(c);
    xt::blas::gemm(tensor(a), tensor(b), result, true, false, Real(1), old_share(into));
}

void gemm_by_transposed(MatrixView<const Real> a, MatrixView<const Real> b, MatrixView<Real> c,
                        Accumulate into) {
    const BlasCall call;
    auto result = tensor(c);
    xt::blas::gemm(tensor(a), tensor(b), result, false, true, Real(1), old_share(into));
}

void syrk(MatrixView<const Real> a, std::size_t first, MatrixView<Real> c) {
    const BlasCall call;
    const int above = static_cast<int>(first);
    const int columns = static_cast<int>(c.columns);
    const int depth = static_cast<int>(a.rows);
    const int row = static_cast<int>(a.columns);
    if (first > 0) {
        blas_gemm(CblasRowMajor, CblasTrans, CblasNoTrans, above, columns, depth, 1, a.data, row,
                  a.data + first, row, 0, c.data, columns);
    }
    blas_syrk(CblasRowMajor, CblasUpper, CblasTrans, columns, depth, 1, a.data + first, row, 0,
              c.data + first * c.columns, columns);
}

void solve_positive_definite(MatrixView<double> a, MatrixView<double> b) {
    const BlasCall call;
    const auto size = static_cast<xt::blas_index_t>(a.rows);
    const auto count = static_cast<xt::blas_index_t>(b.rows);
    // LAPACK's matrices are column-major: its lower half is our upper one, its columns our rows.
    const auto info = cxxlapack::potrf<xt::blas_index_t>('L', size, a.data, size);
    require(info == 0, "solve_positive_definite: the matrix is not positive definite at row ",
            info - 1);
    cxxlapack::potrs<xt::blas_index_t>('L', size, count, a.data, size, b.data, size);
}

}  // namespace NST_PRECISION
}  // namespace nst
