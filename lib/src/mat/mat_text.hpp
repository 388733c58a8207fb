// Converts text between UTF-8, which the library uses, and the encodings of a `.mat`.
#pragma once

#include <matio.h>

#include <cstdint>
#include <string>
#include <vector>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Returns the `bytes` bytes of a char array, as matio read them, in UTF-8. Anything that is not a
/// character, such as half of a surrogate pair, becomes U+FFFD.
std::string utf8_text(matio_types type, const void* data, std::size_t bytes);

/// Returns UTF-8 with U+FFFD for every sequence of bytes that is not a character.
std::string repaired_utf8(const std::string& utf8);

/// Converts UTF-8 to UTF-16, as MATLAB stores text. A sequence that is not UTF-8 becomes U+FFFD.
std::vector<std::uint16_t> utf16_text(const std::string& utf8);

}  // namespace NST_PRECISION
}  // namespace nst
