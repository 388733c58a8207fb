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

/// Throws Error with the parts unless the condition holds. The parts are put together only then, so
/// that a check costs no more than its condition: pass what prints itself, not a finished text.
template <class... Parts>
void require(bool condition, const Parts&... parts) {
    if (!condition) fail(parts...);
}

/// Prints a shape as "300x400x64".
template <class Shape>
struct ShapeText {
    const Shape& shape;

    friend std::ostream& operator<<(std::ostream& out, const ShapeText& text) {
        const char* separator = "";
        for (const auto extent : text.shape) {
            out << separator << extent;
            separator = "x";
        }
        return out;
    }
};

/// A shape as a part of a message. The result refers to the shape, also to a temporary one.
template <class Shape>
ShapeText<Shape> shape_text(const Shape& shape) {
    return {shape};
}

}  // namespace nst
