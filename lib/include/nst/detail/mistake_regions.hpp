// Results that are right in some places only: edges, slices, masks, gradients not added.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "nst/detail/mistake_multiples.hpp"

namespace nst {
namespace diagnosis_detail {

inline Finding find_wrong_side(const Case& c) {
    std::size_t only_got = 0;
    for (const std::size_t k : c.telling) {
        if (!c.zero(c.got(k)) && !c.zero(c.expected(k))) return {};
        if (!c.zero(c.got(k))) ++only_got;
    }
    if (only_got == 0 || only_got == c.telling.size()) return {};
    return found(MistakePattern::wrong_side,
                 "zero where it should not be, and not zero where it should be: is the mask taken "
                 "from the wrong side?");
}

// Describes what the wrong values in a part of the tensor have in common.
inline std::string wrong_there(const Case& c) {
    bool all_zero = true;
    for (const std::size_t k : c.wrong) all_zero = all_zero && c.zero(c.got(k));
    if (all_zero) return ", which is zero";
    const std::optional<double> factor = common_factor(c, c.wrong);
    if (!factor) return "";
    const double size = std::abs(*factor);
    if (is_nearly(size, 1)) return ", where the sign is wrong";
    return ", which is " + text(size > 1 ? size : 1 / size) +
           (size > 1 ? " times too large" : " times too small");
}

// Returns the index of the single slice along an axis that holds all chosen values, if at least
// half of its values are chosen.
inline std::optional<std::size_t> shared_index(const Case& c, std::size_t axis,
                                               const std::vector<std::size_t>& chosen) {
    if (chosen.size() < min_evidence || c.facts.shape[axis] < 2) return {};
    const std::size_t index = c.places[chosen[0]][axis];
    for (const std::size_t k : chosen) {
        if (c.places[k][axis] != index) return {};
    }
    if (2 * chosen.size() < slices(c, axis, c.telling)[index].size()) return {};
    return index;
}

inline Finding right_except(const std::string& where, const std::string& wrong) {
    const std::string question = ": are edges and odd sizes handled?";
    return found(MistakePattern::region, "right except in " + where + wrong + question);
}

inline Finding find_wrong_slice(const Case& c) {
    if (c.wrong.size() == 1) {
        return found(MistakePattern::region,
                     "wrong in one place only, " + place_text(c.places[c.wrong[0]]));
    }
    for (std::size_t axis = 0; axis < c.rank(); ++axis) {
        const std::optional<std::size_t> index = shared_index(c, axis, c.wrong);
        if (!index) continue;
        return right_except(slice_text(c.axes[axis], *index, c.facts.shape[axis]), wrong_there(c));
    }
    return {};
}

// Whether the wrong values are exactly those at the edges; last_only considers only the last row
// and column.
inline bool wrong_at_edges(const Case& c, bool last_only) {
    const auto at_edge = [&](std::size_t k) {
        for (std::size_t axis = 0; axis < 2; ++axis) {
            const std::size_t index = c.places[k][axis];
            if (index + 1 == c.facts.shape[axis] || (index == 0 && !last_only)) return true;
        }
        return false;
    };
    return std::all_of(c.wrong.begin(), c.wrong.end(), at_edge) &&
           std::none_of(c.right.begin(), c.right.end(), at_edge);
}

inline Finding find_wrong_edges(const Case& c) {
    if (c.rank() < 2) return {};
    const std::string last = "the last " + c.axes[0] + " and the last " + c.axes[1];
    if (wrong_at_edges(c, true)) return right_except(last, wrong_there(c));
    if (!wrong_at_edges(c, false)) return {};
    return found(MistakePattern::region,
                 "right except at the border" + wrong_there(c) + ": is the padding right?");
}

inline Finding find_right_slice(const Case& c) {
    for (std::size_t axis = 0; axis < c.rank(); ++axis) {
        const std::optional<std::size_t> index = shared_index(c, axis, c.right);
        if (!index) continue;
        const std::string& name = c.axes[axis];
        return found(MistakePattern::region,
                     "right in " + slice_text(name, *index, c.facts.shape[axis]) +
                         " only: does the loop, or the sum, run over all " + name + "s?");
    }
    return {};
}

inline Finding find_wrong_half(const Case& c) {
    const auto parity = [&](std::size_t axis, const std::vector<std::size_t>& chosen) {
        std::vector<bool> seen(2);
        for (const std::size_t k : chosen) seen[c.places[k][axis] % 2] = true;
        return seen;
    };
    for (std::size_t axis = 0; axis < c.rank(); ++axis) {
        const std::vector<bool> wrong = parity(axis, c.wrong);
        const std::vector<bool> right = parity(axis, c.right);
        if (c.facts.shape[axis] < 3 || wrong == right || wrong[0] == wrong[1]) continue;
        if (right[0] == right[1]) continue;
        return found(MistakePattern::region,
                     join("right except in every second ", c.axes[axis], wrong_there(c),
                          ": is every place of a window or a stride visited?"));
    }
    return {};
}

inline Finding find_region(const Case& c) {
    if (c.right.empty() || c.places.empty()) return {};
    for (const auto find :
         {find_wrong_slice, find_wrong_edges, find_right_slice, find_wrong_half}) {
        if (const Finding finding = find(c)) return finding;
    }
    return {};
}

inline Finding find_not_masked(const Case& c) {
    if (c.right.size() < min_evidence) return {};
    for (const std::size_t k : c.wrong) {
        if (!c.zero(c.expected(k))) return {};
    }
    return found(MistakePattern::not_masked,
                 join("not zero in ", c.wrong.size(), " places where it should be, and right ",
                      "elsewhere: is a mask missing?"));
}

inline Finding find_missing_accumulation(const Case& c) {
    constexpr std::size_t max_per_right = 10;  // at least a tenth of the values must be right
    if (c.right.size() < min_evidence || c.right.size() * max_per_right < c.telling.size()) {
        return {};
    }
    const std::string question =
        ": are contributions added (+=) where they meet, none overwritten or left out?";
    const auto is_zero = [&](std::size_t k) { return c.zero(c.got(k)); };
    const bool zeros = std::all_of(c.wrong.begin(), c.wrong.end(), is_zero);
    if (zeros) {
        return found(MistakePattern::missing_accumulation,
                     join("zero in ", c.wrong.size(), " of ", c.telling.size(),
                          " places where it should not be", question));
    }
    return found(
        MistakePattern::missing_accumulation,
        join("right in only ", c.right.size(), " of ", c.telling.size(), " places", question));
}

}  // namespace diagnosis_detail
}  // namespace nst
