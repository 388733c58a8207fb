// load_image and image_size on arbitrary bytes that begin like a JPEG.
#include "image_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t densest = 8 * 64;  // one 8 x 8 block per bit
    if (size >= 2 && data[0] == 0xff && data[1] == 0xd8) {
        nst_fuzz::read_image(data, size, densest);
    }
    return 0;
}
