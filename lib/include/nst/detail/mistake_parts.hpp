// Mistakes that the caller knows of: suspects, and a missing one of several parts.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nst/detail/mistake_case.hpp"

namespace nst {
namespace diagnosis_detail {

constexpr std::size_t max_parts = 10;  // all their subsets are tried

inline Finding find_suspect(const Case& c) {
    for (const NamedValues& suspect : c.facts.suspects) {
        if (c.equals(suspect.values)) return found(MistakePattern::suspect, suspect.name);
    }
    return {};
}

// Whether got is the sum of the parts in `bits`, one bit for each part.
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

}  // namespace diagnosis_detail
}  // namespace nst
