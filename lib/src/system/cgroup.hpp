// The limits that Linux control groups set for this process: what a container may use.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace nst {

/// The paths where the kernel lists the groups; tests use folders of their own.
struct CgroupFiles {
    std::filesystem::path membership = "/proc/self/cgroup";
    std::filesystem::path mount = "/sys/fs/cgroup";
};

/// Returns the number after `key` on a line that begins with it; nothing if the file, the key or
/// the number is missing.
std::optional<std::uint64_t> number_after(const std::filesystem::path& file,
                                          const std::string& key);

/// Returns the folders of this process's group and its parent groups, whose limits apply as well:
/// version 2 for an empty controller, version 1 for "memory", "cpu", ... Empty without control
/// groups.
std::vector<std::filesystem::path> cgroup_folders(const std::string& controller,
                                                  const CgroupFiles& files = {});

/// Returns how many processors' time the groups allow, rounded up and at least 1; nothing without a
/// limit.
std::optional<int> cgroup_processors(const CgroupFiles& files = {});

}  // namespace nst
