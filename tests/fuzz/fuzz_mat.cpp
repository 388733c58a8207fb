// load_vgg19 and inspect_vgg19 on arbitrary bytes.
#include <cstring>

#include "nst/vgg19.hpp"
#include "target.hpp"

namespace {

constexpr std::size_t max_inflated = 258 * 8 / 2;  // deflate yields at most 258 bytes per two bits

/// An upper bound for the size of a file with every variable inflated.
std::size_t inflated_size(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t header = 128;
    constexpr std::uint32_t compressed = 15;
    std::size_t inflated = size;
    for (std::size_t at = header; at < size && size - at >= 8;) {
        std::uint32_t tag[2];
        std::memcpy(tag, data + at, sizeof tag);
        if (tag[1] > size - at - 8) break;
        if (tag[0] == compressed) inflated += tag[1] * max_inflated;
        at += 8 + tag[1];
    }
    return inflated;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static nst_fuzz::InputFile input;
    input.fill(data, size);
    const std::size_t most = nst_fuzz::mib + 64 * inflated_size(data, size);
    nst_fuzz::attempt(most, [&] { nst::load_vgg19(input.path()); });
    nst_fuzz::attempt(most, [&] { nst::inspect_vgg19(input.path(), 75, 101); });
    return 0;
}
