#include "blas.hpp"

#include <xtensor-blas/xblas.hpp>

// Declared here because OpenBLAS' cblas.h and the one inside xtensor-blas exclude each other.
extern "C" void openblas_set_num_threads(int count);

namespace nst {
inline namespace NST_PRECISION {

namespace {

template <class Value>
auto tensor(MatrixView<Value> m) {
    return xt::adapt(m.data, m.rows * m.columns, xt::no_ownership(),
                     std::array<std::size_t, 2>{m.rows, m.columns});
}

Real old_share(Into into) {
    return into == Into::add ? Real(1) : Real(0);
}

}  // namespace

void use_single_threaded_blas() {
    static const bool once = (openblas_set_num_threads(1), true);
    static_cast<void>(once);
}

void product(MatrixView<const Real> a, MatrixView<const Real> b, MatrixView<Real> c, Into into) {
    use_single_threaded_blas();
    auto result = tensor(c);
    xt::blas::gemm(tensor(a), tensor(b), result, false, false, Real(1), old_share(into));
}

void self_product(MatrixView<const Real> a, MatrixView<Real> c, Into into) {
    use_single_threaded_blas();
    auto result = tensor(c);
    xt::blas::gemm(tensor(a), tensor(a), result, true, false, Real(1), old_share(into));
}

}  // namespace NST_PRECISION
}  // namespace nst
