#define STB_IMAGE_RESIZE_STATIC
#define STB_IMAGE_RESIZE_IMPLEMENTATION
#include <stb/stb_image_resize.h>

#include "nst/image.hpp"
#include "require.hpp"

namespace nst {
inline namespace NST_PRECISION {

Image resize_image(const Image& image, std::size_t height, std::size_t width) {
    constexpr std::size_t largest = 65535;
    const auto& shape = image.shape();
    require(shape[0] > 0 && shape[1] > 0 && shape[2] == 3,
            "resize_image: the picture must be (H, W, 3), got ", shape_text(shape));
    require(height >= 1 && height <= largest && width >= 1 && width <= largest,
            "resize_image: a side must be 1 to ", largest, " pixels, got ", width, "x", height);
    if (shape[0] == height && shape[1] == width) return image;
    const xt::xtensor<float, 3> from = image;
    xt::xtensor<float, 3> to = xt::xtensor<float, 3>::from_shape({height, width, 3});
    const auto filter = [](std::size_t old_side, std::size_t new_side) {
        return new_side < old_side ? STBIR_FILTER_MITCHELL : STBIR_FILTER_CATMULLROM;
    };
    const int done = stbir_resize(
        from.data(), static_cast<int>(shape[1]), static_cast<int>(shape[0]), 0, to.data(),
        static_cast<int>(width), static_cast<int>(height), 0, STBIR_TYPE_FLOAT, 3,
        STBIR_ALPHA_CHANNEL_NONE, 0, STBIR_EDGE_CLAMP, STBIR_EDGE_CLAMP, filter(shape[1], width),
        filter(shape[0], height), STBIR_COLORSPACE_LINEAR, nullptr);
    require(done == 1, "resize_image: no memory for ", width, "x", height, " pixels");
    Image result = to;
    for (Real& value : result) value = std::min(std::max(value, Real{0}), Real{255});
    return result;
}

}  // namespace NST_PRECISION
}  // namespace nst
