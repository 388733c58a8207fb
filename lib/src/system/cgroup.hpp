// The limits that Linux' control groups set for this process: what a container may use.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace nst {

/// Where the kernel says what groups there are; tests have folders of their own.
struct CgroupFiles {
    std::filesystem::path membership = "/proc/self/cgroup";
    std::filesystem::path mount = "/sys/fs/cgroup";
};

/// The number after `key`, where a line of the file begins with it; nothing when file, key or
/// number is missing.
std::optional<std::uint64_t> number_after(const std::filesystem::path& file,
                                          const std::string& key);

/// The folders of this process's group and of those above it, whose limits hold as well: of version
/// 2 for an empty controller, of version 1 for "memory", "cpu", ... Empty without control groups.
std::vector<std::filesystem::path> cgroup_folders(const std::string& controller,
                                                  const CgroupFiles& files = {});

/// How many processors' time the groups allow, rounded up and at least 1; nothing without a limit.
std::optional<int> cgroup_processors(const CgroupFiles& files = {});

}  // namespace nst
