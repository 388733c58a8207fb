// Opens a file that may be anything, and reads it safely.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
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

/// What to do with a pipe or a socket, whose bytes come only once.
enum class Streams {
    refuse,
    read  ///< the bytes into memory, at most 1 GiB; the name "-" is standard input
};

/// Whether this name means standard input where streams are read: "-", "/dev/stdin" and the like.
bool is_standard_input(const std::filesystem::path& file);

/// An open regular file, or a stream that has been read into memory and is then the same. The type
/// is checked on the open file, not on its name, which may come to refer to another file in
/// between. Other files, such as terminals and devices, could block or yield bytes forever.
class RegularFile : public ByteSource {
  public:
    /// @param context   begins every error message
    /// @param expected  what should be there, for error messages: "a MATLAB 5 file"
    /// @throws Error when the file is missing, of another type or cannot be opened; when a stream
    ///         is too long or does not fit into memory
    RegularFile(FileErrorContext context, const char* expected, Streams streams = Streams::refuse);

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
    struct Free {
        void operator()(char* memory) const { std::free(memory); }
    };

    void open_stream();
    void grow(std::size_t capacity);

    FileErrorContext context_;
    std::unique_ptr<char, Free> bytes_;  ///< of a stream; stream_ reads from here
    std::unique_ptr<std::FILE, Close> stream_;
    std::uint64_t size_ = 0;
    std::uint64_t position_ = 0;
};

}  // namespace NST_PRECISION
}  // namespace nst
