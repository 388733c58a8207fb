// load_image and image_size on arbitrary bytes that begin like a PNG. Random changes to a file
// would only test the checksums, so the checksums are corrected afterwards, and the pixel data are
// also mutated before compression.
#include <zlib.h>

#include <cstring>
#include <vector>

#include "image_target.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t signature = 8;
constexpr std::size_t around = 12;  // length, type and checksum of a chunk

std::uint32_t number_at(const std::uint8_t* at) {
    return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 |
           at[3];
}

void put_number(std::uint8_t* at, std::size_t number) {
    for (int k = 0; k < 4; ++k) at[k] = static_cast<std::uint8_t>(number >> (24 - 8 * k));
}

/// Calls visit(chunk, bytes of data) for each complete chunk until visit returns true.
template <class Visit>
void visit_chunks(std::uint8_t* png, std::size_t size, const Visit& visit) {
    for (std::size_t at = signature; at < size && size - at >= around;) {
        const std::size_t length = number_at(png + at);
        if (length > size - at - around || visit(png + at, length)) return;
        at += around + length;
    }
}

void put_checksums_right(std::uint8_t* png, std::size_t size) {
    visit_chunks(png, size, [](std::uint8_t* chunk, std::size_t length) {
        const auto type_and_data = static_cast<uInt>(length + 4);
        put_number(chunk + 8 + length, crc32(0, chunk + 4, type_and_data));
        return false;
    });
}

/// Mutates the inflated data of the first IDAT chunk. @return the new size, or 0 without an IDAT
std::size_t mutate_pixels(std::uint8_t* png, std::size_t size, std::size_t most) {
    std::uint8_t* idat = nullptr;
    std::size_t old_length = 0;
    visit_chunks(png, size, [&](std::uint8_t* chunk, std::size_t length) {
        if (std::memcmp(chunk + 4, "IDAT", 4) != 0) return false;
        idat = chunk;
        old_length = length;
        return true;
    });
    if (idat == nullptr) return 0;
    Bytes pixels(1 << 16);
    uLongf count = pixels.size() / 2;
    if (uncompress(pixels.data(), &count, idat + 8, old_length) != Z_OK || count == 0) return 0;
    count = LLVMFuzzerMutate(pixels.data(), count, pixels.size());

    uLongf length = compressBound(count);
    Bytes compressed(length);
    compress(compressed.data(), &length, pixels.data(), count);
    if (size - old_length + length > most) return 0;
    const auto after = static_cast<std::size_t>(png + size - (idat + 8 + old_length));
    std::memmove(idat + 8 + length, idat + 8 + old_length, after);
    std::memcpy(idat + 8, compressed.data(), length);
    put_number(idat, length);
    return size - old_length + length;
}

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    std::size_t mutated = seed % 2 == 0 ? mutate_pixels(data, size, most) : 0;
    if (mutated == 0) mutated = LLVMFuzzerMutate(data, size, most);
    put_checksums_right(data, mutated);
    return mutated;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t densest = 1032 * 8;  // deflate's maximum ratio, one bit per pixel
    if (size >= 2 && data[0] == 0x89 && data[1] == 'P') {
        nst_fuzz::read_image(data, size, densest);
    }
    return 0;
}
