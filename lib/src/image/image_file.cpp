#include "image/image_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::uint64_t max_pixels = std::uint64_t{1} << 28;

constexpr std::array<unsigned char, 8> png_signature = {0x89, 'P',  'N',  'G',
                                                        '\r', '\n', 0x1a, '\n'};
constexpr std::array<unsigned char, 3> jpeg_signature = {0xff, 0xd8, 0xff};

}  // namespace

ImageFile::ImageFile(FileErrorContext context)
    : RegularFile(std::move(context), "a PNG or JPEG file"), format_(recognise()) {}

ImageFormat ImageFile::recognise() {
    context().require(size() > 0, "is empty; expected a PNG or JPEG file");
    std::array<unsigned char, png_signature.size()> head{};
    const std::size_t count = std::min<std::uint64_t>(size(), head.size());
    read(head.data(), count);
    const auto begins_with = [&](const auto& signature) {
        return count >= signature.size() &&
               std::equal(signature.begin(), signature.end(), head.begin());
    };
    rewind();
    if (begins_with(png_signature)) return ImageFormat::png;
    if (begins_with(jpeg_signature)) return ImageFormat::jpeg;
    context().fail("is neither PNG nor JPEG; it begins with \"",
                   one_line(std::string(head.begin(), head.begin() + count)), "\"");
}

void ImageFile::check_size(const ImageSize& announced, std::uint64_t min_bytes) const {
    context().require(announced.width > 0 && announced.height > 0, "is damaged: it announces ",
                      announced.width, "x", announced.height, " pixels");
    context().require(announced.width <= max_pixels / announced.height, "has ", announced.width,
                      "x", announced.height, " pixels; expected at most 2^28");
    context().require(min_bytes <= size(), "is damaged: it announces ", announced.width, "x",
                      announced.height, " pixels, which do not fit into ", size(), " bytes");
}

}  // namespace NST_PRECISION
}  // namespace nst
