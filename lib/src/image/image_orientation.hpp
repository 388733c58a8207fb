// The orientation of the camera (EXIF tag Orientation), and where stored pixels belong in the
// upright image.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nst/image.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// The EXIF orientations, named by the position of the stored image's first row and first column.
/// Values from 5 on exchange height and width.
enum class Orientation {
    top_left = 1,  ///< upright as stored
    top_right,
    bottom_right,
    bottom_left,
    left_top,
    right_top,
    right_bottom,
    left_bottom
};

/// Reads the orientation from EXIF data: a TIFF structure, with or without "Exif\0\0" before it.
/// Nothing but the one tag is looked at.
/// @return top_left when the tag is missing or not in 1..8, or the data are damaged before it
Orientation exif_orientation(const unsigned char* block, std::size_t size);

/// Returns the size of the upright image.
ImageSize upright_size(const ImageSize& stored, Orientation orientation);

/// An upright image that is filled row by row in stored order.
class UprightImage {
  public:
    UprightImage(const ImageSize& stored, Orientation orientation);
    UprightImage(const UprightImage&) = delete;
    UprightImage& operator=(const UprightImage&) = delete;

    /// Puts a row of the stored image in its place.
    /// @param rgb    3 numbers for each pixel, 0 to 255, not yet composited
    /// @param alpha  one number for each pixel, 0 transparent to 255; nullptr for an opaque row
    void put_row(std::size_t row, const Real* rgb, const Real* alpha = nullptr);

    /// Converts the colours to sRGB, composites them on white, and gives the image away.
    /// @param profile   an ICC profile, or empty for none
    /// @param warnings  what the decoder has ignored or repaired
    LoadedImage take(const std::vector<unsigned char>& profile = {},
                     std::vector<std::string> warnings = {});

  private:
    Image image_;
    Matrix alpha_;  ///< empty until a pixel is not opaque
    std::size_t stored_width_;
    std::ptrdiff_t first_;  ///< the pixel where the stored image's first pixel belongs
    std::ptrdiff_t right_;  ///< offset from one pixel of a stored row to the next, in pixels
    std::ptrdiff_t down_;   ///< offset from one stored row to the next, in pixels
};

}  // namespace NST_PRECISION
}  // namespace nst
