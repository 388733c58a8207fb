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

/// Collects samples of 8 or 16 bits, rounded and clamped.
class SampleWriter {
  public:
    explicit SampleWriter(StoredPixels& pixels, std::size_t samples)
        : bytes_(pixels.bytes), is_wide_(pixels.bits == 16) {
        bytes_.reserve(samples * (is_wide_ ? 2 : 1));
    }

    void put(Real value) {
        const Real clamped = std::clamp(value, Real{0}, Real{255});
        if (is_wide_) {
            const auto sample = static_cast<unsigned>(std::round(double{clamped} * 257));
            bytes_.push_back(static_cast<unsigned char>(sample >> 8));
            bytes_.push_back(static_cast<unsigned char>(sample));
        } else {
            bytes_.push_back(static_cast<unsigned char>(std::round(clamped)));
        }
    }

  private:
    std::vector<unsigned char>& bytes_;
    bool is_wide_;
};

/// Returns the colour that gives `on_white` when it is composited on white. Under full transparency
/// any colour does; the image's own is kept.
Real without_white(Real on_white, Real alpha) {
    if (alpha <= 0 || alpha >= 255) return on_white;
    const double a = alpha;
    return static_cast<Real>((double{on_white} * 255 - 255 * (255 - a)) / a);
}

StoredPixels to_stored(const FileErrorContext& context, ImageView image, const Matrix& alpha,
                       int bits) {
    StoredPixels pixels{{image.shape[0], image.shape[1]}, alpha.size() > 0, bits};
    SampleWriter writer(pixels, image.size() + alpha.size());
    std::size_t at = 0;
    for (const Real value : image) {
        const std::size_t pixel = at / 3;
        require(!std::isnan(value), context.function, ": image(", pixel / image.shape[1], ", ",
                pixel % image.shape[1], ", ", at % 3, ") is not a number");
        ++at;
        writer.put(pixels.has_alpha ? without_white(value, alpha.data()[pixel]) : value);
        if (pixels.has_alpha && at % 3 == 0) writer.put(alpha.data()[pixel]);
    }
    return pixels;
}

std::vector<unsigned char> encode(const FileErrorContext& context, ImageView image,
                                  const SaveOptions& options, ImageFormat format) {
    if (format == ImageFormat::png) {
        return encode_png(context, to_stored(context, image, options.alpha, options.bits));
    }
    return encode_jpeg(context, to_stored(context, image, {}, 8));
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
