#include "nst/memory_limit.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <limits>
#include <optional>

#include "system/cgroup.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

namespace fs = std::filesystem;

using Bytes = std::optional<std::uint64_t>;

Bytes number_in(const fs::path& file) {
    return number_after(file, "");
}

void lower(MemoryLimit& limit, Bytes total, Bytes used, const std::string& reason) {
    if (!total) return;
    const std::uint64_t taken = used.value_or(0);
    const std::uint64_t left = *total > taken ? *total - taken : 0;
    if (left < limit.bytes) limit = {left, reason};
}

// The file names and keys of one version of control groups.
struct CgroupNames {
    const char* controller;
    const char* limit;
    const char* usage;
    const char* reclaimable;  // in memory.stat: cached file pages, freed when needed
};

constexpr CgroupNames version2 = {"", "memory.max", "memory.current", "inactive_file "};
constexpr CgroupNames version1 = {"memory", "memory.limit_in_bytes", "memory.usage_in_bytes",
                                  "total_inactive_file "};

Bytes used_by(const fs::path& group, const CgroupNames& names) {
    const std::uint64_t usage = number_in(group / names.usage).value_or(0);
    const std::uint64_t cached = number_after(group / "memory.stat", names.reclaimable).value_or(0);
    return usage > cached ? usage - cached : 0;
}

void lower_to_cgroup(MemoryLimit& limit, const CgroupNames& names) {
    for (const fs::path& group : cgroup_folders(names.controller)) {
        lower(limit, number_in(group / names.limit), used_by(group, names),
              "the control group's limit");
    }
}

}  // namespace

MemoryLimit memory_limit() {
    MemoryLimit limit{std::numeric_limits<std::uint64_t>::max(), "nothing"};
    if (const Bytes available = number_after("/proc/meminfo", "MemAvailable:")) {
        lower(limit, *available * 1024, 0, "the machine's available memory");
    }
    lower_to_cgroup(limit, version2);
    lower_to_cgroup(limit, version1);
    rlimit space{};
    if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY) {
        const Bytes pages = number_in("/proc/self/statm");
        const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
        lower(limit, space.rlim_cur, pages.value_or(0) * page, "the limit of the address space");
    }
    return limit;
}

}  // namespace NST_PRECISION
}  // namespace nst
