#include "image/image_orientation.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <utility>

#include "image/image_profile.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

/// Composites a pixel on white: (c a + 255 (255 - a)) / 255.
void put_on_white(Real* rgb, Real alpha) {
    const double a = alpha;
    for (std::size_t c = 0; c < 3; ++c) {
        rgb[c] = static_cast<Real>((rgb[c] * a + 255 * (255 - a)) / 255);
    }
}

}  // namespace

Orientation exif_orientation(const unsigned char* block, std::size_t size) {
    constexpr std::size_t prefix = 6;       // "Exif\0\0"
    constexpr std::size_t header_size = 8;  // byte order, 42, offset of the first directory
    constexpr std::size_t entry_size = 12;  // tag, type, number of values, the value or its offset
    constexpr std::uint32_t orientation = 0x0112;
    constexpr std::uint32_t type_short = 3;
    constexpr std::uint32_t type_long = 4;
    if (size >= prefix && std::memcmp(block, "Exif", 5) == 0) {
        block += prefix;
        size -= prefix;
    }
    if (size < header_size) return Orientation::top_left;
    const bool big_endian = std::memcmp(block, "MM\0*", 4) == 0;
    if (!big_endian && std::memcmp(block, "II*\0", 4) != 0) return Orientation::top_left;
    const auto number = [&](std::size_t at, std::size_t bytes) {
        std::uint32_t value = 0;
        for (std::size_t k = 0; k < bytes; ++k) {
            value = value << 8 | block[at + (big_endian ? k : bytes - 1 - k)];
        }
        return value;
    };
    std::size_t at = number(4, 4);
    if (at > size - 2) return Orientation::top_left;
    std::uint32_t entries = number(at, 2);
    for (at += 2; entries > 0 && size - at >= entry_size; --entries, at += entry_size) {
        if (number(at, 2) != orientation || number(at + 4, 4) != 1) continue;
        const std::uint32_t type = number(at + 2, 2);
        if (type != type_short && type != type_long) continue;
        const std::uint32_t value = number(at + 8, type == type_short ? 2 : 4);
        if (value >= 1 && value <= 8) return static_cast<Orientation>(value);
    }
    return Orientation::top_left;
}

ImageSize upright_size(const ImageSize& stored, Orientation orientation) {
    const bool turned = orientation >= Orientation::left_top;
    return turned ? ImageSize{stored.width, stored.height} : stored;
}

UprightImage::UprightImage(const ImageSize& stored, Orientation orientation)
    : stored_width_(stored.width) {
    const ImageSize size = upright_size(stored, orientation);
    image_ = Image::from_shape({size.height, size.width, 3});
    const auto is = [&](auto... any) { return ((orientation == any) || ...); };
    using O = Orientation;
    const bool turned = orientation >= O::left_top;
    const bool from_bottom = is(O::bottom_left, O::bottom_right, O::left_bottom, O::right_bottom);
    const bool from_right = is(O::top_right, O::bottom_right, O::right_top, O::right_bottom);

    const auto row = static_cast<std::ptrdiff_t>(size.width);
    const std::ptrdiff_t sideways = from_right ? -1 : 1;
    const std::ptrdiff_t downwards = from_bottom ? -row : row;
    right_ = turned ? downwards : sideways;
    down_ = turned ? sideways : downwards;
    first_ = (from_right ? row - 1 : 0) +
             (from_bottom ? row * static_cast<std::ptrdiff_t>(size.height - 1) : 0);
}

void UprightImage::put_row(std::size_t row, const Real* rgb, const Real* alpha) {
    const std::ptrdiff_t first = first_ + static_cast<std::ptrdiff_t>(row) * down_;
    Real* to = image_.data() + 3 * first;
    for (std::size_t j = 0; j < stored_width_; ++j, rgb += 3, to += 3 * right_) {
        std::copy_n(rgb, 3, to);
    }
    if (alpha == nullptr) return;
    if (alpha_.size() == 0) {
        const auto is_opaque = [](Real a) { return a == 255; };
        if (std::all_of(alpha, alpha + stored_width_, is_opaque)) return;
        alpha_ = Matrix::from_shape({image_.shape()[0], image_.shape()[1]});
        std::fill(alpha_.begin(), alpha_.end(), Real{255});
    }
    Real* to_alpha = alpha_.data() + first;
    for (std::size_t j = 0; j < stored_width_; ++j, to_alpha += right_) *to_alpha = alpha[j];
}

LoadedImage UprightImage::take(const std::vector<unsigned char>& profile,
                               std::vector<std::string> warnings) {
    Real* rgb = image_.data();
    std::string warning = convert_to_srgb(profile, rgb, image_.size() / 3);
    if (!warning.empty()) warnings.push_back(std::move(warning));
    for (const Real alpha : alpha_) {
        put_on_white(rgb, alpha);
        rgb += 3;
    }
    return {std::move(image_), std::move(alpha_), std::move(warnings)};
}

}  // namespace NST_PRECISION
}  // namespace nst
