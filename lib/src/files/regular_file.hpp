// Opens a file that may be anything, and reads it safely.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>

#include "files/file_error_context.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Bytes to be read from beginning to end. Running out of bytes is an Error.
class ByteSource {
  public:
    virtual ~ByteSource() = default;
    virtual void read(void* to, std::size_t count) = 0;
    virtual void skip(std::uint64_t count) = 0;
};

/// An open regular file. The type is checked on the open file, not on its name, which may come to
/// refer to another file in between. Anything else, such as a pipe, could block forever.
class RegularFile : public ByteSource {
  public:
    /// @param context   begins every error message
    /// @param expected  what should be there, for error messages: "a MATLAB 5 file"
    /// @throws Error when the file is missing, not a regular file or cannot be opened
    RegularFile(FileErrorContext context, const char* expected);

    const FileErrorContext& context() const { return context_; }
    std::uint64_t size() const { return size_; }
    std::uint64_t position() const { return position_; }
    std::uint64_t left() const { return size_ - position_; }
    /// For a library that reads by itself; position() does not track this.
    std::FILE* stream() const { return stream_.get(); }

    /// @throws Error when the file ends before `count` bytes or cannot be read
    void read(void* to, std::size_t count) override;
    void skip(std::uint64_t count) override;
    void rewind();

    /// @throws Error unless there are `count` more bytes
    void require_left(std::uint64_t count) const;
    /// @throws Error always, with errno as the reason for a failed read
    [[noreturn]] void fail_read() const;
    /// @throws Error always, saying that the file is truncated
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
