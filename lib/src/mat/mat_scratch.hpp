// The file that matio reads: our own copy of the requested one.
#pragma once

#include <matio.h>

#include <cstdint>
#include <cstdio>
#include <memory>

#include "files/file_error_context.hpp"

namespace nst {
inline namespace NST_PRECISION {

struct MatClose {
    void operator()(mat_t* file) const { Mat_Close(file); }
};
using MatPtr = std::unique_ptr<mat_t, MatClose>;

/// An uncompressed MATLAB 5 file without a name, in the folder for temporary files, for matio to
/// read. It disappears with this object, or with the process, however the process ends.
class MatScratch {
  public:
    // Enough for the convolutions of VGG-19 in double precision three times over; a limit, so that
    // a small hostile file cannot fill the disk.
    static constexpr std::uint64_t enough = std::uint64_t{1} << 29;

    /// Creates the file and opens it with matio, empty. @throws Error when there is no room
    /// @param max_bytes  how many bytes may be written
    explicit MatScratch(FileErrorContext context, std::uint64_t max_bytes = enough);

    /// @throws Error when there is no room, or the limit is exceeded
    void write(const void* data, std::size_t size);
    /// Leaves a hole: zeros that take no room on disk.
    void leave_out(std::uint64_t size);
    /// A place in the file, to go back to.
    struct Mark {
        std::uint64_t size;
        std::uint64_t room;
    };
    Mark mark() const { return {size_, room_}; }
    /// Drops everything after the mark, as if it had never been written.
    void go_back(const Mark& mark);
    /// Overwrites four bytes, `position` bytes from the beginning of the file.
    void overwrite(std::uint64_t position, std::uint32_t number);

    /// Writes the tag of an array whose size is not known yet. @return where the array begins
    std::uint64_t begin_array();
    /// Corrects the size in the tag before the array that began there and ends here.
    /// @throws Error when it is beyond 2 GiB, where matio's counts end
    void end_array(std::uint64_t begin);
    /// Completes the file; matio can read it from now on.
    void finish();

    mat_t* handle() const { return handle_.get(); }

  private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    /// Throws Error with errno's message unless the condition holds.
    void check(bool condition) const;

    FileErrorContext context_;
    std::unique_ptr<std::FILE, Close> file_;
    MatPtr handle_;
    std::uint64_t size_ = 0;
    std::uint64_t room_;  ///< bytes that may still be written
};

}  // namespace NST_PRECISION
}  // namespace nst
