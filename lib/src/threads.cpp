#include "nst/threads.hpp"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "memory.hpp"
#include "parallel.hpp"
#include "require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr int most_threads = 1024;
constexpr std::size_t libgomp_memory = 1 << 20;  // of which it needs some kilobytes
std::atomic<int> chosen_count{0};

// Starts all that a region of so many threads needs besides its own, and ends them when all are
// there. The C library keeps their stacks, and libgomp's threads get those.
void try_threads(int count) {
    std::vector<std::thread> threads(static_cast<std::size_t>(count - 1));
    std::mutex gate;
    const auto end_all = [&] {
        gate.unlock();
        for (std::thread& thread : threads) {
            if (thread.joinable()) thread.join();
        }
    };
    gate.lock();
    try {
        for (std::thread& thread : threads) {
            thread = std::thread([&gate] { std::lock_guard<std::mutex> wait(gate); });
        }
    } catch (...) {
        end_all();
        throw;
    }
    end_all();
}

}  // namespace

void require_threads(int count) {
    static std::atomic<int> tried{1};
    if (count <= tried) return;
    require_memory(libgomp_memory);
    try {
        try_threads(count);
    } catch (const std::system_error& error) {
        fail("threads: cannot start ", count, " threads: ", error.code().message(),
             ". Choose fewer with set_thread_count or --threads");
    }
    tried = count;
}

void set_thread_count(int count) {
    require(count >= 0 && count <= most_threads, "set_thread_count: count must be 0 to ",
            most_threads, ", got ", count);
    chosen_count = count;
}

int thread_count() {
    const int chosen = chosen_count;
    return chosen > 0 ? chosen : std::max(1, omp_get_num_procs());
}

}  // namespace NST_PRECISION
}  // namespace nst
