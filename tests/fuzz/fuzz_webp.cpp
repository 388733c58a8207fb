// load_image and image_size on arbitrary bytes that begin like a WebP.
#include <cstring>

#include "image_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // no bound: lossless WebP spends no bits on the pixels of an image of one colour
    if (size >= 12 && std::memcmp(data, "RIFF", 4) == 0 && std::memcmp(data + 8, "WEBP", 4) == 0) {
        nst_fuzz::read_image(data, size, 0);
    }
    return 0;
}
