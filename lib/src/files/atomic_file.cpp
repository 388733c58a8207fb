#include "files/atomic_file.hpp"

#include <fcntl.h>
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
    const fs::file_status status = fs::status(place_, error);
    require(!fs::is_directory(status), function_, ": cannot write ", target_.string(),
            ": it is a folder");
    require(!fs::exists(status) || fs::is_regular_file(status), function_, ": cannot write ",
            target_.string(), ": it is not a regular file");
    do {
        path_ = place_.parent_path() / temporary_name();
        descriptor_ = open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (descriptor_ < 0 && errno == EEXIST);
    if (descriptor_ < 0) refuse(errno);
}

AtomicFile::~AtomicFile() {
    close(descriptor_);
    std::error_code ignored;
    if (!path_.empty()) fs::remove(path_, ignored);
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
    // EINVAL: this file system does not support fsync
    if (fsync(descriptor_) != 0 && errno != EINVAL) refuse(errno);
    std::error_code error;
    fs::rename(path_, place_, error);
    if (error) refuse(error.value());
    path_.clear();
}

void AtomicFile::refuse(int error_number) const {
    fail(function_, ": cannot write ", target_.string(), ": ", std::strerror(error_number));
}

}  // namespace NST_PRECISION
}  // namespace nst
