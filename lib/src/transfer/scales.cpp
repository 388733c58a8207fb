#include "transfer/scales.hpp"

#include <algorithm>

#include "base/require.hpp"
#include "nst/transfer.hpp"

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

}  // namespace

std::vector<Scale> plan_scales(const Shape3& content, const Shape3& style, int count) {
    require(count >= 1 && count <= max_scales, "transfer: scales must be 1 to ", max_scales,
            ", got ", count);
    std::vector<Scale> scales;
    for (int halvings = count - 1; halvings >= 0; --halvings) {
        scales.push_back({reduced(content, halvings), reduced(style, halvings)});
    }
    if (count > 1) {
        require_sides("content", scales.front().content, scales.size());
        require_sides("style", scales.front().style, scales.size());
    }
    return scales;
}

}  // namespace NST_PRECISION
}  // namespace nst
