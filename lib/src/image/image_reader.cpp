#include "nst/image_reader.hpp"

#include "image/image_formats.hpp"
#include "nst/printable_text.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

LoadedImage decode(ImageFile& file) {
    switch (file.format()) {
        case ImageFormat::png:
            return read_png(file);
        case ImageFormat::jpeg:
            return read_jpeg(file);
        case ImageFormat::webp:
            return read_webp(file);
        case ImageFormat::tiff:
            break;
    }
    return read_tiff(file);
}

ImageSize decode_size(ImageFile& file) {
    switch (file.format()) {
        case ImageFormat::png:
            return png_size(file);
        case ImageFormat::jpeg:
            return jpeg_size(file);
        case ImageFormat::webp:
            return webp_size(file);
        case ImageFormat::tiff:
            break;
    }
    return tiff_size(file);
}

}  // namespace

LoadedImage read_image(ImageFile& file) {
    return with_memory(file.context(), [&] {
        file.rewind();
        LoadedImage loaded = decode(file);
        for (std::string& warning : loaded.warnings) {
            warning = printable_text(file.context().file.string()) + ": " + warning;
        }
        return loaded;
    });
}

ImageSize image_size(ImageFile& file) {
    return with_memory(file.context(), [&] {
        file.rewind();
        return decode_size(file);
    });
}

ImageReader::ImageReader(const std::filesystem::path& file) {
    const FileErrorContext context{"read_image", file};
    file_ = with_memory(context, [&] { return std::make_unique<ImageFile>(context); });
}

ImageReader::~ImageReader() = default;
ImageReader::ImageReader(ImageReader&&) noexcept = default;
ImageReader& ImageReader::operator=(ImageReader&&) noexcept = default;

ImageSize ImageReader::size() {
    return image_size(*file_);
}

LoadedImage ImageReader::read() {
    return read_image(*file_);
}

bool reads_standard_input(const std::filesystem::path& file) {
    return is_standard_input(file);
}

}  // namespace NST_PRECISION
}  // namespace nst
