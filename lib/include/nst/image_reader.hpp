#pragma once

#include <filesystem>
#include <memory>

#include "nst/api.hpp"
#include "nst/image.hpp"

namespace nst {
inline namespace NST_PRECISION {

class ImageFile;

/// An image file that is opened once, to ask for its size first and read its pixels later. So a
/// pipe will do, whose bytes come only once, and a file that is replaced meanwhile cannot change
/// the answer. A pipe is read into memory, up to 1 GiB, when it is opened, and kept until the
/// object ends. The name "-", like /dev/stdin, is standard input.
/// Introduced in chapter 13.
class ImageReader {
  public:
    /// Opens the file and recognises its format.
    /// @throws Error as read_image, except for damage after the first bytes
    NST_API explicit ImageReader(const std::filesystem::path& file);
    NST_API ~ImageReader();
    NST_API ImageReader(ImageReader&&) noexcept;
    NST_API ImageReader& operator=(ImageReader&&) noexcept;

    /// Returns the upright size, without decoding pixels.
    /// @throws Error as image_size
    NST_API ImageSize size();

    /// Reads the image; may be called again.
    /// @throws Error as read_image
    NST_API LoadedImage read();

  private:
    std::unique_ptr<ImageFile> file_;
};

/// Whether ImageReader takes this name for standard input: "-", "/dev/stdin" and the like. Two
/// images cannot both come from there.
/// Introduced in chapter 13.
NST_API bool reads_standard_input(const std::filesystem::path& file);

}  // namespace NST_PRECISION
}  // namespace nst
