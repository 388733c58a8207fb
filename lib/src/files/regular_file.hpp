// Opening a file that may be anything, and reading it without surprises.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>

#include "files/file_error_context.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Bytes to be read from the beginning to the end. Every shortage is an Error.
class ByteSource {
  public:
    virtual ~ByteSource() = default;
    virtual void read(void* to, std::size_t count) = 0;
    virtual void skip(std::uint64_t count) = 0;
};

/// An open regular file. What it is, is asked of the open file, not of its name, which may come to
/// mean another file in between. Anything else, a pipe for example, could block for ever.
class RegularFile : public ByteSource {
  public:
    /// @param context   begins every error message
    /// @param expected  what should be there, for error messages: "a MATLAB 5 file"
    /// @throws Error when there is no regular file or it cannot be opened
    RegularFile(FileErrorContext context, const char* expected);

    const FileErrorContext& context() const { return context_; }
    std::uint64_t size() const { return size_; }
    std::uint64_t position() const { return position_; }
    std::uint64_t left() const { return size_ - position_; }
    /// For a library that reads for itself; position() does not notice.
    std::FILE* stream() const { return stream_.get(); }

    /// @throws Error when the file ends before `count` bytes or cannot be read
    void read(void* to, std::size_t count) override;
    void skip(std::uint64_t count) override;
    void rewind();

    /// @throws Error unless there are `count` more bytes
    void require_left(std::uint64_t count) const;
    /// @throws Error that says what errno does of a read that failed
    [[noreturn]] void fail_read() const;
    /// @throws Error that says that the file is cut
    [[noreturn]] void fail_end() const;

  private:
    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    FileErrorContext context_;
    std::unique_ptr<std::FILE, Close> stream_;
    std::uint64_t size_ = 0;
    std::uint64_t position_ = 0;
};

}  // namespace NST_PRECISION
}  // namespace nst
