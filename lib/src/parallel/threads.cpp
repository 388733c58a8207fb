#include "nst/threads.hpp"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <optional>
#include <thread>

#include "base/require.hpp"
#include "system/cgroup.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr int max_threads = 1024;
std::atomic<int> chosen_count{0};

// Reads OMP_NUM_THREADS as OpenMP does: the first of a list; nothing when it is not a positive
// number.
std::optional<int> wanted_count() {
    const char* text = std::getenv("OMP_NUM_THREADS");
    if (text == nullptr) return {};
    char* end = nullptr;
    const long count = std::strtol(text, &end, 10);
    while (*end == ' ') ++end;
    if (count < 1 || (*end != '\0' && *end != ',')) return {};
    return static_cast<int>(std::min<long>(count, max_threads));
}

// Returns the number of processors that this process may run on.
int allowed_processors() {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
    return static_cast<int>(std::thread::hardware_concurrency());  // the machine has more than fit
                                                                   // in the set
}

int default_count() {
    if (const std::optional<int> wanted = wanted_count()) return *wanted;
    const int processors = std::clamp(allowed_processors(), 1, max_threads);
    return std::min(processors, cgroup_processors().value_or(processors));
}

}  // namespace

void set_thread_count(int count) {
    require(count >= 0 && count <= max_threads, "set_thread_count: count must be 0 to ",
            max_threads, ", got ", count);
    chosen_count = count;
}

int thread_count() {
    static std::atomic<int> known_default{0};  // 0: not yet looked up
    if (const int chosen = chosen_count) return chosen;
    if (known_default == 0) known_default = default_count();
    return known_default;
}

}  // namespace NST_PRECISION
}  // namespace nst
