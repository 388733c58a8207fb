#include "image_size.hpp"

#include <algorithm>
#include <cmath>
#include <regex>

#include "require.hpp"

namespace nst::tools {

namespace {

constexpr std::size_t largest_side = 65535;

std::size_t parse_side(const std::string& digits, const std::string& whole) {
    const std::size_t side = digits.size() > 6 ? largest_side + 1 : std::stoul(digits);
    require(side >= 1 && side <= largest_side, "--size: a side must be 1 to ", largest_side,
            " pixels, got ", whole);
    return side;
}

}  // namespace

ImageSize scale_to(const ImageSize& image, std::size_t longer) {
    const double scale =
        static_cast<double>(longer) / static_cast<double>(std::max(image.width, image.height));
    const auto side = [&](std::size_t own) {
        const double scaled = std::round(static_cast<double>(own) * scale);
        return static_cast<std::size_t>(std::max(1.0, scaled));
    };
    return {side(image.height), side(image.width)};
}

ImageSize parse_size(const std::string& text, const ImageSize& image) {
    if (text.empty()) return image;
    std::smatch parts;
    if (std::regex_match(text, parts, std::regex("([0-9]+)[xX]([0-9]+)"))) {
        return {parse_side(parts[2], text), parse_side(parts[1], text)};
    }
    require(std::regex_match(text, std::regex("[0-9]+")),
            "--size: expected WxH, such as 400x300, or N for the longer side, got ", text);
    return scale_to(image, parse_side(text, text));
}

Matrix resize_alpha(const Matrix& alpha, const ImageSize& size) {
    if (alpha.size() == 0) return {};
    Image grey = Image::from_shape({alpha.shape()[0], alpha.shape()[1], 3});
    for (std::size_t k = 0; k < grey.size(); ++k) grey.data()[k] = alpha.data()[k / 3];
    grey = resize_image(grey, size.height, size.width);
    Matrix resized = Matrix::from_shape({size.height, size.width});
    for (std::size_t k = 0; k < resized.size(); ++k) resized.data()[k] = grey.data()[3 * k];
    return resized;
}

std::string text(const ImageSize& size) {
    return std::to_string(size.width) + "x" + std::to_string(size.height);
}

}  // namespace nst::tools
