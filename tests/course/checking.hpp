// Shared by the tests of the exercise checks.
#pragma once

#include <cstddef>
#include <sstream>
#include <string>
#include <vector>

#include "check/check.hpp"
#include "support/catch.hpp"

namespace checking {

inline std::vector<course::Finding> findings(const course::Exercise& exercise) {
    std::ostringstream log;
    return course::try_exercise(exercise, log);
}

/// Requires that every function passes every case and its gradient check.
inline void passes(const course::Exercise& exercise) {
    std::ostringstream log;
    for (const course::Finding& finding : course::try_exercise(exercise, log)) {
        INFO(finding.function << "\n" << log.str());
        CHECK(finding.state == course::State::passed);
        CHECK(finding.passed > 0);
    }
}

/// Requires that every function is reported as not written.
inline void is_not_written(const course::Exercise& exercise) {
    for (const course::Finding& finding : findings(exercise)) {
        INFO(finding.function);
        CHECK(finding.state == course::State::not_written);
        CHECK(finding.passed == 0);
    }
}

/// Requires that function number k is found wrong, with a hint that begins with these words.
inline void is_named(const course::Exercise& exercise, std::size_t k, const std::string& words) {
    std::ostringstream log;
    const course::Finding finding = course::try_exercise(exercise, log).at(k);
    INFO(finding.function << ", expected the hint: " << words << "\n" << log.str());
    CHECK(finding.state != course::State::passed);
    CHECK(finding.state != course::State::not_written);
    bool said = false;
    for (const std::string& hint : finding.hints) said = said || hint.rfind(words, 0) == 0;
    CHECK(said);
}

/// The functions of an exercise with one of them replaced: `member` is its &Functions::name.
template <class Functions, class Member, class Wrong>
Functions replaced(Functions functions, Member member, Wrong wrong) {
    functions.*member = wrong;
    return functions;
}

}  // namespace checking
