// One way to refuse: require(condition, "function: expectation, got ", value, ...).
#pragma once

#include <sstream>
#include <string>

#include "nst/error.hpp"

namespace nst {

/// Throws Error with all the parts written one after the other.
template <class... Parts>
[[noreturn]] void fail(const Parts&... parts) {
    std::ostringstream line;
    (line << ... << parts);
    throw Error(line.str());
}

/// Throws Error with the parts unless the condition holds.
template <class... Parts>
void require(bool condition, const Parts&... parts) {
    if (!condition) fail(parts...);
}

/// "300x400x64" for any shape, for error messages.
template <class Shape>
std::string shape_text(const Shape& shape) {
    std::ostringstream text;
    const char* separator = "";
    for (const auto extent : shape) {
        text << separator << extent;
        separator = "x";
    }
    return text.str();
}

}  // namespace nst
