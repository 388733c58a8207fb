#include "mat/mat_scratch.hpp"

#include "mat/mat_types.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <utility>

namespace nst {
inline namespace NST_PRECISION {

namespace {

std::filesystem::path folder() {
    std::error_code error;
    const std::filesystem::path found = std::filesystem::temp_directory_path(error);
    return error ? "/tmp" : found;
}

/// Returns the 128 bytes with which every MATLAB 5 file begins.
std::string header() {
    std::string text = "MATLAB 5.0 MAT-file";
    text.resize(124, ' ');
    return text + std::string("\x00\x01IM", 4);
}

}  // namespace

MatScratch::MatScratch(FileErrorContext context, std::uint64_t max_bytes)
    : context_(std::move(context)), room_(max_bytes) {
    std::string name = (folder() / "nst-XXXXXX").string();
    const int descriptor = mkstemp(name.data());
    check(descriptor >= 0);
    file_.reset(fdopen(descriptor, "wb"));
    const std::string begin = header();
    size_ = begin.size();
    // matio opens files by name only. Once the file is open the name can be removed, so that a
    // process that is killed leaves nothing behind; matio still sees everything written later.
    if (file_ && std::fwrite(begin.data(), 1, begin.size(), file_.get()) == begin.size() &&
        std::fflush(file_.get()) == 0) {
        handle_.reset(Mat_Open(name.c_str(), MAT_ACC_RDONLY));
    }
    const int error = errno;
    unlink(name.c_str());
    errno = error;
    check(handle_ != nullptr);
}

void MatScratch::check(bool condition) const {
    if (condition) return;
    const int error = errno;
    fail(context_.function, ": cannot copy ", context_.file.string(), " to ", folder().string(),
         ": ", std::strerror(error), ". Does $TMPDIR name a folder with 200 MB of room?");
}

void MatScratch::write(const void* data, std::size_t size) {
    context_.require(size <= room_, "holds more than ", enough >> 20,
                     " MiB that might be convolutions; no VGG-19 does");
    room_ -= size;
    check(std::fwrite(data, 1, size, file_.get()) == size);
    size_ += size;
}

void MatScratch::leave_out(std::uint64_t size) {
    size_ += size;
    check(fseeko(file_.get(), static_cast<off_t>(size_), SEEK_SET) == 0);
}

void MatScratch::go_back(const Mark& mark) {
    size_ = mark.size;
    room_ = mark.room;
    check(fseeko(file_.get(), static_cast<off_t>(size_), SEEK_SET) == 0);
}

void MatScratch::overwrite(std::uint64_t position, std::uint32_t number) {
    check(fseeko(file_.get(), static_cast<off_t>(position), SEEK_SET) == 0);
    check(std::fwrite(&number, 1, sizeof number, file_.get()) == sizeof number);
    check(fseeko(file_.get(), static_cast<off_t>(size_), SEEK_SET) == 0);
}

std::uint64_t MatScratch::begin_array() {
    const std::array<std::uint32_t, 2> tag{mi_matrix, 0};
    write(tag.data(), sizeof tag);
    return size_;
}

void MatScratch::end_array(std::uint64_t begin) {
    const std::uint64_t size = size_ - begin;
    context_.require(size <= largest_array, "has an array of ", size,
                     " bytes; no VGG-19 has one beyond 2 GiB");
    overwrite(begin - sizeof(std::uint32_t), static_cast<std::uint32_t>(size));
}

void MatScratch::finish() {
    check(std::fflush(file_.get()) == 0);
    // extends the file over a hole at its end
    check(ftruncate(fileno(file_.get()), static_cast<off_t>(size_)) == 0);
}

}  // namespace NST_PRECISION
}  // namespace nst
