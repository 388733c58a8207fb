// A picture's file, opened and recognised, and what all picture formats are checked for.
#pragma once

#include <cstdint>

#include "files/regular_file.hpp"
#include "nst/image.hpp"

namespace nst {
inline namespace NST_PRECISION {

enum class ImageFormat { png, jpeg };

/// A regular file that begins like a picture.
class ImageFile : public RegularFile {
  public:
    /// Opens the file; its first bytes tell the format. The read position is the beginning.
    /// @throws Error when there is no regular file, it cannot be read, or is neither PNG nor JPEG
    explicit ImageFile(FileErrorContext context);

    ImageFormat format() const { return format_; }

    /// Refuses sizes beyond 2^28 pixels and sizes that so small a file cannot hold, before anything
    /// is allocated for them.
    /// @param min_bytes  the fewest bytes in which this format can store such a picture
    void check_size(const ImageSize& size, std::uint64_t min_bytes) const;

  private:
    ImageFormat recognise();

    ImageFormat format_;
};

}  // namespace NST_PRECISION
}  // namespace nst
