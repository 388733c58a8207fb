// A picture's file, opened and recognised, and what all picture formats are checked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "files/file_error_context.hpp"
#include "nst/image.hpp"

namespace nst {
inline namespace NST_PRECISION {

enum class ImageFormat { png, jpeg };

/// A regular file that begins like a picture.
class ImageFile {
  public:
    /// Opens the file; its first bytes tell the format. The read position is the beginning.
    /// @throws Error when there is no regular file, it cannot be read, or is neither PNG nor JPEG
    explicit ImageFile(FileErrorContext context);

    const FileErrorContext& context() const { return context_; }
    ImageFormat format() const { return format_; }
    std::uint64_t size() const { return size_; }
    std::FILE* stream() const { return stream_.get(); }

    /// @throws Error when the file ends before `count` bytes
    void read(void* to, std::size_t count);
    void skip(std::uint64_t count);
    void require_left(std::uint64_t count) const;

    /// @throws Error that says what errno does of a read that failed
    [[noreturn]] void refuse_read() const;

    /// @throws Error that says that the file is cut
    [[noreturn]] void refuse_end() const;

    /// Refuses sizes beyond 2^28 pixels and sizes that so small a file cannot hold, before anything
    /// is allocated for them.
    /// @param min_bytes  the fewest bytes in which this format can store such a picture
    void check_size(const ImageSize& size, std::uint64_t min_bytes) const;

  private:
    void open_regular();
    void recognise();

    struct Close {
        void operator()(std::FILE* file) const { std::fclose(file); }
    };

    FileErrorContext context_;
    std::unique_ptr<std::FILE, Close> stream_;
    std::uint64_t size_ = 0;
    std::uint64_t position_ = 0;
    ImageFormat format_ = ImageFormat::png;
};

}  // namespace NST_PRECISION
}  // namespace nst
