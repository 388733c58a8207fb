// The command's way to check arguments, like the library's: require(condition, "what", value, ...).
#pragma once

#include <locale>
#include <sstream>

#include "nst/error.hpp"
#include "nst/printable_text.hpp"

namespace nst::tools {

/// A stream for text composed in memory: throws std::bad_alloc where a plain stream would silently
/// drop text, and writes numbers the same way under any global locale.
class TextStream : public std::ostringstream {
  public:
    TextStream() {
        imbue(std::locale::classic());
        exceptions(badbit);
    }
};

/// Throws Error with the parts, one after another on one line, unless the condition holds.
template <class... Parts>
void require(bool condition, const Parts&... parts) {
    if (condition) return;
    TextStream line;
    (line << ... << parts);
    throw Error(printable_text(line.str()));
}

}  // namespace nst::tools
