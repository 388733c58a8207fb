// WebP files, made by libwebp from known pixels.
#pragma once

#include <string>

#include "image_samples.hpp"

namespace nst_test {

struct WebpSpec {
    int width = 1;
    int height = 1;
    bool lossless = true;
    float quality = 90;
};

/// A file with nothing but the pixels.
/// @param rgba  height * width * 4 bytes
Bytes make_webp(const WebpSpec& spec, const Bytes& rgba);

/// A chunk of a RIFF file, padded to an even number of bytes.
Bytes riff_chunk(const std::string& name, const Bytes& body);

/// A file of these chunks.
Bytes riff_file(const Bytes& chunks);

/// The chunks of a file without the file's own head.
Bytes webp_chunks(const Bytes& webp);

/// The chunk that announces a canvas. @param flags  0x02 animated, 0x10 with alpha
Bytes webp_features(int width, int height, unsigned flags);

/// A frame of an animation, of the chunks of a still image.
Bytes webp_frame(int x, int y, const WebpSpec& spec, const Bytes& chunks);

Bytes joined(const Bytes& first, const Bytes& second);

/// Red, green, blue and alpha of a smooth image.
Bytes smooth_rgba(std::size_t width, std::size_t height, unsigned alpha_bound = 256);

}  // namespace nst_test
