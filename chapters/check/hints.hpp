// What may be wrong with a function, told from all of its cases together.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "check/check.hpp"

namespace course {

/// What a case gave, if anything, and whether it is right.
struct Answer {
    std::optional<Result> got;
    bool right;
};

/// Whether two values agree, in shape and numbers, to nine digits of the largest.
bool agree(const Value& got, const Value& expected);

/// Whether all values of two results agree.
bool agree(const Result& got, const Result& expected);

/// Asks what may be wrong, the most telling question first.
/// @param answers  one for each case of the function, at least one of them wrong
/// @return one or two questions, or none when the error has no known shape
std::vector<std::string> hints(const Function& function, const std::vector<Answer>& answers);

}  // namespace course
