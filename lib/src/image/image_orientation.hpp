// The orientation of the camera (EXIF tag Orientation), and where stored pixels belong in the
// upright image.
#pragma once

#include <cstddef>
#include <utility>

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

/// Reads the orientation from an EXIF block, the body of a JPEG's APP1 marker ("Exif\0\0...").
/// @return top_left when the tag is missing or not in 1..8
Orientation exif_orientation(const unsigned char* block, std::size_t size);

/// Returns the size of the upright image.
ImageSize upright_size(const ImageSize& stored, Orientation orientation);

/// An upright image that is filled row by row in stored order.
class UprightImage {
  public:
    UprightImage(const ImageSize& stored, Orientation orientation);
    UprightImage(const UprightImage&) = delete;
    UprightImage& operator=(const UprightImage&) = delete;

    /// Calls pixel(j, rgb) for each pixel j of a stored row; pixel writes three numbers at rgb.
    template <class Pixel>
    void fill_row(std::size_t row, const Pixel& pixel) {
        Real* rgb = first_ + static_cast<std::ptrdiff_t>(row) * down_;
        for (std::size_t j = 0; j < stored_width_; ++j, rgb += right_) pixel(j, rgb);
    }

    Image take() { return std::move(image_); }

  private:
    Image image_;
    std::size_t stored_width_;
    Real* first_;           ///< where the stored image's first pixel belongs
    std::ptrdiff_t right_;  ///< offset from one pixel of a stored row to the next
    std::ptrdiff_t down_;   ///< offset from one stored row to the next
};

}  // namespace NST_PRECISION
}  // namespace nst
