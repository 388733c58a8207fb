#include "system/cgroup.hpp"

#include <fstream>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace nst_test;
namespace fs = std::filesystem;

namespace {

// A tree of control groups, laid out as the kernel does.
class Groups {
  public:
    explicit Groups(const std::string& membership) {
        std::ofstream(folder_ / "membership") << membership;
    }

    void write(const std::string& file, const std::string& text) {
        const fs::path path = mount() / file;
        fs::create_directories(path.parent_path());
        std::ofstream(path) << text;
    }

    fs::path mount() const { return folder_ / "mount"; }
    nst::CgroupFiles files() const { return {folder_ / "membership", mount()}; }
    std::optional<int> processors() const { return nst::cgroup_processors(files()); }

  private:
    TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("cgroup_processors: rounds a version 2 quota up") {
    Groups groups("0::/user/me\n");
    groups.write("user/me/cpu.max", "150000 100000\n");
    CHECK(groups.processors() == 2);
    groups.write("user/me/cpu.max", "400000 100000\n");
    CHECK(groups.processors() == 4);
    groups.write("user/me/cpu.max", "1000 100000\n");
    CHECK(groups.processors() == 1);
    groups.write("user/me/cpu.max", "max 100000\n");
    CHECK(groups.processors() == std::nullopt);
}

TEST_CASE("cgroup_processors: parent groups limit too") {
    Groups groups("0::/user/me\n");
    groups.write("user/me/cpu.max", "800000 100000\n");
    groups.write("user/cpu.max", "300000 100000\n");
    CHECK(groups.processors() == 3);
    groups.write("cpu.max", "200000 100000\n");
    CHECK(groups.processors() == 2);
}

TEST_CASE("cgroup_processors: finds a version 1 quota among several controllers") {
    Groups groups("12:memory:/elsewhere\n4:cpu,cpuacct:/docker/0123\n0::/\n");
    groups.write("cpu/docker/0123/cpu.cfs_quota_us", "250000\n");
    groups.write("cpu/docker/0123/cpu.cfs_period_us", "100000\n");
    CHECK(groups.processors() == 3);
    groups.write("cpu/docker/0123/cpu.cfs_quota_us", "-1\n");
    CHECK(groups.processors() == std::nullopt);
}

TEST_CASE("cgroup_processors: uses the mount in a container, where the own path is not visible") {
    Groups groups("0::/machine/container\n");
    groups.write("cpu.max", "200000 100000\n");
    CHECK(groups.processors() == 2);
}

TEST_CASE("cgroup_processors: missing or malformed files mean no limit") {
    CHECK(nst::cgroup_processors({"/no/such/file", "/no/such/folder"}) == std::nullopt);
    for (const char* membership : {"", "0:", "::", "0::/\n", "nonsense\n", "0::/../..\n"}) {
        Groups groups(membership);
        CHECK(groups.processors() == std::nullopt);
    }
    Groups groups("0::/\n");
    for (const char* quota : {"", "max", "100000", "0 100000", "100000 0", "-5 100000", "a b"}) {
        CAPTURE(quota);
        groups.write("cpu.max", quota);
        CHECK(groups.processors() == std::nullopt);
    }
    groups.write("cpu.max", "1e300 1\n");
    CHECK(groups.processors() > 0);
}

TEST_CASE("cgroup_folders: lists the folders from the process's own group up to the mount") {
    Groups groups("3:memory:/a/b\n0::/c\n");
    groups.write("memory/a/b/memory.limit_in_bytes", "1\n");
    groups.write("c/memory.max", "1\n");
    const fs::path mount = groups.mount();
    CHECK(nst::cgroup_folders("memory", groups.files()) ==
          std::vector<fs::path>{mount / "memory/a/b", mount / "memory/a", mount / "memory"});
    CHECK(nst::cgroup_folders("", groups.files()) == std::vector<fs::path>{mount / "c", mount});
    CHECK(nst::cgroup_folders("cpu", groups.files()).empty());
}
