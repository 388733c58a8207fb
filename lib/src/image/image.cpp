#include "nst/image.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <vector>

#include "files/atomic_file.hpp"
#include "image/image_formats.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace fs = std::filesystem;

namespace {

/// Running out of memory becomes an Error too: the image may ask for more than there is.
template <class Work>
auto with_memory(const FileErrorContext& context, const Work& work) {
    try {
        return work();
    } catch (const std::bad_alloc&) {
        context.fail("needs more memory than there is");
    }
}

/// Returns the format for a name's extension.
ImageFormat format_of(const FileErrorContext& context) {
    std::string ending = context.file.extension().string();
    for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    require(ending == ".png" || ending == ".jpg" || ending == ".jpeg", context.function,
            ": expected a name that ends in .png, .jpg or .jpeg, got ", context.file.string());
    return ending == ".png" ? ImageFormat::png : ImageFormat::jpeg;
}

void check_shape(const FileErrorContext& context, ImageView image) {
    const auto& shape = image.shape;
    require(shape[0] > 0 && shape[1] > 0 && shape[2] == 3, context.function,
            ": image must be (H, W, 3) with H, W > 0, got ", shape_text(shape));
}

std::vector<unsigned char> to_bytes(const FileErrorContext& context, ImageView image) {
    std::vector<unsigned char> bytes(image.size());
    std::size_t at = 0;
    for (const Real value : image) {
        const std::size_t pixel = at / 3;
        require(!std::isnan(value), context.function, ": image(", pixel / image.shape[1], ", ",
                pixel % image.shape[1], ", ", at % 3, ") is not a number");
        bytes[at++] = static_cast<unsigned char>(std::round(std::clamp(value, Real{0}, Real{255})));
    }
    return bytes;
}

std::vector<unsigned char> encode(const FileErrorContext& context, ImageView image,
                                  ImageFormat format) {
    const std::vector<unsigned char> pixels = to_bytes(context, image);
    const ImageSize size = {image.shape[0], image.shape[1]};
    return format == ImageFormat::png ? encode_png(context, pixels.data(), size)
                                      : encode_jpeg(context, pixels.data(), size);
}

}  // namespace

Image load_image(const fs::path& file) {
    ImageFile image({"load_image", file});
    return with_memory(image.context(), [&] {
        return image.format() == ImageFormat::png ? read_png(image) : read_jpeg(image);
    });
}

ImageSize image_size(const fs::path& file) {
    ImageFile image({"image_size", file});
    return with_memory(image.context(), [&] {
        return image.format() == ImageFormat::png ? png_size(image) : jpeg_size(image);
    });
}

void save_image(const fs::path& file, ImageView image) {
    const FileErrorContext context{"save_image", file};
    const ImageFormat format = format_of(context);
    check_shape(context, image);
    const auto bytes = with_memory(context, [&] { return encode(context, image, format); });
    AtomicFile output(context.function, file);
    output.write(bytes.data(), bytes.size());
    output.take_place();
}

void check_output_file(const fs::path& file) {
    const FileErrorContext context{"save_image", file};  // messages name save_image, on whose
                                                         // behalf it checks
    format_of(context);
    AtomicFile(context.function, file);
}

}  // namespace NST_PRECISION
}  // namespace nst
