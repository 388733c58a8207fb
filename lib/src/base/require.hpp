// One way to refuse: require(condition, "function: expectation, got ", value, ...).
#pragma once

#include <sstream>
#include <string>

#include "nst/error.hpp"

namespace nst {

/// The text with '?' for every control character, so that it stays on its line and leaves the
/// terminal as it is, even when it has the name of a hostile file in it.
inline std::string without_controls(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    return text;
}

/// For text that is put together in memory. A plain stream leaves out, silently, what it has no
/// memory for; this one throws std::bad_alloc.
class TextStream : public std::ostringstream {
  public:
    TextStream() { exceptions(badbit); }
};

/// Throws Error with all the parts written one after the other, on one line.
template <class... Parts>
[[noreturn]] void fail(const Parts&... parts) {
    TextStream line;
    (line << ... << parts);
    throw Error(without_controls(line.str()));
}

/// Throws Error with the parts unless the condition holds.
template <class... Parts>
void require(bool condition, const Parts&... parts) {
    if (!condition) fail(parts...);
}

/// "300x400x64" for any shape, for error messages.
template <class Shape>
std::string shape_text(const Shape& shape) {
    TextStream text;
    const char* separator = "";
    for (const auto extent : shape) {
        text << separator << extent;
        separator = "x";
    }
    return text.str();
}

}  // namespace nst
