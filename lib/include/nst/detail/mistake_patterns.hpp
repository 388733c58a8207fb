// The catalogue of mistakes that diagnose knows. Included by diagnosis.hpp.
#pragma once

#include "nst/detail/mistake_moves.hpp"
#include "nst/detail/mistake_multiples.hpp"
#include "nst/detail/mistake_parts.hpp"
#include "nst/detail/mistake_regions.hpp"

namespace nst {
namespace diagnosis_detail {

// In this order: first what the caller knows, then simple, specific and vague patterns. A new
// pattern is one function and one line here.
inline Finding find_pattern(const Case& c) {
    for (const auto find : {find_suspect, find_missing_part, find_zero, find_factor}) {
        if (const Finding finding = find(c)) return finding;
    }
    if (!c.places.empty()) {
        for (const auto find : {find_transposed, find_reversed, find_shifted, find_wrong_side,
                                find_misplaced, find_offset, find_region, find_factor_per_slice,
                                find_not_masked, find_missing_accumulation}) {
            if (const Finding finding = find(c)) return finding;
        }
    }
    return {};
}

}  // namespace diagnosis_detail
}  // namespace nst
