#include "nst/threads.hpp"

#include <omp.h>

#include <algorithm>
#include <atomic>

#include "require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr int most_threads = 1024;
std::atomic<int> chosen_count{0};

}  // namespace

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
