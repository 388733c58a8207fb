#include "mat/mat_text.hpp"

#include <utf8cpp/utf8.h>

#include <cstring>
#include <iterator>

namespace nst {
inline namespace NST_PRECISION {

namespace {

constexpr std::uint32_t replacement = 0xfffd;

bool is_high_half(std::uint32_t unit) {
    return unit >= 0xd800 && unit < 0xdc00;
}
bool is_low_half(std::uint32_t unit) {
    return unit >= 0xdc00 && unit < 0xe000;
}

/// Converts units of 8 (Latin-1), 16 (UTF-16) or 32 bits to UTF-8. By hand, because utfcpp stops at
/// a unit that is not a character.
template <class Unit>
std::string from_units(const void* data, std::size_t bytes) {
    std::vector<Unit> units(bytes / sizeof(Unit));
    if (units.empty()) return {};  // neither pointer need be valid then
    std::memcpy(units.data(), data, units.size() * sizeof(Unit));
    std::string text;
    for (std::size_t i = 0; i < units.size(); ++i) {
        std::uint32_t point = units[i];
        if (is_high_half(point) && i + 1 < units.size() && is_low_half(units[i + 1])) {
            point = 0x10000 + ((point - 0xd800) << 10) + (units[++i] - 0xdc00u);
        }
        if (is_high_half(point) || is_low_half(point) || point > 0x10ffff) point = replacement;
        utf8::append(point, std::back_inserter(text));
    }
    return text;
}

}  // namespace

std::string repaired_utf8(const std::string& utf8) {
    std::string text;
    utf8::replace_invalid(utf8.begin(), utf8.end(), std::back_inserter(text), replacement);
    return text;
}

std::string utf8_text(matio_types type, const void* data, std::size_t bytes) {
    if (type == MAT_T_UTF8) return repaired_utf8({static_cast<const char*>(data), bytes});
    if (type == MAT_T_UINT16 || type == MAT_T_INT16 || type == MAT_T_UTF16) {
        return from_units<std::uint16_t>(data, bytes);
    }
    if (type == MAT_T_UINT32 || type == MAT_T_INT32 || type == MAT_T_UTF32) {
        return from_units<std::uint32_t>(data, bytes);
    }
    return from_units<std::uint8_t>(data, bytes);
}

std::vector<std::uint16_t> utf16_text(const std::string& utf8) {
    const std::string text = repaired_utf8(utf8);
    std::vector<std::uint16_t> units;
    utf8::utf8to16(text.begin(), text.end(), std::back_inserter(units));
    return units;
}

}  // namespace NST_PRECISION
}  // namespace nst
