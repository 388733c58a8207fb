// One way to check arguments: require(condition, "function: expectation, got ", value, ...).
#pragma once

#include <locale>
#include <sstream>
#include <string>

#include "nst/error.hpp"
#include "nst/printable_text.hpp"

namespace nst {

/// A stream for text composed in memory. When memory runs out, a plain stream silently drops text;
/// this one throws std::bad_alloc. Numbers look the same whatever the program's global locale is.
class TextStream : public std::ostringstream {
  public:
    TextStream() {
        imbue(std::locale::classic());
        exceptions(badbit);
    }
};

/// Throws Error with all the parts written one after another, on one line.
template <class... Parts>
[[noreturn]] void fail(const Parts&... parts) {
    TextStream line;
    (line << ... << parts);
    throw Error(printable_text(line.str()));
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
