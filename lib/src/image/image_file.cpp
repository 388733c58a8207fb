#include "image/image_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::uint64_t max_pixels = std::uint64_t{1} << 28;

}  // namespace

ImageFile::ImageFile(FileErrorContext context)
    : RegularFile(std::move(context), "a PNG, JPEG, WebP or TIFF file", Streams::read),
      format_(recognise()) {}

ImageFormat ImageFile::recognise() {
    context().require(size() > 0, "is empty; expected a ", readable_formats, " file");
    std::array<unsigned char, signature_bytes> head{};
    const std::size_t count = std::min<std::uint64_t>(size(), head.size());
    read(head.data(), count);
    rewind();
    const auto format = readable_format(head.data(), count);
    if (!format) context().fail(describe_unreadable(head.data(), count));
    return *format;
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
