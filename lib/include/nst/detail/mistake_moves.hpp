// The right values in other places: axes exchanged, an axis reversed, an index off by one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "nst/detail/mistake_case.hpp"

namespace nst {
namespace diagnosis_detail {

// Whether got at source(place) is right for place, wherever source(place) exists, and most of these
// values are wrong where they are.
template <class Source>
bool right_when_moved(const Case& c, const Source& source) {
    std::size_t count = 0;
    std::size_t moved = 0;
    for (std::size_t k = 0; k < c.size(); ++k) {
        const std::optional<std::size_t> from = source(c.places[k]);
        if (!from) continue;
        if (!c.equal(c.facts.got[*from], c.expected(k))) return false;
        if (c.zero(c.expected(k)) && c.zero(c.got(k))) continue;
        ++count;
        if (!c.equal(c.got(k), c.expected(k))) ++moved;
    }
    return count >= min_evidence && 2 * moved >= count;
}

// order[a] is the axis at position a.
inline std::string order_words(const Place& order, const Case& c) {
    std::string names;
    std::vector<std::size_t> displaced;
    for (std::size_t a = 0; a < order.size(); ++a) {
        names += (a > 0 ? ", " : "") + c.axes[order[a]];
        if (order[a] != a) displaced.push_back(a);
    }
    const std::size_t first = displaced[0];
    const std::size_t second = displaced[1];
    const bool same_shape = c.facts.shape[first] == c.facts.shape[second];
    const std::string reshape = ": is a transpose needed where there is a reshape?";
    if (displaced.size() > 2) return "equal when read in the order (" + names + ")" + reshape;
    const std::string pair = c.axes[first] + "s and " + c.axes[second] + "s";
    if (same_shape) return "equal after transposing: are " + pair + " exchanged?";
    return "equal when " + pair + " are exchanged in memory" + reshape;
}

inline Finding find_transposed(const Case& c) {
    constexpr std::size_t max_axes = 4;  // 24 orders
    if (c.rank() < 2 || c.rank() > max_axes) return {};
    Place order(c.rank());
    std::iota(order.begin(), order.end(), std::size_t(0));
    const auto reordered = [&](const Place& place) {
        Place result;
        for (const std::size_t axis : order) result.push_back(place[axis]);
        return result;
    };
    while (std::next_permutation(order.begin(), order.end())) {
        const Place shape = reordered(c.facts.shape);
        const auto source = [&](const Place& place) {
            return std::optional<std::size_t>(ravel(reordered(place), shape));
        };
        if (right_when_moved(c, source)) {
            return found(MistakePattern::transposed, order_words(order, c));
        }
    }
    return {};
}

inline std::string reversed_words(std::size_t bits, const Case& c) {
    std::string names;
    for (std::size_t a = 0; a < c.rank(); ++a) {
        if ((bits >> a & 1) == 1) names += (names.empty() ? "" : " and ") + c.axes[a] + "s";
    }
    const std::string words = "equal after reversing the order of " + names;
    const bool three_channels = names == "channels" && c.facts.shape.back() == 3;
    return words +
           (three_channels ? ": BGR where RGB is meant?" : ": does an index run backwards?");
}

inline Finding find_reversed(const Case& c) {
    const Place& shape = c.facts.shape;
    for (std::size_t bits = 1; bits < std::size_t(1) << c.rank(); ++bits) {
        const auto source = [&](Place place) {
            for (std::size_t a = 0; a < place.size(); ++a) {
                if ((bits >> a & 1) == 1) place[a] = shape[a] - 1 - place[a];
            }
            return std::optional<std::size_t>(ravel(place, shape));
        };
        if (right_when_moved(c, source)) {
            return found(MistakePattern::reversed, reversed_words(bits, c));
        }
    }
    return {};
}

// Returns one step along each axis, in both directions, and the four diagonal steps of rows and
// columns.
inline std::vector<std::vector<int>> single_steps(std::size_t rank) {
    std::vector<std::vector<int>> steps;
    for (std::size_t a = 0; a < rank; ++a) {
        for (const int way : {1, -1}) {
            steps.emplace_back(rank, 0).at(a) = way;
        }
    }
    if (rank < 2) return steps;
    for (const int down : {1, -1}) {
        for (const int right : {1, -1}) {
            std::vector<int>& step = steps.emplace_back(rank, 0);
            step[0] = down;
            step[1] = right;
        }
    }
    return steps;
}

inline std::optional<std::size_t> stepped(Place place, const std::vector<int>& step,
                                          const Place& shape) {
    for (std::size_t a = 0; a < place.size(); ++a) {
        if (step[a] < 0 && place[a] == 0) return {};
        if (step[a] > 0 && place[a] + 1 == shape[a]) return {};
        if (step[a] != 0) place[a] = step[a] > 0 ? place[a] + 1 : place[a] - 1;
    }
    return ravel(place, shape);
}

inline Finding find_shifted(const Case& c) {
    for (const std::vector<int>& step : single_steps(c.rank())) {
        const auto source = [&](const Place& place) { return stepped(place, step, c.facts.shape); };
        if (!right_when_moved(c, source)) continue;
        std::string ways;
        for (std::size_t a = 0; a < step.size(); ++a) {
            if (step[a] == 0) continue;
            ways += join(ways.empty() ? "" : " and ", "one ", c.axes[a],
                         step[a] > 0 ? " too far" : " too early");
        }
        return found(MistakePattern::shifted,
                     "shifted: everything stands " + ways + ": is an index off by one?");
    }
    return {};
}

// Finds the same values in an order that matches none of the moves above.
inline Finding find_misplaced(const Case& c) {
    if (c.size() < c.facts.got.size() || c.telling.size() <= min_evidence) return {};
    std::vector<double> got = c.facts.got;
    std::vector<double> expected = c.facts.expected;
    std::sort(got.begin(), got.end());
    std::sort(expected.begin(), expected.end());
    for (std::size_t k = 0; k < got.size(); ++k) {
        if (!c.equal(got[k], expected[k])) return {};
    }
    return found(
        MistakePattern::misplaced,
        join("the right values, but ", c.wrong.size(), " of ", c.telling.size(),
             " in a wrong place: is an index, or the place of a maximum, computed wrongly?"));
}

}  // namespace diagnosis_detail
}  // namespace nst
