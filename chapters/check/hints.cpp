#include "check/hints.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>

#include "nst/diagnosis.hpp"

namespace course {

namespace {

constexpr double digits = 1e-9;        // of the largest number: sums in double, in any order
constexpr double float_digits = 2e-6;  // what a sum in float of some hundred numbers loses
constexpr double factor_digits = 1e-6;

double largest(const std::vector<double>& numbers) {
    double most = 0;
    for (const double number : numbers) most = std::max(most, std::abs(number));
    return most;
}

bool agree_within(const Value& got, const Value& expected, double tolerance) {
    if (got.shape != expected.shape) return false;
    const double allowed = tolerance * std::max(largest(got.numbers), largest(expected.numbers));
    for (std::size_t k = 0; k < got.numbers.size(); ++k) {
        // Written so that a NaN disagrees; where a number is infinite, so is what is allowed.
        const double difference = std::abs(got.numbers[k] - expected.numbers[k]);
        if (!(difference <= allowed) || std::isinf(difference)) return false;
    }
    return true;
}

bool agree_within(const Result& got, const Result& expected, double tolerance) {
    if (got.values.size() != expected.values.size()) return false;
    for (std::size_t v = 0; v < got.values.size(); ++v) {
        if (!agree_within(got.values[v], expected.values[v], tolerance)) return false;
    }
    return true;
}

using Words = std::optional<std::string>;

// A known mistake that gives the student's answer in every case. It must differ from the right
// one in some case, or it says nothing.
Words find_suspect(const Function& function, const std::vector<Answer>& answers) {
    for (std::size_t s = 0; s < function.suspects.size(); ++s) {
        bool all = true;
        for (std::size_t k = 0; k < answers.size() && all; ++k) {
            const Result& wrong = function.cases[k].suspects[s];
            all = !answers[k].got || agree_within(*answers[k].got, wrong, factor_digits);
        }
        const bool any = std::any_of(answers.begin(), answers.end(),
                                     [](const Answer& a) { return a.got && !a.right; });
        if (all && any) return function.suspects[s];
    }
    return {};
}

// ---- numbers that are too large by a product of the sizes ----

struct Formula {
    double number;
    std::vector<int> powers;  // of the sizes
};

// Formulas from the simplest up: few sizes, then plain numbers.
std::vector<Formula> formulas(std::size_t sizes) {
    std::vector<Formula> all;
    std::vector<int> powers(sizes, -2);
    while (true) {
        for (const double number : {1.0, 4.0, 2.0, 0.5, 0.25, 16.0, 1 / 16.0}) {
            all.push_back({number, powers});
        }
        std::size_t k = 0;
        while (k < sizes && powers[k] == 2) powers[k++] = -2;
        if (k == sizes) break;
        ++powers[k];
    }
    const auto weight = [](const Formula& f) {
        int sum = f.number == 1 ? 0 : 1;
        for (const int power : f.powers) sum += 2 * std::abs(power);
        return sum;
    };
    std::stable_sort(all.begin(), all.end(),
                     [&](const Formula& a, const Formula& b) { return weight(a) < weight(b); });
    return all;
}

double value_of(const Formula& formula, const std::vector<Size>& sizes) {
    double value = formula.number;
    for (std::size_t k = 0; k < sizes.size(); ++k) {
        value *= std::pow(sizes[k].number, formula.powers[k]);
    }
    return value;
}

std::string product_words(const Formula& formula, const std::vector<Size>& sizes, int sign) {
    const double number = sign > 0 ? formula.number : 1 / formula.number;
    std::string words = number > 1 ? std::to_string(static_cast<int>(number)) : "";
    for (std::size_t k = 0; k < sizes.size(); ++k) {
        const int power = sign * formula.powers[k];
        if (power <= 0) continue;
        words += (words.empty() ? "" : " ") + sizes[k].name + (power == 2 ? "^2" : "");
    }
    return words;
}

std::string formula_words(const Formula& formula, const std::vector<Size>& sizes) {
    const std::string over = product_words(formula, sizes, 1);
    const std::string under = product_words(formula, sizes, -1);
    if (under.empty()) return over + " times too large: is the division by " + over + " there?";
    if (over.empty()) {
        return under + " times too small: is the division by " + under + " done once too often?";
    }
    return "too large by " + over + " / " + under + ": what is divided by?";
}

// The formula that gives the factor of every wrong case. At least two cases must say so.
Words find_size_factor(const Function& function, const std::vector<Answer>& answers) {
    if (function.cases[0].sizes.empty()) return {};
    std::vector<std::pair<double, const std::vector<Size>*>> factors;
    for (std::size_t k = 0; k < answers.size(); ++k) {
        if (!answers[k].got) continue;
        const Value& got = answers[k].got->values[0];
        const double expected = function.cases[k].expected.values[0].numbers[0];
        if (!got.shape.empty() || (expected == 0 && !answers[k].right)) return {};
        if (expected == 0) continue;
        factors.emplace_back(got.numbers[0] / expected, &function.cases[k].sizes);
    }
    if (factors.size() < 2) return {};
    for (const Formula& formula : formulas(function.cases[0].sizes.size())) {
        const auto fits = [&](const auto& factor) {
            const double wanted = value_of(formula, *factor.second);
            return std::abs(factor.first - wanted) <= factor_digits * wanted;
        };
        if (!std::all_of(factors.begin(), factors.end(), fits)) continue;
        const bool plain = std::all_of(formula.powers.begin(), formula.powers.end(),
                                       [](int power) { return power == 0; });
        if (plain) return {};  // diagnose has better words for a plain number
        return formula_words(formula, function.cases[0].sizes);
    }
    return {};
}

// ---- what the right or the wrong cases have in common ----

// That 0 is right may be luck.
bool is_zero(const Result& result) {
    return std::all_of(result.values.begin(), result.values.end(),
                       [](const Value& value) { return largest(value.numbers) == 0; });
}

Words find_trait(const Function& function, const std::vector<Answer>& answers) {
    for (std::size_t t = 0; t < function.traits.size(); ++t) {
        const Trait& trait = function.traits[t];
        bool right_only = true;
        bool wrong_only = true;
        for (std::size_t k = 0; k < answers.size(); ++k) {
            if (answers[k].right && is_zero(function.cases[k].expected)) continue;
            const bool has = function.cases[k].traits[t];
            right_only = right_only && answers[k].right == has;
            wrong_only = wrong_only && answers[k].right != has;
        }
        if (right_only && !trait.right_only.empty()) {
            return "right on " + trait.name + " only: " + trait.right_only;
        }
        if (wrong_only && !trait.wrong_only.empty()) {
            return "wrong on " + trait.name + " only: " + trait.wrong_only;
        }
    }
    return {};
}

// ---- one case ----

bool is_finite(const Value& value) {
    return std::all_of(value.numbers.begin(), value.numbers.end(),
                       [](double number) { return std::isfinite(number); });
}

// Memory of a new tensor is filled before a check with numbers of this size.
bool is_garbage(const Value& value) {
    return std::any_of(value.numbers.begin(), value.numbers.end(),
                       [](double number) { return !(std::abs(number) < 1e100); });
}

nst::Diagnosis diagnose_value(const Value& got, const Value& expected) {
    if (got.shape != expected.shape) return nst::diagnose_shape(got.shape, expected.shape);
    nst::Comparison comparison;
    comparison.shape = got.shape;
    comparison.got = got.numbers;
    comparison.expected = expected.numbers;
    for (std::size_t k = 0; k < got.numbers.size(); ++k) comparison.known.push_back(k);
    return nst::diagnose(comparison);
}

// Patterns that speak of places, and so of one case only.
bool is_of_places(nst::MistakePattern pattern) {
    using nst::MistakePattern;
    return pattern == MistakePattern::region || pattern == MistakePattern::missing_accumulation ||
           pattern == MistakePattern::factor_per_slice;
}

// The words of a diagnosis; of a number that is 0, what C++ does with whole numbers too.
std::string diagnosis_words(const nst::Diagnosis& diagnosis, const Value& expected) {
    std::string words = (expected.name.empty() ? "" : expected.name + ": ") + diagnosis.words;
    if (diagnosis.pattern == nst::MistakePattern::zero && expected.shape.empty()) {
        words +=
            " And is a whole number divided by a whole number? In C++ 1/4 is 0: write 1.0 / 4.";
    }
    return words;
}

// The first wrong case that says more than "unknown". Only that of the first wrong case, which is
// the one that is shown, may speak of places; with a trait it does not.
Words find_diagnosis(const Function& function, const std::vector<Answer>& answers, bool has_trait) {
    bool shown = true;
    for (std::size_t k = 0; k < answers.size(); ++k) {
        if (!answers[k].got || answers[k].right) continue;
        const bool places = std::exchange(shown, false) && !has_trait;
        const Result& got = *answers[k].got;
        const Result& expected = function.cases[k].expected;
        for (std::size_t v = 0; v < expected.values.size() && v < got.values.size(); ++v) {
            if (agree(got.values[v], expected.values[v])) continue;
            const std::string name = expected.values[v].name;
            const std::string prefix = name.empty() ? "" : name + " is ";
            if (is_garbage(got.values[v])) {
                return prefix +
                       "not a sensible number: is something used before it is set, or "
                       "divided by 0?";
            }
            if (!is_finite(expected.values[v])) continue;
            const nst::Diagnosis diagnosis = diagnose_value(got.values[v], expected.values[v]);
            if (diagnosis.pattern == nst::MistakePattern::unknown) break;
            if (diagnosis.pattern == nst::MistakePattern::none) break;
            if (is_of_places(diagnosis.pattern) && !places) break;
            return diagnosis_words(diagnosis, expected.values[v]);
        }
    }
    return {};
}

Words find_float(const Function& function, const std::vector<Answer>& answers) {
    for (std::size_t k = 0; k < answers.size(); ++k) {
        if (!answers[k].got) return {};
        if (!agree_within(*answers[k].got, function.cases[k].expected, float_digits)) return {};
    }
    return "right to six or seven digits: is a number kept in float, where a double is meant?";
}

}  // namespace

bool agree(const Value& got, const Value& expected) {
    return agree_within(got, expected, digits);
}

bool agree(const Result& got, const Result& expected) {
    return agree_within(got, expected, digits);
}

std::vector<std::string> hints(const Function& function, const std::vector<Answer>& answers) {
    for (const auto find : {find_suspect, find_float, find_size_factor}) {
        if (const Words words = find(function, answers)) return {*words};
    }
    std::vector<std::string> found;
    const Words trait = find_trait(function, answers);
    if (trait) found.push_back(*trait);
    const Words diagnosis = find_diagnosis(function, answers, trait.has_value());
    if (diagnosis) found.push_back(*diagnosis);
    return found;
}

}  // namespace course
