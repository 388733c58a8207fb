// One way to check arguments: require(condition, "function: expectation, got ", value, ...).
#pragma once

#include <sstream>
#include <string>

#include "nst/error.hpp"

namespace nst {

/// Replaces every control character by '?', so that the text stays on its line and leaves the
/// terminal unchanged, even if it contains the name of a hostile file.
inline std::string without_controls(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    return text;
}

/// A stream for text composed in memory. When memory runs out, a plain stream silently drops text;
/// this one throws std::bad_alloc.
class TextStream : public std::ostringstream {
  public:
    TextStream() { exceptions(badbit); }
};

/// Throws Error with all the parts written one after another, on one line.
template <class... Parts>
[[noreturn]] void fail(const Parts&... parts) {
    TextStream line;
    (line << ... << parts);
    throw Error(without_controls(line.str()));
}

/// Throws Error with the parts unless the condition holds. The message is composed only then, so
/// that a check costs no more than its condition: pass printable parts, not a finished text.
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

/// Wraps a shape as part of a message. The result refers to the shape, even to a temporary one.
template <class Shape>
ShapeText<Shape> shape_text(const Shape& shape) {
    return {shape};
}

}  // namespace nst
