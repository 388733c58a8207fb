// The beginning of every message about a file, and the cleaning of text from a file for such a
// message.
#pragma once

#include <filesystem>
#include <string>

#include "base/require.hpp"
#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Prepares text for a one-line message or a table: printable_text, with "..." for everything
/// beyond `longest` bytes.
inline std::string one_line(const std::string& raw, std::size_t longest = 80) {
    const std::string text = printable_text(raw);
    if (text.size() <= longest) return text;
    std::size_t end = longest - 3;
    while (end > 0 && (text[end] & 0xc0) == 0x80) --end;  // do not cut a UTF-8 character in half
    return text.substr(0, end) + "...";
}

/// Begins every message with the function and the file: "load_vgg19: weights.mat ...".
struct FileErrorContext {
    std::string function;
    std::filesystem::path file;

    template <class... Parts>
    [[noreturn]] void fail(const Parts&... parts) const {
        nst::fail(function, ": ", file.string(), " ", parts...);
    }

    template <class... Parts>
    void require(bool condition, const Parts&... parts) const {
        if (!condition) fail(parts...);
    }
};

}  // namespace NST_PRECISION
}  // namespace nst
