// load_image and image_size on arbitrary bytes that begin like a TIFF.
#include <algorithm>
#include <array>

#include "image_target.hpp"

namespace {

constexpr std::size_t zstd_window = 144 * nst_fuzz::mib;  // what a frame of Zstandard may ask for

bool may_have_zstd(const std::uint8_t* data, std::size_t size) {
    constexpr std::array<std::uint8_t, 4> magic = {0x28, 0xb5, 0x2f, 0xfd};
    return std::search(data, data + size, magic.begin(), magic.end()) != data + size;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // no bound: fax data spend a bit on a white row of any length
    if (size >= 8 && (data[0] == 'I' || data[0] == 'M') && data[0] == data[1]) {
        nst_fuzz::read_image(data, size, 0, may_have_zstd(data, size) ? zstd_window : 0);
    }
    return 0;
}
