#include "files/atomic_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <string>

#include "nst/write_file.hpp"
#include "support/catch.hpp"
#include "support/mat5.hpp"
#include "support/one_line_error.hpp"
#include "support/temporary_folder.hpp"
#include "support/unprivileged.hpp"

using namespace nst_test;

namespace fs = std::filesystem;

namespace {

constexpr uid_t somebody = 12345;
constexpr uid_t nobody = 65534;  // whom Unprivileged makes of root

void replace(const fs::path& file, const std::string& content) {
    nst::AtomicFile output("save", file);
    output.write(content.data(), content.size());
    output.take_place();
}

std::string content_of(const fs::path& file) {
    std::ifstream in(file);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct stat status_of(const fs::path& file) {
    struct stat status {};
    REQUIRE(lstat(file.c_str(), &status) == 0);
    return status;
}

mode_t mode_of(const fs::path& file) {
    return status_of(file).st_mode & 07777U;
}

std::size_t count_files(const fs::path& folder) {
    return static_cast<std::size_t>(
        std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("AtomicFile: a file that replaces another gets its mode, whatever the umask") {
    const TemporaryFolder folder;
    for (const mode_t mode : {0600U, 0640U, 0644U, 0666U, 0755U, 0777U, 0620U, 04755U}) {
        for (const mode_t mask : {0U, 022U, 077U}) {
            const fs::path file = folder / std::to_string(mode * 1000 + mask);
            mat5::write_file(file, "old");
            REQUIRE(chmod(file.c_str(), mode) == 0);
            const mode_t before = umask(mask);
            replace(file, "new");
            umask(before);
            CHECK(mode_of(file) == mode);
            CHECK(content_of(file) == "new");
        }
    }
}

TEST_CASE("AtomicFile: what replaces a private file is private while it is written") {
    const TemporaryFolder folder;
    const fs::path file = folder / "private";
    mat5::write_file(file, "old");
    REQUIRE(chmod(file.c_str(), 0600) == 0);
    const mode_t before = umask(0);
    const nst::AtomicFile output("save", file);
    umask(before);
    CHECK(mode_of(output.path()) == 0600);
}

TEST_CASE("AtomicFile: keeps the owner and the group of a file, through a link as well") {
    if (geteuid() != 0) return;  // only root may give a file away
    const TemporaryFolder folder;
    const fs::path file = folder / "file";
    mat5::write_file(file, "old");
    REQUIRE(chown(file.c_str(), somebody, somebody + 1) == 0);
    REQUIRE(chmod(file.c_str(), 06750) == 0);
    fs::create_symlink("file", folder / "link");
    replace(folder / "link", "new");
    CHECK(status_of(file).st_uid == somebody);
    CHECK(status_of(file).st_gid == somebody + 1);
    CHECK(mode_of(file) == 06750);
    CHECK(content_of(file) == "new");
    CHECK(fs::is_symlink(folder / "link"));
}

TEST_CASE("AtomicFile: refuses a file whose owner a new file cannot have") {
    if (geteuid() != 0) return;
    const TemporaryFolder folder;
    const fs::path file = folder / "file";
    mat5::write_file(file, "old");
    REQUIRE(chown(file.c_str(), somebody, somebody) == 0);
    REQUIRE(chmod(file.c_str(), 0666) == 0);
    REQUIRE(chmod(folder.path().c_str(), 0777) == 0);
    {
        const Unprivileged user;
        CHECK(error_of([&] { replace(file, "new"); }) ==
              "save: cannot write " + file.string() +
                  ": a new file cannot belong to the same owner and group");
    }
    CHECK(content_of(file) == "old");
    CHECK(count_files(folder.path()) == 1);
    REQUIRE(chown(file.c_str(), nobody, getegid()) == 0);
    {
        const Unprivileged user;
        replace(file, "own");
    }
    CHECK(content_of(file) == "own");
    CHECK(status_of(file).st_uid == nobody);
}

TEST_CASE("AtomicFile: refuses a file that may not be written, for root as well") {
    const TemporaryFolder folder;
    REQUIRE(chmod(folder.path().c_str(), 0777) == 0);
    const fs::path file = folder / "file";
    const auto refused = [&](mode_t mode) {
        mat5::write_file(file, "old");
        REQUIRE(chmod(file.c_str(), mode) == 0);
        const std::string line = error_of([&] { replace(file, "new"); });
        CHECK(content_of(file) == "old");
        CHECK(mode_of(file) == mode);
        CHECK(count_files(folder.path()) == 1);
        REQUIRE(chmod(file.c_str(), 0600) == 0);
        return line;
    };
    const std::string cannot = "save: cannot write " + file.string() + ": ";
    CHECK(refused(0444) == cannot + "it is write-protected");
    CHECK(refused(0555) == cannot + "it is write-protected");
    if (geteuid() != 0) return;
    mat5::write_file(file, "old");
    REQUIRE(chmod(file.c_str(), 0644) == 0);
    {
        const Unprivileged user;
        CHECK(error_of([&] { replace(file, "new"); }) == cannot + "Permission denied");
    }
    CHECK(content_of(file) == "old");
}

TEST_CASE("AtomicFile: the other names of a file keep the old one") {
    const TemporaryFolder folder;
    mat5::write_file(folder / "one", "old");
    fs::create_hard_link(folder / "one", folder / "two");
    replace(folder / "one", "new");
    CHECK(content_of(folder / "one") == "new");
    CHECK(content_of(folder / "two") == "old");
}

TEST_CASE("write_file: replaces a file, and leaves the old one where it cannot") {
    const TemporaryFolder folder;
    const fs::path file = folder / "log";
    nst::check_writable(file);
    CHECK(count_files(folder.path()) == 0);
    nst::write_file(file, "one\n");
    nst::write_file(file, std::string("two\n\0", 5));
    CHECK(content_of(file) == std::string("two\n\0", 5));
    CHECK(count_files(folder.path()) == 1);
    for (const auto& write : {+[](const fs::path& to) { nst::write_file(to, "three"); },
                              +[](const fs::path& to) { nst::check_writable(to); }}) {
        CHECK(error_of([&] { write(folder.path()); }).find("write_file: ") == 0);
        CHECK(error_of([&] { write(folder / "no" / "log"); }).find("write_file: ") == 0);
        REQUIRE(chmod(file.c_str(), 0444) == 0);
        CHECK(error_of([&] { write(file); }).find("write-protected") != std::string::npos);
        REQUIRE(chmod(file.c_str(), 0644) == 0);
    }
    CHECK(content_of(file) == std::string("two\n\0", 5));
}
