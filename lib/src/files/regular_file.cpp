#include "files/regular_file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t max_stream = std::size_t{1} << 30;
constexpr std::size_t first_capacity = std::size_t{1} << 16;
constexpr int milliseconds_for_writer = 1000;
constexpr int without_end = -1;

/// Waits until a read would return something.
void wait_for_bytes(int descriptor, int milliseconds) {
    pollfd waiting{descriptor, POLLIN, 0};
    poll(&waiting, 1, milliseconds);
}

}  // namespace

bool is_standard_input(const std::filesystem::path& file) {
    return file == "-" || file == "/dev/stdin" || file == "/dev/fd/0" || file == "/proc/self/fd/0";
}

RegularFile::RegularFile(FileErrorContext context, const char* expected, Streams streams)
    : context_(std::move(context)) {
    const bool reads_streams = streams == Streams::read;
    const bool is_input = reads_streams && is_standard_input(context_.file);
    // Standard input itself: a socket has no name to open, and a file may have been read in part.
    // O_NONBLOCK: opening a pipe without a writer would wait forever.
    const int descriptor = is_input
                               ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
                               : open(context_.file.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (is_input) context_.file = "standard input";
    struct stat status {};
    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        nst::fail(context_.function, ": cannot open ", context_.file.string(), ": ",
                  std::strerror(errno));
    }
    stream_.reset(fdopen(descriptor, "rb"));
    context_.require(stream_ != nullptr, "cannot be read: ", std::strerror(errno));
    context_.require(!S_ISDIR(status.st_mode), "is a folder; expected ", expected);
    const bool is_pipe = S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode);
    context_.require(isatty(descriptor) == 0, "is a terminal; expected ", expected,
                     reads_streams ? " through a pipe" : "");
    context_.require(S_ISREG(status.st_mode) || (reads_streams && is_pipe),
                     "is not a regular file; expected ", expected);
    size_ = static_cast<std::uint64_t>(status.st_size);
    if (is_input || is_pipe) open_stream();
}

/// Reads all bytes from stream_, and replaces it by a stream of these bytes.
void RegularFile::open_stream() {
    const int descriptor = fileno(stream());
    wait_for_bytes(descriptor, milliseconds_for_writer);
    std::size_t capacity = first_capacity;
    std::size_t count = 0;
    for (grow(capacity);;) {
        const ssize_t more = ::read(descriptor, bytes_.get() + count, capacity - count);
        if (more == 0) break;
        if (more < 0 && errno == EAGAIN) wait_for_bytes(descriptor, without_end);
        if (more < 0 && (errno == EAGAIN || errno == EINTR)) continue;
        context_.require(more > 0, "cannot be read: ", std::strerror(errno));
        count += static_cast<std::size_t>(more);
        context_.require(count <= max_stream, "has more than 2^30 bytes; save it as a file first");
        if (count == capacity) grow(capacity *= 2);
    }
    size_ = count;
    stream_.reset(fmemopen(bytes_.get(), std::max<std::size_t>(count, 1), "rb"));
    context_.require(stream_ != nullptr, "cannot be read: ", std::strerror(errno));
}

/// Gives bytes_ more room. realloc moves large blocks without copying them.
void RegularFile::grow(std::size_t capacity) {
    auto* larger = static_cast<char*>(std::realloc(bytes_.get(), capacity));
    context_.require(larger != nullptr, "needs more memory than there is");
    (void)bytes_.release();  // realloc has freed it
    bytes_.reset(larger);
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
