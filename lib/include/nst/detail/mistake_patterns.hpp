// The catalogue of mistakes that diagnose knows. Included by diagnosis.hpp.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include "nst/detail/places.hpp"
#include "nst/diagnosis.hpp"

namespace nst {
namespace diagnosis_detail {

constexpr std::size_t least_evidence = 2;  // values that must agree before places are compared
constexpr std::size_t most_parts = 10;     // all their subsets are tried
constexpr double nice_share = 1e-4;        // how far a factor may be from the number it is named

// ---- a comparison, sorted into right and wrong ----

struct Case {
    explicit Case(const Comparison& comparison)
        : facts(comparison),
          axes(comparison.axes.empty() ? axis_names(comparison.shape.size()) : comparison.axes),
          allowed(comparison.tolerance *
                  std::max(largest(comparison.got), largest(comparison.expected))) {
        for (std::size_t k = 0; k < facts.known.size(); ++k) {
            if (!facts.shape.empty()) places.push_back(unravel(facts.known[k], facts.shape));
            if (zero(got(k)) && zero(expected(k))) continue;
            (std::abs(got(k) - expected(k)) <= allowed ? right : wrong).push_back(k);
            telling.push_back(k);
        }
    }

    std::size_t size() const { return facts.known.size(); }
    double got(std::size_t k) const { return facts.got[facts.known[k]]; }
    double expected(std::size_t k) const { return facts.expected[k]; }
    bool zero(double value) const { return std::abs(value) <= allowed; }
    bool equal(double a, double b) const { return std::abs(a - b) <= 2 * allowed; }
    std::size_t rank() const { return facts.shape.size(); }
    bool equals(const std::vector<double>& values) const {
        for (std::size_t k = 0; k < facts.got.size(); ++k) {
            if (!equal(facts.got[k], values[k])) return false;
        }
        return true;
    }

    const Comparison& facts;
    std::vector<std::string> axes;
    double allowed;
    std::vector<Place> places;
    // Numbers of compared values. Those that are zero in both tell nothing and are in none.
    std::vector<std::size_t> right;
    std::vector<std::size_t> wrong;
    std::vector<std::size_t> telling;  // right and wrong
};

using Finding = std::optional<Diagnosis>;

inline Finding found(MistakePattern pattern, const std::string& words, double factor = 1) {
    return Diagnosis{pattern, factor, words};
}

// ---- what the caller knows ----

inline Finding find_suspect(const Case& c) {
    for (const NamedValues& suspect : c.facts.suspects) {
        if (c.equals(suspect.values)) return found(MistakePattern::suspect, suspect.name);
    }
    return {};
}

// Which parts got is a sum of: a bit for each part.
inline bool is_sum_of(const Case& c, std::size_t bits, std::size_t twice) {
    std::vector<double> sum(c.facts.got.size());
    for (std::size_t p = 0; p < c.facts.parts.size(); ++p) {
        if ((bits >> p & 1) == 0) continue;
        const double times = p == twice ? 2 : 1;
        for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += times * c.facts.parts[p].values[k];
    }
    return c.equals(sum);
}

inline std::string missing_words(const std::vector<NamedValues>& parts, std::size_t bits) {
    std::string missing;
    std::string present;
    for (std::size_t p = 0; p < parts.size(); ++p) {
        std::string& names = (bits >> p & 1) == 0 ? missing : present;
        names += (names.empty() ? "" : ", ") + parts[p].name;
    }
    return "only the part of " + present + " is there, " + missing +
           " is missing: are gradients added (+=) where they meet, not overwritten?";
}

inline Finding find_missing_part(const Case& c) {
    const std::size_t count = c.facts.parts.size();
    const std::size_t all = (std::size_t(1) << count) - 1;
    for (std::size_t bits = 1; bits < all; ++bits) {
        if (is_sum_of(c, bits, count)) {
            return found(MistakePattern::missing_part, missing_words(c.facts.parts, bits));
        }
    }
    for (std::size_t twice = 0; twice < count; ++twice) {
        if (is_sum_of(c, all, twice)) {
            return found(MistakePattern::missing_part,
                         "the part of " + c.facts.parts[twice].name + " is counted twice");
        }
    }
    return {};
}

// ---- multiples ----

// The number that all chosen values are too large by, or nothing when there is no one number.
inline std::optional<double> common_factor(const Case& c, const std::vector<std::size_t>& chosen) {
    double products = 0;
    double squares = 0;
    double size = 0;
    for (const std::size_t k : chosen) {
        products += c.got(k) * c.expected(k);
        squares += c.expected(k) * c.expected(k);
        size = std::max(size, std::abs(c.got(k)));
    }
    if (squares == 0 || size == 0) return {};
    const double factor = products / squares;
    for (const std::size_t k : chosen) {
        if (std::abs(c.got(k) - factor * c.expected(k)) > 2 * c.facts.tolerance * size) return {};
    }
    return factor;
}

inline bool is_nearly(double value, double wanted) {
    return std::abs(value - wanted) <= nice_share * wanted;
}

struct Product {
    double number;
    std::string names;
};

// The products of some extents: rows, columns, rows * columns, ...
inline std::vector<Product> products_of_extents(const Case& c) {
    std::vector<Product> products;
    for (std::size_t bits = 1; bits < std::size_t(1) << c.rank(); ++bits) {
        Product product{1, ""};
        for (std::size_t a = 0; a < c.rank(); ++a) {
            if ((bits >> a & 1) == 0) continue;
            product.number *= static_cast<double>(c.facts.shape[a]);
            product.names += (product.names.empty() ? "" : " * ") + c.axes[a] + "s";
        }
        if (product.number > 1) products.push_back(product);
    }
    return products;
}

// "rows * columns = 12" when the number is such a product; or, among others, its square, or 2 or 4
// times one of them.
inline std::string product_words(double number, const Case& c, bool among_others) {
    const std::string end = " = " + text(number);
    const std::vector<Product> products = products_of_extents(c);
    for (const Product& product : products) {
        if (is_nearly(number, product.number)) return product.names + end;
    }
    if (!among_others) return {};
    for (const Product& product : products) {
        const bool one = product.names.find(' ') == std::string::npos;
        const std::string square = (one ? product.names : "(" + product.names + ")") + "^2";
        for (const double times : {1.0, 2.0, 4.0}) {
            const std::string prefix = times > 1 ? text(times) + " * " : "";
            if (is_nearly(number, times * product.number)) return prefix + product.names + end;
            if (is_nearly(number, times * product.number * product.number)) {
                return prefix + square + end;
            }
        }
    }
    return {};
}

// A question about a number above 1 that says something by itself.
inline std::string number_question(double number, bool too_large) {
    constexpr double largest_whole = 16;  // a larger one is rather a product of extents
    if (is_nearly(number, 2)) {
        return too_large ? "is the 1/2 there, and nothing added twice?"
                         : "is the 2 there, as from the derivative of a square?";
    }
    if (is_nearly(number, 255) || is_nearly(number, 256)) {
        return "are values 0 to 1 or 0 to 255?";
    }
    const double whole = std::round(number);
    if (whole > largest_whole || !is_nearly(number, whole)) return {};
    return too_large ? "is the 1/" + text(whole) + " there?"
                     : "is the " + text(whole) + " there, or a 1/" + text(whole) + " too many?";
}

// A question that may help when a value is too large (or too small) by a number above 1.
inline std::string factor_question(double number, bool too_large, const Case& c) {
    const std::string question = number_question(number, too_large);
    const std::string product = product_words(number, c, question.empty());
    if (product.empty()) return question;
    const std::string division = "the division by " + product;
    if (!question.empty()) return question + " Or " + division + "?";
    return too_large ? "is " + division + " there?" : "is " + division + " done once too often?";
}

struct FactorWords {
    std::string words;
    bool known;  // whether the number itself says what it is
};

inline FactorWords factor_words(double factor, const Case& c) {
    const double size = std::abs(factor);
    if (is_nearly(size, 1)) {
        return {"the sign is wrong: is it (a - b) where (b - a) is meant?", true};
    }
    const double number = size > 1 ? size : 1 / size;
    const std::string question = factor_question(number, size > 1, c);
    std::string words = factor < 0 ? "the sign is wrong, and the size is " : "";
    words += text(number) + (size > 1 ? " times too large" : " times too small");
    words += question.empty() ? ": is there a constant too many or missing?" : ": " + question;
    return {words, !question.empty()};
}

inline Finding find_zero(const Case& c) {
    if (largest(c.facts.got) > 0) return {};
    return found(MistakePattern::zero,
                 "zero everywhere: is the result written, and the right variable returned?");
}

inline Finding find_factor(const Case& c) {
    const std::optional<double> factor = common_factor(c, c.telling);
    if (!factor || std::abs(*factor - 1) <= c.facts.tolerance) return {};
    const FactorWords said = factor_words(*factor, c);
    // Any single number is a multiple of another, so that alone says nothing.
    if (c.telling.size() < least_evidence && !said.known) return {};
    const bool sign = is_nearly(-*factor, 1);
    return found(sign ? MistakePattern::sign : MistakePattern::factor, said.words, *factor);
}

inline Finding find_offset(const Case& c) {
    if (c.size() <= least_evidence) return {};
    const double offset = c.got(0) - c.expected(0);
    for (std::size_t k = 0; k < c.size(); ++k) {
        if (!c.equal(c.got(k) - c.expected(k), offset)) return {};
    }
    return found(MistakePattern::offset,
                 join("too ", offset > 0 ? "large" : "small", " by ", text(std::abs(offset)),
                      " everywhere: is a constant added or subtracted that should not be?"));
}

// Numbers of the chosen values, by their index along one axis.
inline std::vector<std::vector<std::size_t>> slices(const Case& c, std::size_t axis,
                                                    const std::vector<std::size_t>& chosen) {
    std::vector<std::vector<std::size_t>> numbers(c.facts.shape[axis]);
    for (const std::size_t k : chosen) numbers[c.places[k][axis]].push_back(k);
    return numbers;
}

inline Finding find_factor_per_slice(const Case& c) {
    constexpr std::size_t most_told = 4;
    for (std::size_t axis = 0; axis < c.rank(); ++axis) {
        std::vector<double> factors;
        bool all = true;
        for (const std::vector<std::size_t>& slice : slices(c, axis, c.telling)) {
            if (slice.empty()) continue;
            const std::optional<double> factor =
                slice.size() < least_evidence ? std::nullopt : common_factor(c, slice);
            all = all && factor;
            if (factor) factors.push_back(*factor);
        }
        if (!all || factors.size() < least_evidence) continue;
        std::string told;
        for (std::size_t f = 0; f < std::min(factors.size(), most_told); ++f) {
            told += (f > 0 ? ", " : "") + text(factors[f]);
        }
        if (factors.size() > most_told) told += ", ...";
        return found(MistakePattern::factor_per_slice,
                     "each " + c.axes[axis] + " is multiplied by a number of its own (" + told +
                         "): is a weight or a sum taken along the wrong axis?");
    }
    return {};
}

// ---- the right values in other places ----

// Whether got, read at source(place), is right at place, wherever there is a source; and whether
// most of these values are wrong where they stand.
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
    return count >= least_evidence && 2 * moved >= count;
}

// order[a] tells which axis stands at position a.
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
    constexpr std::size_t most_axes = 4;  // 24 orders
    if (c.rank() < 2 || c.rank() > most_axes) return {};
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

// One step along each axis, both ways, and the four diagonal steps of rows and columns.
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

// ---- right in some places ----

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

// The same values, in an order that is none of those above.
inline Finding find_misplaced(const Case& c) {
    if (c.size() < c.facts.got.size() || c.telling.size() <= least_evidence) return {};
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

// What the wrong values of a part of the tensor have in common.
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

// The index of the one slice along an axis that holds all chosen values, when at least half of what
// it holds is chosen.
inline std::optional<std::size_t> shared_index(const Case& c, std::size_t axis,
                                               const std::vector<std::size_t>& chosen) {
    if (chosen.size() < least_evidence || c.facts.shape[axis] < 2) return {};
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

// Whether the wrong values are those at the edges; last_only looks at the last row and column.
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
    if (c.right.size() < least_evidence) return {};
    for (const std::size_t k : c.wrong) {
        if (!c.zero(c.expected(k))) return {};
    }
    return found(MistakePattern::not_masked,
                 join("not zero in ", c.wrong.size(), " places where it should be, and right ",
                      "elsewhere: is a mask missing?"));
}

inline Finding find_missing_accumulation(const Case& c) {
    constexpr std::size_t least_share = 10;  // of the values, at least a tenth must be right
    if (c.right.size() < least_evidence || c.right.size() * least_share < c.telling.size()) {
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

// ---- the catalogue ----

// In this order: what the caller knows, the simple, the specific, the vague. A new pattern is one
// function and one line here.
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
