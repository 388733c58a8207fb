#pragma once

#include <string>

#include "nst/api.hpp"
#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Prepares text of unknown origin, such as the name of a file or words from inside it, for a
/// terminal or a log: the result is valid UTF-8 on one line, and no terminal takes any part of it
/// for a command.
///
/// '?' replaces every control character (U+0000 to U+001F, U+007F to U+009F), every character that
/// ends a line or turns the direction of writing (U+061C, U+200E, U+200F, U+2028 to U+202E, U+2066
/// to U+2069), and every sequence of bytes that is not UTF-8. All messages of this library have
/// been prepared in this way.
///
/// @param text  any bytes
/// @throws std::bad_alloc when memory runs out
/// Introduced in chapter 01.
NST_API std::string printable_text(const std::string& text);

}  // namespace NST_PRECISION
}  // namespace nst
