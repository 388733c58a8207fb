#include "blas/blas.hpp"

#include <pthread.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "base/require.hpp"
#include "blas/xtensor_blas.hpp"
#include "nst/threads.hpp"
#include "system/memory.hpp"

// Declared here because OpenBLAS' cblas.h and the copy inside xtensor-blas exclude each other.
extern "C" {
int openblas_get_num_threads();
void openblas_set_num_threads(int count);
char* openblas_get_config();
char* openblas_get_corename();
void ssyrk_(const char* uplo, const char* trans, const int* n, const int* k, const float* alpha,
            const float* a, const int* lda, const float* beta, float* c, const int* ldc);
void dsyrk_(const char* uplo, const char* trans, const int* n, const int* k, const double* alpha,
            const double* a, const int* lda, const double* beta, double* c, const int* ldc);
void sgemm_(const char* trans_a, const char* trans_b, const int* m, const int* n, const int* k,
            const float* alpha, const float* a, const int* lda, const float* b, const int* ldb,
            const float* beta, float* c, const int* ldc);
void dgemm_(const char* trans_a, const char* trans_b, const int* m, const int* n, const int* k,
            const double* alpha, const double* a, const int* lda, const double* b, const int* ldb,
            const double* beta, double* c, const int* ldc);
}

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t buffer_size = std::size_t{1} << 27;  // BUFFER_SIZE of Debian's OpenBLAS

template <class Value>
auto tensor(MatrixView<Value> m) {
    return xt::adapt(m.data, m.rows * m.columns, xt::no_ownership(),
                     std::array<std::size_t, 2>{m.rows, m.columns});
}

Real old_share(Accumulate into) {
    return into == Accumulate::yes ? Real(1) : Real(0);
}

#ifdef NST_DOUBLE
constexpr auto* blas_syrk = dsyrk_;
constexpr auto* blas_gemm = dgemm_;
#else
constexpr auto* blas_syrk = ssyrk_;
constexpr auto* blas_gemm = sgemm_;
#endif

// Sets OpenBLAS to one thread, once per process: the library brings its own threads.
void use_single_threaded_blas() {
    static std::atomic<bool> done{false};
    if (done) return;
    // Each thread that calls OpenBLAS gets a buffer, and so do OpenBLAS' own idle threads. If a
    // buffer cannot be allocated, OpenBLAS retries forever.
    const int threads = thread_count() + openblas_get_num_threads() - 1;
    require(has_memory(buffer_size * static_cast<std::size_t>(threads)), "OpenBLAS needs ",
            buffer_size >> 20, " MiB of address space for each of ", threads,
            " threads (its own are counted); raise the limit or use fewer --threads");
    openblas_set_num_threads(1);
    done = true;
}

// OpenBLAS takes a lock in each call. A fork during a call would leave the child with a lock that
// is never released, so a fork waits for running calls, and new calls wait for the fork.
class ForkGate {
  public:
    ForkGate();

    void enter() {
        for (++inside_; closed_; ++inside_) {
            --inside_;
            while (closed_) std::this_thread::yield();
        }
    }

    void leave() { --inside_; }

    void close() {
        forking_.lock();
        closed_ = true;
        while (inside_ != 0) std::this_thread::yield();
    }

    void open() {
        closed_ = false;
        forking_.unlock();
    }

  private:
    std::atomic<int> inside_{0};
    std::atomic<bool> closed_{false};
    std::mutex forking_;  // one thread at a time
} fork_gate;

ForkGate::ForkGate() {
    const auto open = [] { fork_gate.open(); };
    pthread_atfork([] { fork_gate.close(); }, open, open);
}

}  // namespace

BlasCall::BlasCall() {
    use_single_threaded_blas();
    fork_gate.enter();
}

BlasCall::~BlasCall() {
    fork_gate.leave();
}

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

void syrk(MatrixView<const Real> a, std::size_t first, MatrixView<Real> c) {
    const BlasCall call;
    // Row-major a is column-major a^T, and the upper half of c is the lower half of c^T.
    const char lower = 'L';
    const char as_is = 'N';
    const char transposed = 'T';
    const int above = static_cast<int>(first);
    const int columns = static_cast<int>(c.columns);
    const int depth = static_cast<int>(a.rows);
    const int a_row = static_cast<int>(a.columns);
    const Real alpha = 1;
    const Real beta = 0;
    if (first > 0) {
        blas_gemm(&as_is, &transposed, &columns, &above, &depth, &alpha, a.data + first, &a_row,
                  a.data, &a_row, &beta, c.data, &columns);
    }
    blas_syrk(&lower, &as_is, &columns, &depth, &alpha, a.data + first, &a_row, &beta,
              c.data + first * c.columns, &columns);
}

std::string openblas_description() {
    return openblas_get_config();
}

std::string openblas_core() {
    return openblas_get_corename();
}

}  // namespace NST_PRECISION
}  // namespace nst
