// The thread pool behind parallel_blocks: several callers, nested loops, fork.
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "nst/conv2d.hpp"
#include "nst/gram_matrix.hpp"
#include "parallel/parallel.hpp"
#include "support/catch.hpp"
#include "support/child.hpp"
#include "support/compare.hpp"
#include "support/random_tensor.hpp"
#include "support/thread_count.hpp"

using namespace nst_test;
using nst::Matrix;
using nst::Tensor3;

namespace {

// 0 + 1 + ... + (blocks - 1), by one loop.
std::size_t sum_of_blocks(std::size_t blocks) {
    std::atomic<std::size_t> sum{0};
    nst::parallel_blocks(blocks, [&](std::size_t block, std::size_t) { sum += block; });
    return sum;
}

// Operations with many blocks, each with an OpenBLAS product.
struct Work {
    Tensor3 x = random_tensor<Tensor3>({67, 61, 16}, 1);
    nst::Filters w = random_tensor<nst::Filters>({3, 3, 16, 8}, 2);
    nst::Vector b = random_tensor<nst::Vector>({8}, 3);

    Matrix operator()() const { return nst::gram_matrix(nst::conv2d(x, w, b)); }
};

// Threads that repeat some work, and check each result, until the destructor runs.
class Busy {
  public:
    Busy(int count, const Work& work, const Matrix& expected) {
        for (int k = 0; k < count; ++k) {
            threads_.emplace_back([&] {
                while (!stop_) wrong_ += same_bits(work(), expected) ? 0 : 1;
            });
        }
    }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;
    ~Busy() { finish(); }

    // The number of wrong results.
    int finish() {
        stop_ = true;
        for (std::thread& thread : threads_) {
            if (thread.joinable()) thread.join();
        }
        return wrong_;
    }

  private:
    std::atomic<bool> stop_{false};
    std::atomic<int> wrong_{0};
    std::vector<std::thread> threads_;
};

}  // namespace

TEST_CASE("parallel_blocks: several threads of a program may run loops at once") {
    const ThreadCount guard(3);
    std::atomic<int> right{0};
    std::vector<std::thread> callers;
    for (int k = 0; k < 4; ++k) {
        callers.emplace_back([&] {
            for (std::size_t n = 0; n < 200; ++n) right += sum_of_blocks(n) == n * (n - 1) / 2;
        });
    }
    for (std::thread& caller : callers) caller.join();
    CHECK(right == 4 * 200);
}

TEST_CASE("parallel_blocks: returns when the slowest block is done") {
    const ThreadCount guard(4);
    std::atomic<int> done{0};
    nst::parallel_blocks(4, [&](std::size_t, std::size_t worker) {
        std::this_thread::sleep_for(std::chrono::milliseconds(worker == 0 ? 5 : 50));
        ++done;
    });
    CHECK(done == 4);
}

TEST_CASE("parallel_blocks: a loop inside a block runs to completion") {
    for (const int threads : {2, 5}) {
        const ThreadCount guard(threads);
        std::atomic<std::size_t> sum{0};
        nst::parallel_blocks(50, [&](std::size_t, std::size_t) { sum += sum_of_blocks(100); });
        CHECK(sum == 50 * 4950);
    }
}

TEST_CASE("parallel_blocks: the caller runs a loop alone when all helpers are busy") {
    const ThreadCount guard(2);
    std::atomic<int> waiting{0};
    std::atomic<bool> done{false};
    std::thread other([&] {  // occupies its own thread and the only helper
        nst::parallel_blocks(2, [&](std::size_t, std::size_t) {
            ++waiting;
            while (!done) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        });
    });
    while (waiting < 2) std::this_thread::yield();
    CHECK(sum_of_blocks(100) == 4950);
    done = true;
    other.join();
}

TEST_CASE("parallel_blocks: works after the number of threads grows, shrinks and grows again") {
    for (const int threads : {2, 9, 3, 1, 12}) {
        const ThreadCount guard(threads);
        CHECK(sum_of_blocks(1000) == 499500);
    }
}

TEST_CASE("fork: a child forked during other threads' work gives the same results") {
    constexpr int forks = 1000;
#ifdef __SANITIZE_ADDRESS__
    constexpr int hanging = 10;  // AddressSanitizer may hold its own lock at the moment of the fork
#else
    constexpr int hanging = 0;
#endif
    const ThreadCount guard(3);
    const Work work;
    const Matrix expected = work();
    Busy busy(2, work, expected);
    int right = 0;
    for (int k = 0; k < forks; ++k) {
        right += run_in_child([&] {
                     alarm(60);  // a child that hangs
                     return same_bits(work(), expected) ? 0 : 1;
                 }).exit_code == 0;
    }
    CHECK(right >= forks - hanging);
    CHECK(busy.finish() == 0);
    CHECK(same_bits(work(), expected));
}
