// xtensor-blas can silently fall back to slow loops or a slow libblas: compares its speed with
// OpenBLAS itself, measured in the same minute.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <type_traits>

#include "blas/xtensor_blas.hpp"
#include "nst/tensor.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"

using namespace nst_test;
using nst::Matrix;

// OpenBLAS' own cblas.h and the one inside xtensor-blas exclude each other; the latter declares the
// products, but not this function.
extern "C" void openblas_set_num_threads(int count);

namespace {

constexpr int size = 384;
constexpr int repetitions = 15;       // the best one shows the machine's speed, even under load
constexpr int max_repetitions = 300;  // when load disturbs every run of one of the two
constexpr double min_part = 0.5;
constexpr double order_tolerance = 16 * epsilon;  // sums of 384 products in a different order

template <class Value>
void openblas_product(const Value* a, const Value* b, Value* c) {
    if constexpr (std::is_same_v<Value, float>) {
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, size, size, size, 1, a, size, b,
                    size, 0, c, size);
    } else {
        cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, size, size, size, 1, a, size, b,
                    size, 0, c, size);
    }
}

template <class Product>
double seconds(const Product& product) {
    const auto start = std::chrono::steady_clock::now();
    product();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double gigaflops(double best_seconds) {
    return 2e-9 * size * size * size / best_seconds;
}

}  // namespace

TEST_CASE("xt::blas::gemm: is at least half as fast as OpenBLAS itself") {
    openblas_set_num_threads(1);
    const auto a = random_tensor<Matrix>({size, size}, 1);
    const auto b = random_tensor<Matrix>({size, size}, 2);
    Matrix c = xt::zeros<nst::Real>({size, size});
    Matrix d = c;
    double xtensor_best = 1e9;
    double openblas_best = 1e9;
    const auto fast_enough = [&] {
        return gigaflops(xtensor_best) >= min_part * gigaflops(openblas_best);
    };
    // Alternately, so that load slows both alike.
    for (int k = 0; k < repetitions || (k < max_repetitions && !fast_enough()); ++k) {
        xtensor_best = std::min(
            xtensor_best,
            seconds([&] { xt::blas::gemm(a, b, c, false, false, nst::Real(1), nst::Real(0)); }));
        openblas_best = std::min(openblas_best,
                                 seconds([&] { openblas_product(a.data(), b.data(), d.data()); }));
    }
    std::cout << "xt::blas::gemm " << gigaflops(xtensor_best) << " GFLOP/s, OpenBLAS "
              << gigaflops(openblas_best) << " GFLOP/s, " << 8 * sizeof(nst::Real)
              << " bits, one thread\n";
    CHECK(agree(c, d, order_tolerance));
    CHECK(fast_enough());
}
