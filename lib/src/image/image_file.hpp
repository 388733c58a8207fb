// An image file, opened and recognised, and the checks that all image formats share.
#pragma once

#include <cstdint>
#include <new>

#include "files/regular_file.hpp"
#include "image/image_signatures.hpp"
#include "nst/image.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Running out of memory becomes an Error too: the image may ask for more than there is.
template <class Work>
auto with_memory(const FileErrorContext& context, const Work& work) {
    try {
        return work();
    } catch (const std::bad_alloc&) {
        context.fail("needs more memory than there is");
    }
}

/// A regular file, or a pipe, that begins like an image.
class ImageFile : public RegularFile {
  public:
    /// Opens the file and detects the format from the first bytes. The read position is the
    /// beginning.
    /// @throws Error when the file is neither a regular file nor a pipe, cannot be read, or is in
    ///         no format of ImageFormat
    explicit ImageFile(FileErrorContext context);

    ImageFormat format() const { return format_; }

    /// Rejects sizes beyond 2^28 pixels and sizes that a file this small cannot hold, before
    /// anything is allocated for them.
    /// @param announced  the size in the header
    /// @param min_bytes  the fewest bytes in which this format can store such an image
    void check_size(const ImageSize& announced, std::uint64_t min_bytes) const;

  private:
    ImageFormat recognise();

    ImageFormat format_;
};

}  // namespace NST_PRECISION
}  // namespace nst
