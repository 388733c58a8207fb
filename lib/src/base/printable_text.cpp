#include "nst/printable_text.hpp"

#include <utf8cpp/utf8.h>

#include <cstdint>
#include <iterator>

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::uint32_t replacement = '?';

bool is_printable(std::uint32_t point) {
    const auto within = [point](std::uint32_t first, std::uint32_t last) {
        return point >= first && point <= last;
    };
    return !within(0, 0x1f) && !within(0x7f, 0x9f) && point != 0x61c && !within(0x200e, 0x200f) &&
           !within(0x2028, 0x202e) && !within(0x2066, 0x2069);
}

}  // namespace

std::string printable_text(const std::string& text) {
    std::string valid;
    utf8::replace_invalid(text.begin(), text.end(), std::back_inserter(valid), replacement);
    std::string printable;
    for (auto next = valid.cbegin(); next != valid.cend();) {
        const std::uint32_t point = utf8::unchecked::next(next);
        utf8::unchecked::append(is_printable(point) ? point : replacement,
                                std::back_inserter(printable));
    }
    return printable;
}

}  // namespace NST_PRECISION
}  // namespace nst
