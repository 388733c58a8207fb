#include "nst/image.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "files/atomic_file.hpp"
#include "image/image_formats.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace fs = std::filesystem;

namespace {

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

void check_options(const FileErrorContext& context, const SaveOptions& options,
                   ImageFormat format) {
    require(options.bits == 8 || options.bits == 16, context.function,
            ": bits must be 8 or 16, got ", options.bits);
    require(options.bits == 8 || format == ImageFormat::png, context.function,
            ": a JPEG has 8 bits per sample, not ", options.bits, "; expected a name that ends in ",
            ".png, got ", context.file.string());
}

void check_alpha(const FileErrorContext& context, const Matrix& alpha, ImageView image) {
    if (alpha.size() == 0) return;
    const auto& shape = alpha.shape();
    require(shape[0] == image.shape[0] && shape[1] == image.shape[1], context.function,
            ": alpha must be ", image.shape[0], "x", image.shape[1], " like the image, got ",
            shape[0], "x", shape[1]);
    std::size_t at = 0;
    for (const Real value : alpha) {
        require(!std::isnan(value), context.function, ": alpha(", at / shape[1], ", ",
                at % shape[1], ") is not a number");
        ++at;
    }
}

void check_numbers(const FileErrorContext& context, ImageView image) {
    std::size_t at = 0;
    for (const Real value : image) {
        const std::size_t pixel = at / 3;
        require(!std::isnan(value), context.function, ": image(", pixel / image.shape[1], ", ",
                pixel % image.shape[1], ", ", at % 3, ") is not a number");
        ++at;
    }
}

unsigned char to_byte(Real value) {
    return static_cast<unsigned char>(std::round(std::clamp(value, Real{0}, Real{255})));
}

void append_sample(std::vector<unsigned char>& bytes, Real value, int bits) {
    if (bits == 8) {
        bytes.push_back(to_byte(value));
        return;
    }
    const double clamped = std::clamp(value, Real{0}, Real{255});
    const auto sample = static_cast<unsigned>(std::round(clamped * 257));
    bytes.push_back(static_cast<unsigned char>(sample >> 8));
    bytes.push_back(static_cast<unsigned char>(sample));
}

/// Returns the colour that gives `on_white` when it is composited on white. Under full transparency
/// any colour does; the image's own is kept.
Real without_white(Real on_white, Real alpha) {
    if (alpha <= 0 || alpha >= 255) return on_white;
    const double a = alpha;
    return static_cast<Real>((double{on_white} * 255 - 255 * (255 - a)) / a);
}

StoredPixels to_stored(ImageView image, const Matrix& alpha, int bits) {
    StoredPixels pixels{{image.shape[0], image.shape[1]}, alpha.size() > 0, bits};
    const std::size_t count = image.shape[0] * image.shape[1];
    pixels.bytes.reserve((image.size() + alpha.size()) * static_cast<unsigned>(bits) / 8);
    for (std::size_t p = 0; p < count; ++p) {
        for (std::size_t c = 0; c < 3; ++c) {
            const Real value = image.data[3 * p + c];
            append_sample(pixels.bytes,
                          pixels.has_alpha ? without_white(value, alpha.data()[p]) : value, bits);
        }
        if (pixels.has_alpha) append_sample(pixels.bytes, alpha.data()[p], bits);
    }
    return pixels;
}

std::vector<unsigned char> encode(const FileErrorContext& context, ImageView image,
                                  const SaveOptions& options, ImageFormat format) {
    if (format == ImageFormat::png) {
        return encode_png(context, to_stored(image, options.alpha, options.bits));
    }
    return encode_jpeg(context, to_stored(image, {}, 8));
}

}  // namespace

Image load_image(const fs::path& file) {
    ImageFile image({"load_image", file});
    return read_image(image).image;
}

LoadedImage read_image(const fs::path& file) {
    ImageFile image({"read_image", file});
    return read_image(image);
}

ImageSize image_size(const fs::path& file) {
    ImageFile image({"image_size", file});
    return image_size(image);
}

void save_image(const fs::path& file, ImageView image, const SaveOptions& options) {
    const FileErrorContext context{"save_image", file};
    const ImageFormat format = format_of(context);
    check_shape(context, image);
    check_options(context, options, format);
    check_numbers(context, image);
    check_alpha(context, options.alpha, image);
    const auto bytes =
        with_memory(context, [&] { return encode(context, image, options, format); });
    AtomicFile output(context.function, file);
    output.write(bytes.data(), bytes.size());
    output.take_place();
}

void check_output_file(const fs::path& file, const SaveOptions& options) {
    const FileErrorContext context{"save_image", file};  // messages name save_image, on whose
                                                         // behalf it checks
    check_options(context, options, format_of(context));
    AtomicFile(context.function, file);
}

}  // namespace NST_PRECISION
}  // namespace nst
