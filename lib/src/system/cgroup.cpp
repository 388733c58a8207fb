#include "system/cgroup.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <locale>
#include <sstream>

namespace nst {

namespace {

namespace fs = std::filesystem;

bool names(const std::string& controllers, const std::string& controller) {
    std::istringstream list(controllers);
    for (std::string one; std::getline(list, one, ',');) {
        if (one == controller) return true;
    }
    return controllers == controller;  // empty
}

// Returns the path of this process's group in its hierarchy, from a line "0::/path" (version 2) or
// "N:cpu,cpuacct:/path" (version 1).
std::optional<fs::path> own_group(const std::string& controller, const fs::path& membership) {
    std::ifstream in(membership);
    for (std::string line; std::getline(in, line);) {
        const std::size_t first = line.find(':');
        const std::size_t second = line.find(':', first + 1);
        if (first == std::string::npos || second == std::string::npos) continue;
        if (names(line.substr(first + 1, second - first - 1), controller)) {
            return fs::path(line.substr(second + 1)).relative_path();
        }
    }
    return {};
}

// Returns processors from a quota and its period; "max" and -1 mean no limit.
std::optional<double> share(std::istream& quota, std::istream& period) {
    double time = 0;
    double of = 0;
    quota.imbue(std::locale::classic());
    period.imbue(std::locale::classic());
    if (!(quota >> time && period >> of) || time <= 0 || of <= 0) return {};
    return time / of;
}

std::optional<double> version2_share(const fs::path& group) {
    std::ifstream in(group / "cpu.max");
    return share(in, in);
}

std::optional<double> version1_share(const fs::path& group) {
    std::ifstream quota(group / "cpu.cfs_quota_us");
    std::ifstream period(group / "cpu.cfs_period_us");
    return share(quota, period);
}

}  // namespace

std::optional<std::uint64_t> number_after(const fs::path& file, const std::string& key) {
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        if (line.rfind(key, 0) != 0) continue;
        std::istringstream rest(line.substr(key.size()));
        rest.imbue(std::locale::classic());
        std::uint64_t number = 0;
        if (rest >> number) return number;
    }
    return {};
}

std::vector<fs::path> cgroup_folders(const std::string& controller, const CgroupFiles& files) {
    const std::optional<fs::path> group = own_group(controller, files.membership);
    if (!group) return {};
    const fs::path mount = controller.empty() ? files.mount : files.mount / controller;
    fs::path folder = (mount / *group).lexically_normal();
    // In a container the path is often not visible; then the mount itself is the group.
    std::error_code ignored;
    if (!fs::exists(folder, ignored)) folder = mount;
    std::vector<fs::path> folders;
    for (fs::path rest = folder.lexically_relative(mount); !rest.empty() && rest != ".";
         rest = rest.parent_path()) {
        folders.push_back(mount / rest);
    }
    folders.push_back(mount);
    return folders;
}

std::optional<int> cgroup_processors(const CgroupFiles& files) {
    std::optional<double> lowest;
    const auto lower = [&](const std::optional<double>& processors) {
        if (processors && (!lowest || *processors < *lowest)) lowest = processors;
    };
    for (const fs::path& group : cgroup_folders("", files)) lower(version2_share(group));
    for (const fs::path& group : cgroup_folders("cpu", files)) lower(version1_share(group));
    if (!lowest) return {};
    constexpr double max_processors = 1e6;
    return static_cast<int>(std::ceil(std::clamp(*lowest, 1.0, max_processors)));
}

}  // namespace nst
