#include "blas/openblas.hpp"

#include <cblas.h>
#include <pthread.h>

#include <atomic>
#include <mutex>
#include <thread>

#include "base/require.hpp"
#include "nst/threads.hpp"
#include "system/memory.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t buffer_size = std::size_t{1} << 27;  // BUFFER_SIZE of Debian's OpenBLAS

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

std::string openblas_description() {
    return openblas_get_config();
}

std::string openblas_core() {
    return openblas_get_corename();
}

}  // namespace NST_PRECISION
}  // namespace nst
