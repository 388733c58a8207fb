// The command's way to check arguments, like the library's: require(condition, "what", value, ...).
#pragma once

#include <sstream>

#include "nst/error.hpp"

namespace nst::tools {

/// A stream for text composed in memory: throws std::bad_alloc where a plain stream would silently
/// drop text.
class TextStream : public std::ostringstream {
  public:
    TextStream() { exceptions(badbit); }
};

/// Throws Error with the parts, one after another, unless the condition holds. main ensures that
/// the message stays on one line.
template <class... Parts>
void require(bool condition, const Parts&... parts) {
    if (condition) return;
    TextStream line;
    (line << ... << parts);
    throw Error(line.str());
}

}  // namespace nst::tools
