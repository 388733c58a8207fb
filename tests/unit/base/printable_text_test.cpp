#include "nst/printable_text.hpp"

#include <utility>
#include <vector>

#include "base/require.hpp"
#include "support/catch.hpp"
#include "support/one_line_error.hpp"

using namespace nst_test;

TEST_CASE("printable_text: keeps every other character of every script") {
    for (const char* text : {"", "conv1_1 -- ~!?", "caf\u00e9 \u00a0\u00ff", "\u6d6e\u4e16\u7d75",
                             "\u05d0\u05d1", "\U0001f5bc \U0010fffd", "\u2027\u202f\u2065\u206a"}) {
        CHECK(nst::printable_text(text) == text);
    }
}

TEST_CASE("printable_text: replaces each control character of ASCII and of Latin-1") {
    CHECK(nst::printable_text("a\nb\r\tc\x1b[31m\x7f\b") == "a?b??c?[31m??");
    CHECK(nst::printable_text(std::string("a\0b", 3)) == "a?b");
    CHECK(nst::printable_text("\u0080\u009b31m\u009f\u00a0") == "??31m?\u00a0");
}

TEST_CASE("printable_text: replaces what ends a line or turns the direction of writing") {
    for (const char* text : {"\u061c", "\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202e",
                             "\u2066", "\u2069"}) {
        CHECK(nst::printable_text(text) == "?");
    }
}

TEST_CASE("printable_text: replaces bytes that are not UTF-8") {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"a\xff\xfe z", "a?? z"},  // never in UTF-8
        {"\x80\xbf", "??"},        // continuations of nothing; also C1 controls in Latin-1
        {"\x9b"
         "31m",
         "?31m"},                          // an eight-bit CSI
        {"\xc3", "?"},                     // cut at the end of the text
        {"\xe2\x82", "?"},                 // cut after its second byte
        {"\xe2\x82z", "?z"},               // cut in the middle of the text
        {"\xc3\x1b[2J", "??[2J"},          // a control character where a continuation should be
        {"\xed\xa0\x80", "?"},             // half of a surrogate pair
        {"\xf4\x90\x80\x80", "?"},         // beyond U+10FFFF
        {"RIFF\x24\x9e\x01", "RIFF$??"}};  // the header of a WebP
    for (const auto& [text, printable] : cases) CHECK(nst::printable_text(text) == printable);
    // Longer forms than needed would smuggle a control character past a simple check.
    for (const char* smuggled : {"\xc0\x8a", "\xc1\xbf", "\xe0\x80\x9b", "\xf0\x80\x80\x8a"}) {
        const std::string shown = nst::printable_text(smuggled);
        CHECK(shown.find_first_not_of('?') == std::string::npos);
        CHECK(!shown.empty());
    }
}

TEST_CASE("require: a message never carries the bytes of a hostile name") {
    CHECK(error_of([] { nst::fail("load: a\x1b]0;x\a", " \u009b2J \xff.png"); }) ==
          "load: a?]0;x? ?2J ?.png");
}
