#include "mat/mat_text.hpp"

#include "files/file_error_context.hpp"
#include "support/catch.hpp"

namespace {

template <class Unit>
std::string utf8_of(matio_types type, const std::vector<Unit>& units) {
    return nst::utf8_text(type, units.data(), units.size() * sizeof(Unit));
}

const std::string replacement = "\xef\xbf\xbd";

}  // namespace

TEST_CASE("utf8_text: reads every encoding of text in a file") {
    CHECK(utf8_of<std::uint8_t>(MAT_T_UINT8, {'c', 0xe9}) == "c\xc3\xa9");
    CHECK(utf8_of<std::int8_t>(MAT_T_INT8, {'c', 'o'}) == "co");
    CHECK(utf8_of<char>(MAT_T_UTF8, {'c', '\xc3', '\xa9'}) == "c\xc3\xa9");
    // characters of one, two, three and four bytes
    const std::string all = "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\xa8";
    CHECK(utf8_of<char>(MAT_T_UTF8, {all.begin(), all.end()}) == all);
    CHECK(utf8_of<std::uint16_t>(MAT_T_UINT16, {'A', 0xe9, 0x20ac, 0xd83c, 0xdfa8}) == all);
    CHECK(utf8_of<std::uint16_t>(MAT_T_UTF16, {'A', 0xe9, 0x20ac, 0xd83c, 0xdfa8}) == all);
    CHECK(utf8_of<std::int16_t>(MAT_T_INT16, {'A', 0xe9}) == "A\xc3\xa9");
    CHECK(utf8_of<std::uint32_t>(MAT_T_UTF32, {'A', 0xe9, 0x20ac, 0x1f3a8}) == all);
    CHECK(utf8_of<std::uint32_t>(MAT_T_UINT32, {0x1f3a8}) == "\xf0\x9f\x8e\xa8");
    CHECK(nst::utf8_text(MAT_T_UINT16, nullptr, 0).empty());
}

TEST_CASE("utf8_text: invalid units become replacement characters") {
    CHECK(utf8_of<std::uint16_t>(MAT_T_UINT16, {0xd83c}) == replacement);
    CHECK(utf8_of<std::uint16_t>(MAT_T_UINT16, {0xdfa8, 'A'}) == replacement + "A");
    CHECK(utf8_of<std::uint16_t>(MAT_T_UINT16, {0xd83c, 0xd83c, 0xdfa8}) ==
          replacement + "\xf0\x9f\x8e\xa8");
    CHECK(utf8_of<std::uint32_t>(MAT_T_UTF32, {0x110000, 0xd800, 0xffffffff}) ==
          replacement + replacement + replacement);
}

TEST_CASE("repaired_utf8: replaces each invalid sequence and keeps the rest") {
    CHECK(nst::repaired_utf8("caf\xc3\xa9") == "caf\xc3\xa9");
    CHECK(nst::repaired_utf8("caf\xe9!") == "caf" + replacement + "!");
    CHECK(nst::repaired_utf8("\xc3") == replacement);
    CHECK(nst::repaired_utf8("\xe2\x82") == replacement);
    CHECK(nst::repaired_utf8("\xe2\x82 x") == replacement + " x");
    CHECK(nst::repaired_utf8("\x80\xbf") == replacement + replacement);
    // overlong, half of a surrogate pair, beyond the last code point
    CHECK(nst::repaired_utf8("\xc0\xaf") == replacement);
    CHECK(nst::repaired_utf8("\xe0\x80\xaf") == replacement);
    CHECK(nst::repaired_utf8("\xf0\x80\x80\xaf") == replacement);
    CHECK(nst::repaired_utf8("\xed\xa0\x80") == replacement);
    CHECK(nst::repaired_utf8("\xf4\x90\x80\x80") == replacement);
    CHECK(nst::repaired_utf8("\xf4\x8f\xbf\xbf") == "\xf4\x8f\xbf\xbf");
}

TEST_CASE("utf16_text: gives code units that utf8_text reads back") {
    const std::string all = "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x8e\xa8";
    const std::vector<std::uint16_t> units = nst::utf16_text(all);
    CHECK(units == std::vector<std::uint16_t>{'A', 0xe9, 0x20ac, 0xd83c, 0xdfa8});
    CHECK(utf8_of(MAT_T_UINT16, units) == all);
    CHECK(nst::utf16_text("").empty());
    CHECK(nst::utf16_text("\xff") == std::vector<std::uint16_t>{0xfffd});
}

TEST_CASE("one_line: removes control characters and truncates between characters") {
    CHECK(nst::one_line("conv1_1") == "conv1_1");
    CHECK(nst::one_line("a\nb\tc\x1b[31m\x7f") == "a?b?c?[31m?");
    CHECK(nst::one_line("caf\xc3\xa9") == "caf\xc3\xa9");
    CHECK(nst::one_line(std::string(80, 'x')) == std::string(80, 'x'));
    CHECK(nst::one_line(std::string(81, 'x')) == std::string(77, 'x') + "...");
    CHECK(nst::one_line("123456\xc3\xa9"
                        "90",
                        9) == "123456...");
    CHECK(nst::one_line("1234\xc3\xa9"
                        "7890",
                        9) == "1234\xc3\xa9...");
    CHECK(nst::one_line("12345\xc3\xa9"
                        "890",
                        9) == "12345...");
}
