#include "memory_limit.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iomanip>
#include <limits>
#include <optional>
#include <sstream>

#include "require.hpp"

namespace nst {

namespace {

namespace fs = std::filesystem;

using Bytes = std::optional<std::uint64_t>;

// The number after `key` in a file such as /proc/meminfo; nothing when the file or key is missing.
Bytes number_after(const fs::path& file, const std::string& key) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        if (line.rfind(key, 0) != 0) continue;
        std::istringstream rest(line.substr(key.size()));
        std::uint64_t number = 0;
        if (rest >> number) return number;
    }
    return {};
}

Bytes number_in(const fs::path& file) {
    return number_after(file, "");
}

// The folder of this process's control group below a mounted hierarchy, from a line
// "0::/path" (version 2) or "N:memory:/path" (version 1) of /proc/self/cgroup.
std::optional<fs::path> cgroup_folder(const std::string& controller, const fs::path& mount) {
    std::ifstream in("/proc/self/cgroup");
    for (std::string line; std::getline(in, line);) {
        const std::size_t first = line.find(':');
        const std::size_t second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        if (line.substr(first + 1, second - first - 1) != controller) continue;
        return mount / fs::path(line.substr(second + 1)).relative_path();
    }
    return {};
}

void lower(MemoryLimit& limit, Bytes total, Bytes used, const std::string& reason) {
    if (!total) return;
    const std::uint64_t taken = used.value_or(0);
    const std::uint64_t left = *total > taken ? *total - taken : 0;
    if (left < limit.bytes) limit = {left, reason};
}

// What one version of control groups calls its files and keys.
struct CgroupNames {
    const char* controller;
    const char* mount;
    const char* limit;
    const char* usage;
    const char* reclaimable;  // in memory.stat: cached file pages, given back when needed
};

constexpr CgroupNames version2 = {"", "/sys/fs/cgroup", "memory.max", "memory.current",
                                  "inactive_file "};
constexpr CgroupNames version1 = {"memory", "/sys/fs/cgroup/memory", "memory.limit_in_bytes",
                                  "memory.usage_in_bytes", "total_inactive_file "};

Bytes used_by(const fs::path& group, const CgroupNames& names) {
    const std::uint64_t usage = number_in(group / names.usage).value_or(0);
    const std::uint64_t cached = number_after(group / "memory.stat", names.reclaimable).value_or(0);
    return usage > cached ? usage - cached : 0;
}

// A group is also bound by the limits of the groups above it.
void lower_to_cgroup(MemoryLimit& limit, const CgroupNames& names) {
    const fs::path mount = names.mount;
    std::optional<fs::path> folder = cgroup_folder(names.controller, mount);
    if (!folder) return;
    // In a container the path is often not visible; the mount itself then is the group.
    if (!fs::exists(*folder)) folder = mount;
    for (fs::path group = *folder;; group = group.parent_path()) {
        lower(limit, number_in(group / names.limit), used_by(group, names),
              "the control group's limit");
        if (group == mount || group == group.root_path()) return;
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

std::string memory_text(std::uint64_t bytes) {
    TextStream out;
    const double megabytes = static_cast<double>(bytes) / 1e6;
    if (megabytes < 1000) {
        out << std::fixed << std::setprecision(0) << megabytes << " MB";
    } else {
        out << std::fixed << std::setprecision(megabytes < 1e4 ? 1 : 0) << megabytes / 1000
            << " GB";
    }
    return out.str();
}

}  // namespace nst
