// Letters for the chapters' pictures.
#pragma once

#include <cstddef>

namespace course {

constexpr std::size_t letter_width = 6;
constexpr std::size_t letter_height = 13;

/// Whether a letter has ink in that row and column of its cell. What is not printable ASCII is
/// written as '?'.
bool has_ink(char letter, std::size_t row, std::size_t column);

}  // namespace course
