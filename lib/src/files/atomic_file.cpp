#include "files/atomic_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iomanip>
#include <random>
#include <system_error>
#include <utility>

#include "base/require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace fs = std::filesystem;

namespace {

constexpr int max_links = 40;  // the limit of Linux

/// Returns where a write to this path would go. A link to a file that does not exist yet counts
/// too, as for open(2); std::filesystem::canonical would reject it.
fs::path follow_links(fs::path path, std::error_code& error) {
    for (int links = 0; fs::is_symlink(path, error); ++links) {
        if (links == max_links) {
            error = std::make_error_code(std::errc::too_many_symbolic_link_levels);
            return path;
        }
        const fs::path next = fs::read_symlink(path, error);
        if (error) return path;
        path = path.parent_path() / next;  // an absolute path replaces the whole left side
    }
    error.clear();
    return path;
}

/// Returns a short name, because a long target name with one more extension could exceed the limit
/// for names.
fs::path temporary_name() {
    std::random_device random;
    TextStream name;
    name << ".nst-" << std::hex << std::setw(8) << std::setfill('0') << random() << ".tmp";
    return name.str();
}

}  // namespace

AtomicFile::AtomicFile(std::string function, fs::path target)
    : function_(std::move(function)), target_(std::move(target)) {
    std::error_code error;
    place_ = follow_links(target_, error);
    if (error) refuse(error.value());
    examine_old_file();
    // Until it is complete, a file that replaces another is its owner's alone.
    const mode_t mode = old_mode_ ? S_IRUSR | S_IWUSR : 0666;
    do {
        path_ = place_.parent_path() / temporary_name();
        descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    } while (descriptor_ < 0 && errno == EEXIST);
    if (descriptor_ < 0) refuse(errno);
    try {
        if (old_mode_) keep_owner();
    } catch (...) {
        discard();
        throw;
    }
}

AtomicFile::~AtomicFile() {
    discard();
}

void AtomicFile::discard() {
    close(descriptor_);
    std::error_code ignored;
    if (!path_.empty()) fs::remove(path_, ignored);
}

void AtomicFile::examine_old_file() {
    struct stat status {};
    if (stat(place_.c_str(), &status) != 0) {
        if (errno != ENOENT) refuse(errno);
        return;
    }
    if (S_ISDIR(status.st_mode)) refuse("it is a folder");
    if (!S_ISREG(status.st_mode)) refuse("it is not a regular file");
    // Root may write to every file, but somebody has protected this one.
    if ((status.st_mode & (S_IWUSR | S_IWGRP | S_IWOTH)) == 0) refuse("it is write-protected");
    // Opening it finds more than access(2) does: an attribute that allows only appending, a program
    // that is running.
    const int old = open(place_.c_str(), O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (old < 0) refuse(errno);
    close(old);
    old_mode_ = status.st_mode & 07777U;
    old_user_ = status.st_uid;
    old_group_ = status.st_gid;
}

void AtomicFile::keep_owner() {
    struct stat status {};
    if (fstat(descriptor_, &status) != 0) refuse(errno);
    const bool other_user = status.st_uid != old_user_;
    if (!other_user && status.st_gid == old_group_) return;
    constexpr auto unchanged = static_cast<uid_t>(-1);
    if (fchown(descriptor_, other_user ? old_user_ : unchanged, old_group_) != 0) {
        refuse("a new file cannot belong to the same owner and group");
    }
}

void AtomicFile::write(const void* bytes, std::size_t count) {
    const char* next = static_cast<const char*>(bytes);
    while (count > 0) {
        const ssize_t written = ::write(descriptor_, next, count);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) refuse(errno);
        next += written;
        count -= static_cast<std::size_t>(written);
    }
}

void AtomicFile::take_place() {
    // Last, because a write or a new owner clears some bits.
    if (old_mode_ && fchmod(descriptor_, *old_mode_) != 0) refuse(errno);
    // EINVAL: this file system does not support fsync
    if (fsync(descriptor_) != 0 && errno != EINVAL) refuse(errno);
    std::error_code error;
    fs::rename(path_, place_, error);
    if (error) refuse(error.value());
    path_.clear();
}

void AtomicFile::refuse(int error_number) const {
    refuse(std::strerror(error_number));
}

void AtomicFile::refuse(const char* reason) const {
    fail(function_, ": cannot write ", target_.string(), ": ", reason);
}

}  // namespace NST_PRECISION
}  // namespace nst
