// One way for the command to refuse, as the library has one: require(condition, "what", value,
// ...).
#pragma once

#include <sstream>

#include "nst/error.hpp"

namespace nst::tools {

/// For text that is put together in memory: throws std::bad_alloc where a plain stream would
/// silently leave something out.
class TextStream : public std::ostringstream {
  public:
    TextStream() { exceptions(badbit); }
};

/// Throws Error with the parts, one after the other, unless the condition holds. main takes care
/// that the message stays on its line.
template <class... Parts>
void require(bool condition, const Parts&... parts) {
    if (condition) return;
    TextStream line;
    (line << ... << parts);
    throw Error(line.str());
}

}  // namespace nst::tools
