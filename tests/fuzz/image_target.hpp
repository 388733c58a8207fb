// Shared by the fuzz targets of the image formats.
#pragma once

#include "nst/image.hpp"
#include "target.hpp"

namespace nst_fuzz {

/// Loads an image with the library and checks the promises of docs/reliability.md.
/// @param pixels_for_a_byte  the maximum number of pixels per byte of the file, 0 for none
/// @param spare              bytes that the pixels may take beyond the promise for every format
inline void read_image(const std::uint8_t* data, std::size_t size, std::size_t pixels_for_a_byte,
                       std::size_t spare = 0) {
    // A format without a limit would spend the run on filling memory with one colour.
    constexpr std::size_t max_loaded = 1 << 20;
    static InputFile input;
    input.fill(data, size);
    nst::ImageSize announced{0, 0};
    const bool sized = attempt(2 * mib, [&] { announced = nst::image_size(input.path()); });
    const std::size_t pixels = announced.height * announced.width;
    // the last byte of an image may be used only in part, and so may the bits of a row
    const bool is_limited = pixels_for_a_byte > 0;
    if (is_limited && pixels > (size + 8) * pixels_for_a_byte) finding(pixels, " pixels announced");
    if (!is_limited && pixels > max_loaded) return;

    nst::LoadedImage loaded_image;
    const std::size_t most = spare + 48 * mib + 28 * pixels + 3 * size;
    const bool loaded = attempt(most, [&] { loaded_image = nst::read_image(input.path()); });
    if (!loaded) return;
    const nst::Image& image = loaded_image.image;
    const nst::Matrix& alpha = loaded_image.alpha;
    const auto& shape = image.shape();
    if (!sized || shape[0] != announced.height || shape[1] != announced.width || shape[2] != 3) {
        finding("the image's size is not the one that image_size says");
    }
    for (const nst::Real value : image) {
        if (!(value >= 0 && value <= 255)) finding("a pixel of ", value);
    }
    if (alpha.size() > 0 && (alpha.shape()[0] != shape[0] || alpha.shape()[1] != shape[1])) {
        finding("the alpha's size is not the image's");
    }
    for (const nst::Real value : alpha) {
        if (!(value >= 0 && value <= 255)) finding("an alpha of ", value);
    }
}

}  // namespace nst_fuzz
