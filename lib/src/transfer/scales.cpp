#include "transfer/scales.hpp"

#include <algorithm>
#include <cmath>

#include "base/require.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::size_t min_side = 16;  // four poolings before relu5_1 leave one position

Shape3 reduced(const Shape3& shape, int halvings) {
    const std::size_t factor = std::size_t{1} << halvings;
    return {(shape[0] + factor / 2) / factor, (shape[1] + factor / 2) / factor, shape[2]};
}

void require_sides(const char* name, const Shape3& smallest, std::size_t count) {
    require(std::min(smallest[0], smallest[1]) >= min_side, "transfer: at the smallest of ", count,
            " scales, the sides of the ", name, " image must have at least ", min_side,
            " pixels, got ", shape_text(smallest), ". Are fewer scales enough?");
}

// Returns as many scales as keep the shorter side of the smallest at 100 pixels or more.
int suitable_scales(const Shape3& content) {
    constexpr std::size_t least_side = 100;
    int count = 1;
    while (count < max_scales && std::min(content[0], content[1]) >> count >= least_side) ++count;
    return count;
}

// Returns the style's size whose longer side is `scale` times the content's; never enlarged.
Shape3 fitted(const Shape3& style, const Shape3& content, double scale) {
    const double wanted = scale * static_cast<double>(std::max(content[0], content[1]));
    const auto longer = static_cast<double>(std::max(style[0], style[1]));
    if (wanted >= longer) return style;
    const auto side = [&](std::size_t own) {
        return std::max<std::size_t>(1, std::llround(static_cast<double>(own) * (wanted / longer)));
    };
    return {side(style[0]), side(style[1]), style[2]};
}

}  // namespace

int scale_count(const Shape3& content, const TransferOptions& options) {
    return options.scales > 0 ? options.scales : suitable_scales(content);
}

std::vector<Scale> plan_scales(const Shape3& content, const Shape3& style,
                               const TransferOptions& options) {
    require(options.scales >= 0 && options.scales <= max_scales, "transfer: scales must be 1 to ",
            max_scales, ", or 0 for as many as suit the size, got ", options.scales);
    const std::optional<double>& style_scale = options.style_scale;
    require(!style_scale || (std::isfinite(*style_scale) && *style_scale > 0),
            "transfer: style_scale must be finite and positive, got ", style_scale.value_or(0));
    const int count = scale_count(content, options);
    std::vector<Scale> scales;
    for (int halvings = count - 1; halvings >= 0; --halvings) {
        const Shape3 here = reduced(content, halvings);
        scales.push_back(
            {here, style_scale ? fitted(style, here, *style_scale) : reduced(style, halvings)});
    }
    if (count > 1) {
        require_sides("content", scales.front().content, scales.size());
        require_sides("style", scales.front().style, scales.size());
    }
    return scales;
}

}  // namespace NST_PRECISION
}  // namespace nst
