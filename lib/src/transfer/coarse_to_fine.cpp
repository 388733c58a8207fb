#include "transfer/coarse_to_fine.hpp"

#include <algorithm>

#include "base/require.hpp"
#include "base/view.hpp"
#include "nst/image.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t min_side = 16;  // relu5_1 halves four times: one position is left

// The shape at a scale, 1 being the smallest: sides halved for each scale above it, and rounded.
Shape3 shape_at(int scale, int scales, const Shape3& shape) {
    const std::size_t factor = std::size_t{1} << (scales - scale);
    return {(shape[0] + factor / 2) / factor, (shape[1] + factor / 2) / factor, shape[2]};
}

Image resized(const Image& image, const Shape3& shape) {
    return resize_image(image, shape[0], shape[1]);
}

void require_sides(const char* name, const Shape3& shape, int scales) {
    const Shape3 least = shape_at(1, scales, shape);
    require(std::min(least[0], least[1]) >= min_side, "transfer: at the smallest of ", scales,
            " scales, the sides of the ", name, " picture must have at least ", min_side,
            " pixels, got ", shape_text(least), ". Are fewer scales enough?");
}

void check(const Shape3& content, const Shape3& style, int scales) {
    require(scales >= 1 && scales <= max_scales, "transfer: scales must be 1 to ", max_scales,
            ", got ", scales);
    require_sides("content", content, scales);
    require_sides("style", style, scales);
}

TransferOptions of_one_scale(const TransferOptions& options) {
    TransferOptions single = options;
    single.scales = 1;
    return single;
}

}  // namespace

Image coarse_to_fine(const Network& network, const Image& content, const Image& style,
                     const TransferOptions& options, const Observer& observer) {
    const int scales = options.scales;
    check(content.shape(), style.shape(), scales);
    TransferOptions single = of_one_scale(options);
    bool stopped = false;
    for (int scale = 1; scale < scales && !stopped; ++scale) {
        const auto here = [&](const Shape3& shape) { return shape_at(scale, scales, shape); };
        if (single.start) single.start = resized(*single.start, here(content.shape()));
        const auto watch = [&](Progress progress) {
            progress.scale = scale;
            progress.scales = scales;
            stopped = observer && !observer(progress);
            return !stopped;
        };
        single.start = transfer(network, resized(content, here(content.shape())),
                                resized(style, here(style.shape())), single, watch);
    }
    single.start = resized(*single.start, content.shape());
    if (stopped) return *single.start;
    return transfer(network, content, style, single, [&](Progress progress) {
        progress.scale = scales;
        progress.scales = scales;
        return !observer || observer(progress);
    });
}

std::uint64_t coarse_to_fine_memory(const Network& network, const Shape3& content,
                                    const Shape3& style, const TransferOptions& options) {
    check(content, style, options.scales);
    const TransferOptions single = of_one_scale(options);
    std::uint64_t most = 0;
    for (int scale = 1; scale <= options.scales; ++scale) {
        const Shape3 here = shape_at(scale, options.scales, content);
        std::uint64_t bytes =
            transfer_memory(network, here, shape_at(scale, options.scales, style), single);
        if (scale > 1) bytes += bytes_of(here);  // the start
        if (scale < options.scales) bytes += bytes_of(content) + bytes_of(style);
        most = std::max(most, bytes);
    }
    return most;
}

}  // namespace NST_PRECISION
}  // namespace nst
