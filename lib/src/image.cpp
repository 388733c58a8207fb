#include "nst/image.hpp"

#include <algorithm>
#include <cmath>
#include <new>
#include <vector>

#include "atomic_file.hpp"
#include "image_formats.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace fs = std::filesystem;

namespace {

/// The format that a name's ending asks for.
ImageFormat format_of(const std::string& function, const fs::path& file) {
    std::string ending = file.extension().string();
    for (char& c : ending) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    require(ending == ".png" || ending == ".jpg" || ending == ".jpeg", function,
            ": expected a name that ends in .png, .jpg or .jpeg, got ", file.string());
    return ending == ".png" ? ImageFormat::png : ImageFormat::jpeg;
}

std::vector<unsigned char> to_bytes(const std::string& function, const Image& image) {
    std::vector<unsigned char> bytes(image.size());
    std::size_t at = 0;
    for (const Real value : image) {
        require(!std::isnan(value), function, ": the value at (", at / 3 / image.shape()[1], ", ",
                at / 3 % image.shape()[1], ", ", at % 3, ") is not a number");
        bytes[at++] =
            static_cast<unsigned char>(std::round(std::min(std::max(value, Real{0}), Real{255})));
    }
    return bytes;
}

/// Memory that runs out is an Error too: the picture may ask for more than there is.
template <class Read>
auto read_file(const char* function, const fs::path& path, const Read& read) {
    ImageFile file({function, path});
    try {
        return read(file);
    } catch (const std::bad_alloc&) {
        file.refusal().fail("needs more memory than there is");
    }
}

}  // namespace

Image load_image(const fs::path& file) {
    return read_file("load_image", file, [](ImageFile& picture) {
        return picture.format() == ImageFormat::png ? read_png(picture) : read_jpeg(picture);
    });
}

ImageSize image_size(const fs::path& file) {
    return read_file("image_size", file, [](ImageFile& picture) {
        return picture.format() == ImageFormat::png ? png_size(picture) : jpeg_size(picture);
    });
}

void save_image(const fs::path& file, const Image& image) {
    constexpr const char* function = "save_image";
    const ImageFormat format = format_of(function, file);
    const auto& shape = image.shape();
    require(shape[0] > 0 && shape[1] > 0 && shape[2] == 3, function,
            ": the picture must be (H, W, 3), got ", shape_text(shape));
    const ImageSize size = {shape[0], shape[1]};
    std::vector<unsigned char> bytes = to_bytes(function, image);
    bytes = format == ImageFormat::png ? encode_png(function, bytes.data(), size)
                                       : encode_jpeg(function, bytes.data(), size);
    AtomicFile output(function, file);
    output.write(bytes.data(), bytes.size());
    output.take_place();
}

void check_output_file(const fs::path& file) {
    constexpr const char* function = "save_image";  // it speaks for that function
    format_of(function, file);
    AtomicFile(function, file);
}

}  // namespace NST_PRECISION
}  // namespace nst
