#include "nst/preserve_colour.hpp"

#include <algorithm>

#include "base/require.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

double luma(const Real* pixel) {
    return 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
}

}  // namespace

Image preserve_colour(ImageView generated, ImageView content) {
    const auto& shape = generated.shape;
    require(generated.size() > 0 && shape[2] == 3 && content.shape == shape,
            "preserve_colour: generated and content must have one nonempty shape, (H, W, 3), got ",
            shape_text(shape), " and ", shape_text(content.shape));
    Image result = Image::from_shape(shape);
    parallel_ranges(shape[0] * shape[1], [&](std::size_t first, std::size_t last) {
        for (std::size_t k = 3 * first; k < 3 * last; k += 3) {
            const double brighter = luma(generated.data + k) - luma(content.data + k);
            for (std::size_t c = k; c < k + 3; ++c) {
                const double value = content.data[c] + brighter;
                result.data()[c] = static_cast<Real>(std::clamp(value, 0.0, 255.0));
            }
        }
    });
    return result;
}

}  // namespace NST_PRECISION
}  // namespace nst
