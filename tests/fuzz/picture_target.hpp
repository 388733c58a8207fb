// What the fuzz targets of the picture formats have in common.
#pragma once

#include "nst/image.hpp"
#include "target.hpp"

namespace nst_fuzz {

/// Reads a picture as the library does, and holds it against what docs/reliability.md promises.
/// @param pixels_for_a_byte  the most pixels that a byte of a file may announce
inline void read_picture(const std::uint8_t* data, std::size_t size,
                         std::size_t pixels_for_a_byte) {
    static InputFile input;
    input.fill(data, size);
    nst::ImageSize announced{0, 0};
    const bool sized = attempt(mib, [&] { announced = nst::image_size(input.path()); });
    const std::size_t pixels = announced.height * announced.width;
    // the last byte of a picture may be used in part, and so may the bits of a pixel's row
    if (pixels > (size + 8) * pixels_for_a_byte) finding(pixels, " pixels announced");

    nst::Image image;
    const std::size_t most = 16 * mib + 28 * pixels + 3 * size;
    const bool loaded = attempt(most, [&] { image = nst::load_image(input.path()); });
    if (!loaded) return;
    const auto& shape = image.shape();
    if (!sized || shape[0] != announced.height || shape[1] != announced.width || shape[2] != 3) {
        finding("the picture has another size than image_size says");
    }
    for (const nst::Real value : image) {
        if (!(value >= 0 && value <= 255)) finding("a pixel of ", value);
    }
}

}  // namespace nst_fuzz
