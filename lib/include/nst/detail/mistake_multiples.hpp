// Mistakes that multiply by a number or add one: a factor, a sign, zero, an offset.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "nst/detail/mistake_case.hpp"

namespace nst {
namespace diagnosis_detail {

constexpr double nice_share = 1e-4;  // how far a factor may be from the number it is named

// Returns the factor by which all chosen values are too large, or nothing when they share none.
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

// Returns the products of some extents: rows, columns, rows * columns, ...
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

// Returns "rows * columns = 12" when the number is such a product; with among_others, also for its
// square, or 2 or 4 times such a product.
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

// Returns a question about a number above 1 that is telling by itself.
inline std::string number_question(double number, bool too_large) {
    constexpr double largest_whole = 16;  // a larger number is more likely a product of extents
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

// Returns a question that may help when a value is too large (or too small) by a factor above 1.
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
    bool known;  // whether the number itself explains the mistake
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
    // Any single number is a multiple of any other, so that alone proves nothing.
    if (c.telling.size() < min_evidence && !said.known) return {};
    const bool sign = is_nearly(-*factor, 1);
    return found(sign ? MistakePattern::sign : MistakePattern::factor, said.words, *factor);
}

inline Finding find_offset(const Case& c) {
    if (c.size() <= min_evidence) return {};
    const double offset = c.got(0) - c.expected(0);
    for (std::size_t k = 0; k < c.size(); ++k) {
        if (!c.equal(c.got(k) - c.expected(k), offset)) return {};
    }
    return found(MistakePattern::offset,
                 join("too ", offset > 0 ? "large" : "small", " by ", text(std::abs(offset)),
                      " everywhere: is a constant added or subtracted that should not be?"));
}

// Groups the chosen values by their index along one axis.
inline std::vector<std::vector<std::size_t>> slices(const Case& c, std::size_t axis,
                                                    const std::vector<std::size_t>& chosen) {
    std::vector<std::vector<std::size_t>> numbers(c.facts.shape[axis]);
    for (const std::size_t k : chosen) numbers[c.places[k][axis]].push_back(k);
    return numbers;
}

inline Finding find_factor_per_slice(const Case& c) {
    constexpr std::size_t max_told = 4;
    for (std::size_t axis = 0; axis < c.rank(); ++axis) {
        std::vector<double> factors;
        bool all = true;
        for (const std::vector<std::size_t>& slice : slices(c, axis, c.telling)) {
            if (slice.empty()) continue;
            const std::optional<double> factor =
                slice.size() < min_evidence ? std::nullopt : common_factor(c, slice);
            all = all && factor;
            if (factor) factors.push_back(*factor);
        }
        if (!all || factors.size() < min_evidence) continue;
        std::string told;
        for (std::size_t f = 0; f < std::min(factors.size(), max_told); ++f) {
            told += (f > 0 ? ", " : "") + text(factors[f]);
        }
        if (factors.size() > max_told) told += ", ...";
        return found(MistakePattern::factor_per_slice,
                     "each " + c.axes[axis] + " is multiplied by a number of its own (" + told +
                         "): is a weight or a sum taken along the wrong axis?");
    }
    return {};
}

}  // namespace diagnosis_detail
}  // namespace nst
