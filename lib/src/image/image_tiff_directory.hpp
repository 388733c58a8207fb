// The first directory of a TIFF, read and checked before libtiff sees the file: libtiff allocates
// what the directory announces.
#pragma once

#include <array>
#include <cstdint>

#include "image/image_file.hpp"
#include "image/image_orientation.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// What the first directory says about the pixels.
struct TiffDirectory {
    ImageSize size{0, 0};
    Orientation orientation = Orientation::top_left;
    std::uint64_t bits = 1;         ///< of one sample
    std::uint64_t samples = 1;      ///< of one pixel
    std::uint64_t compression = 1;  ///< 1: none
    std::uint64_t photometric = 0;  ///< what the samples mean
};

/// Reads the first directory.
/// @param file  at its beginning
/// @throws Error when the directory is damaged, announces values or pixels that the file cannot
///         hold, or is a camera's
TiffDirectory read_tiff_directory(ImageFile& file);

}  // namespace NST_PRECISION
}  // namespace nst
