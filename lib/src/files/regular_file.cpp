#include "files/regular_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace nst {
inline namespace NST_PRECISION {

RegularFile::RegularFile(FileErrorContext context, const char* expected)
    : context_(std::move(context)) {
    // O_NONBLOCK: opening a pipe without a writer would wait forever
    const int descriptor = open(context_.file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    struct stat status {};
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        nst::fail(context_.function, ": cannot open ", context_.file.string(), ": ",
                  std::strerror(errno));
    }
    stream_.reset(fdopen(descriptor, "rb"));
    context_.require(stream_ != nullptr, "cannot be read: ", std::strerror(errno));
    context_.require(!S_ISDIR(status.st_mode), "is a folder; expected ", expected);
    context_.require(S_ISREG(status.st_mode), "is not a regular file; expected ", expected);
    size_ = static_cast<std::uint64_t>(status.st_size);
}

void RegularFile::read(void* to, std::size_t count) {
    require_left(count);
    if (std::fread(to, 1, count, stream()) != count) fail_read();
    position_ += count;
}

void RegularFile::skip(std::uint64_t count) {
    require_left(count);
    position_ += count;
    if (fseeko(stream(), static_cast<off_t>(position_), SEEK_SET) != 0) fail_read();
}

void RegularFile::rewind() {
    std::rewind(stream());
    position_ = 0;
}

void RegularFile::require_left(std::uint64_t count) const {
    if (count > left()) fail_end();
}

void RegularFile::fail_read() const {
    const int error = errno;  // saved first: the parts of a message are evaluated in no fixed order
    context_.require(std::feof(stream()) == 0, "became shorter while it was read");
    context_.fail("cannot be read at byte ", ftello(stream()), ": ", std::strerror(error));
}

void RegularFile::fail_end() const {
    context_.fail("ends too early, after ", size_, " bytes. Was the download interrupted?");
}

}  // namespace NST_PRECISION
}  // namespace nst
