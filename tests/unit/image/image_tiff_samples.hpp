// TIFF files, made by libtiff from known samples.
#pragma once

#include <functional>

#include <tiffio.h>

#include "image_samples.hpp"

namespace nst_test {

struct TiffSpec {
    std::uint32_t width = 1;
    std::uint32_t height = 1;
    int bits = 8;
    int samples = 3;
    int photometric = PHOTOMETRIC_RGB;
    int compression = COMPRESSION_NONE;
    std::uint32_t strip = 4;  ///< rows of a strip
    std::uint32_t tile = 0;   ///< the side of a tile, 0 for strips
    bool separate = false;
    const char* mode = "w";                 ///< as of TIFFOpen: "wb" and "w8" for other byte orders
    std::vector<std::uint16_t> extra = {};  ///< kinds of the samples behind the colours
    int orientation = 0;                    ///< 0: not in the file
    std::function<void(TIFF*)> more = {};   ///< sets other tags
};

/// @param samples  height * width * spec.samples numbers below 2^bits
Bytes make_tiff(const TiffSpec& spec, const std::vector<unsigned>& samples);

/// A file with one directory for each of the specifications.
Bytes make_tiff_pages(const std::vector<TiffSpec>& pages, const std::vector<unsigned>& samples);

}  // namespace nst_test
