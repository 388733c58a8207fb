#include "mat/mat_text.hpp"

#include <array>
#include <cstring>

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

void append_utf8(std::string& text, std::uint32_t point) {
    if (is_high_half(point) || is_low_half(point) || point > 0x10ffff) point = replacement;
    const auto tail = [&](int shift) {
        text += static_cast<char>(0x80 | ((point >> shift) & 0x3f));
    };
    if (point < 0x80) {
        text += static_cast<char>(point);
    } else if (point < 0x800) {
        text += static_cast<char>(0xc0 | (point >> 6));
        tail(0);
    } else if (point < 0x10000) {
        text += static_cast<char>(0xe0 | (point >> 12));
        tail(6);
        tail(0);
    } else {
        text += static_cast<char>(0xf0 | (point >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

/// Converts units of 8 (Latin-1), 16 (UTF-16) or 32 bits to UTF-8.
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
        append_utf8(text, point);
    }
    return text;
}

/// Returns the character that begins at `at` and moves `at` past it, or past one byte if no
/// character begins there.
std::uint32_t next_point(const std::string& utf8, std::size_t& at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(utf8[i]); };
    const std::size_t start = at++;
    const std::uint32_t first = byte(start);
    if (first < 0x80) return first;
    const std::size_t tails = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || start + tails >= utf8.size()) return replacement;
    std::uint32_t point = first & (0x3fu >> tails);
    for (std::size_t i = 1; i <= tails; ++i) {
        if ((byte(start + i) & 0xc0) != 0x80) return replacement;
        point = (point << 6) | (byte(start + i) & 0x3fu);
    }
    constexpr std::array<std::uint32_t, 4> shortest = {0, 0x80, 0x800, 0x10000};
    const bool is_character = point >= shortest[tails] && point <= 0x10ffff &&
                              !is_high_half(point) && !is_low_half(point);
    if (!is_character) return replacement;
    at = start + tails + 1;
    return point;
}

}  // namespace

std::string repaired_utf8(const std::string& utf8) {
    std::string text;
    for (std::size_t at = 0; at < utf8.size();) append_utf8(text, next_point(utf8, at));
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
    std::vector<std::uint16_t> units;
    for (std::size_t at = 0; at < utf8.size();) {
        const std::uint32_t point = next_point(utf8, at);
        if (point < 0x10000) {
            units.push_back(static_cast<std::uint16_t>(point));
        } else {
            units.push_back(static_cast<std::uint16_t>(0xd800 + ((point - 0x10000) >> 10)));
            units.push_back(static_cast<std::uint16_t>(0xdc00 + (point & 0x3ff)));
        }
    }
    return units;
}

}  // namespace NST_PRECISION
}  // namespace nst
