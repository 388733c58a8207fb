// Files that check_mat_file rejects, each with its own one-line message; made byte by byte.
#include "mat/mat_check.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include "mat/mat_bytes.hpp"
#include "mat/mat_file.hpp"
#include "support/mat5.hpp"
#include "support/one_line_error.hpp"
#include "support/temporary_folder.hpp"

using namespace nst_test;
using namespace nst_test::mat5;

namespace {

/// The check's message for a file with these bytes, without the prefix that all messages share.
std::string message(const std::string& content) {
    const TemporaryFolder folder;
    const std::filesystem::path path = folder / "file.mat";
    write_file(path, content);
    const std::string beginning = "reader: " + path.string() + " ";
    const std::string message = error_of([&] { nst::check_mat_file({"reader", path}); });
    CHECK(message.rfind(beginning, 0) == 0);
    return message.substr(std::min(message.size(), beginning.size()));
}

/// The same for a file with one variable; the walk must treat compressed and plain alike.
std::string variable_message(const std::string& variable) {
    const std::string plain = message(header() + variable);
    CHECK(message(header() + compressed(variable)) == plain);
    const std::string beginning = "is damaged or foreign: byte ";
    CHECK(plain.rfind(beginning, 0) == 0);
    return plain.substr(std::min(plain.size(), beginning.size()));
}

// The pieces of a variable in order, valid unless a test replaces one.
struct Pieces {
    std::string flags = element(mi_uint32, raw(mx_double) + raw(0));
    std::string dims = element(mi_int32, raw(1) + raw(2));
    std::string name = element(mi_int8, "v");
    std::string data = element(mi_double, std::string(16, '\0'));

    std::string content() const { return flags + dims + name + data; }
    std::string variable() const {
        return tag(mi_matrix, static_cast<std::uint32_t>(content().size())) + content();
    }
};

Pieces with_flags(const std::string& flags) {
    Pieces pieces;
    pieces.flags = flags;
    return pieces;
}
Pieces with_class(std::uint32_t array_class) {
    return with_flags(element(mi_uint32, raw(array_class) + raw(0)));
}
Pieces with_dims(const std::string& dims) {
    Pieces pieces;
    pieces.dims = dims;
    return pieces;
}
Pieces with_name(const std::string& name) {
    Pieces pieces;
    pieces.name = name;
    return pieces;
}
Pieces with_data(std::uint32_t array_class, const std::string& data) {
    Pieces pieces = with_class(array_class);
    pieces.data = data;
    return pieces;
}

/// A 1x1 struct with these bytes in place of the table of field names and the fields.
std::string struct_with(const std::string& body) {
    Array array = structure({});
    array.body = body;
    return bytes(array, "v");
}

/// A 1x1 cell with these bytes in place of the element.
std::string cell_with(const std::string& body) {
    Array array = cell({Array{}});
    array.body = body;
    return bytes(array, "v");
}

std::string nested(int levels) {
    Array array = row({1});
    for (int level = 0; level < levels; ++level) array = cell({array});
    return bytes(array, "v");
}

nst::MatOutline outline(const std::string& content) {
    const TemporaryFolder folder;
    write_file(folder / "file.mat", content);
    return nst::check_mat_file({"reader", folder / "file.mat"});
}

}  // namespace

TEST_CASE("check_mat_file: rejects anything but a regular file without blocking") {
    const TemporaryFolder folder;
    const std::string pipe = (folder / "pipe").string();
    REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
    alarm(20);  // a reader that opened the pipe would wait forever
    CHECK(error_of([&] {
              nst::check_mat_file({"reader", pipe});
          }) == "reader: " + pipe + " is not a regular file; expected a MATLAB file");
    alarm(0);
    CHECK(error_of([&] {
              nst::check_mat_file({"reader", "/dev/zero"});
          }) == "reader: /dev/zero is not a regular file; expected a MATLAB file");
    CHECK(error_of([&] {
              nst::check_mat_file({"reader", folder.path()});
          }) == "reader: " + folder.path().string() + " is a folder; expected a MATLAB file");
    CHECK(error_of([&] {
              nst::check_mat_file({"reader", folder / "none.mat"});
          }) ==
          "reader: cannot open " + (folder / "none.mat").string() + ": No such file or directory");
    CHECK(error_of([&] {
              nst::check_mat_file({"reader", folder / "pipe/file.mat"});
          }) == "reader: cannot open " + (folder / "pipe/file.mat").string() + ": Not a directory");
}

TEST_CASE("check_mat_file: recognises files of other types") {
    const std::string html =
        "is a page of HTML or XML, not a MATLAB file. Did the server answer "
        "with an error page?";
    CHECK(message("") == "is empty. Was the download interrupted?");
    CHECK(message("<!DOCTYPE html><html><body>404 Not Found</body></html>") == html);
    CHECK(message("\r\n  <html>" + std::string(500, ' ') + "</html>") == html);
    CHECK(message("\xef\xbb\xbf<?xml version=\"1.0\"?><Error/>") == html);
    CHECK(message("{\"error\": \"not found\"}") ==
          "is not a MATLAB 5 file; it begins with \"{\"error\": \"not found\"");
    CHECK(message("\x89PNG\r\n\x1a\n" + std::string(200, 'x')) ==
          "is not a MATLAB 5 file; it begins with \"\xef\xbf\xbdPNG????xxxxxxxxxxxx\"");
    CHECK(message(std::string(300, '\xff')).size() < 200);

    const std::string hdf5 =
        "is a MATLAB 7.3 (HDF5) file, but damaged or incomplete. Was the download interrupted?";
    std::string version_73 = header("MATLAB 7.3 MAT-file, Platform: GLNXA64");
    version_73.replace(124, 2, std::string("\x00\x02", 2));
    CHECK(message(version_73 + "\x89HDF\r\n\x1a\n") == hdf5);
    CHECK(message(header("MATLAB 7.3 MAT-file, Platform: GLNXA64")) == hdf5);
    CHECK(message("\x89HDF\r\n\x1a\n" + std::string(100, '\0')) == hdf5);

    const std::string version_4 =
        "looks like a MATLAB 4 file; expected version 5. In MATLAB, save "
        "it again with -v7";
    const std::string matrix = raw(1) + raw(1) + raw(0) + raw(2) + std::string("v\0", 2);
    CHECK(message(raw(0) + matrix + std::string(8, '\0')) == version_4);
    CHECK(message(raw(10) + matrix + std::string(200, '\0')) == version_4);
    CHECK(message(std::string("\0\0\x03\xe8", 4) + matrix + std::string(8, '\0')) == version_4);
}

TEST_CASE("check_mat_file: rejects invalid headers") {
    const std::string good = header();
    for (const std::size_t size : {6u, 100u, 127u}) {
        CHECK(message(good.substr(0, size)) == "ends too early, after " + std::to_string(size) +
                                                   " bytes. Was the download interrupted?");
    }
    std::string big_endian = good;
    big_endian.replace(124, 4, std::string("\x01\x00MI", 4));
    CHECK(message(big_endian) ==
          "is big-endian; expected a little-endian file. In MATLAB, save it "
          "again with -v7");
    std::string version = good;
    version.replace(124, 2, "\xff\x03");
    CHECK(message(version) == "has version 3.255; expected a MATLAB 5 file (1.0)");
    std::string unmarked = good;
    unmarked[127] = '?';
    CHECK(message(unmarked) == "is not a MATLAB 5 file; it begins with \"MATLAB 5.0 MAT-file,\"");
}

TEST_CASE("check_mat_file: rejects variables that do not fit into the file") {
    const std::string variable = Pieces{}.variable();
    CHECK(message(header() + variable + "1234") == "ends too early, after " +
                                                       std::to_string(128 + variable.size() + 4) +
                                                       " bytes. Was the download interrupted?");
    CHECK(message(header() + variable.substr(0, variable.size() - 1)) ==
          "ends too early: variable 1 needs " + std::to_string(variable.size() - 8) + " bytes, " +
              std::to_string(variable.size() - 9) + " are left. Was the download interrupted?");
    CHECK(message(header() + variable + tag(mi_matrix, 0xffffffff)) ==
          "ends too early: variable 2 needs 4294967295 bytes, 0 are left. Was the download "
          "interrupted?");
    CHECK(message(header() + element(mi_double, "12345678")) ==
          "is damaged: variable 1 is no array");
    CHECK(message(header() + compressed(element(mi_double, "12345678"))) ==
          "is damaged: variable 1 is no array");
    CHECK(variable_message(tag(mi_matrix, 0)) ==
          "0 of variable 1: 4 bytes announced where 0 are left");
}

TEST_CASE("check_mat_file: rejects compressed data that do not inflate as announced") {
    const std::string variable = Pieces{}.variable();
    const std::string good = compressed(variable);
    const auto resized = [](const std::string& stream) {
        return header() + tag(mi_compressed, static_cast<std::uint32_t>(stream.size())) + stream;
    };
    const std::string stream = good.substr(8);
    CHECK(message(resized("")) ==
          "is damaged: compressed data end too early at byte 136. Was the download interrupted?");
    CHECK(message(resized(stream.substr(0, 20))) ==
          "is damaged: compressed data end too early at byte 156. Was the download interrupted?");
    CHECK(message(resized("no zlib stream")) ==
          "is damaged: compressed data near byte 150 do not inflate (incorrect header check)");
    std::string bad_sum = stream;
    bad_sum.back() = static_cast<char>(bad_sum.back() ^ 1);
    const std::string end = std::to_string(128 + 8 + stream.size());
    CHECK(message(resized(bad_sum)) == "is damaged: compressed data near byte " + end +
                                           " do not inflate (incorrect data check)");
    CHECK(message(resized(stream.substr(0, stream.size() - 4))) ==
          "is damaged: compressed data end too early at byte " +
              std::to_string(128 + 8 + stream.size() - 4) + ". Was the download interrupted?");
    CHECK(message(header() + compressed(variable + "x")).find(" hold more than they announce") !=
          std::string::npos);
    CHECK(message(header() + compressed(variable.substr(0, variable.size() - 8)))
              .find(" hold less than they announce") != std::string::npos);
    // requests a preset dictionary, which no MATLAB file has
    CHECK(message(resized(std::string("\x78\xbb\x01\x02\x03\x04", 6) + std::string(20, '\0')))
              .find("do not inflate (need dictionary)") != std::string::npos);
    CHECK(outline(resized(stream + "padding") + good).variables.size() == 2);
    const std::string long_padding(100'000, 'x');  // more than the read-ahead
    CHECK(outline(resized(stream + long_padding) + good).variables.size() == 2);
}

TEST_CASE("check_mat_file: rejects arrays without flags, dimensions or a name") {
    CHECK(variable_message(with_flags(element(mi_int32, raw(6) + raw(0))).variable()) ==
          "8 of variable 1: no array flags");
    CHECK(variable_message(with_flags(element(mi_uint32, raw(6) + raw(0) + raw(0))).variable()) ==
          "8 of variable 1: no array flags");
    CHECK(variable_message(with_flags(element(mi_uint32, raw(6))).variable()) ==
          "8 of variable 1: no array flags");
    const std::string no_dimensions = "24 of variable 1: no dimensions";
    CHECK(variable_message(with_dims(element(mi_uint32, raw(1) + raw(2))).variable()) ==
          no_dimensions);
    CHECK(variable_message(with_dims(element(mi_int32, raw(1))).variable()) == no_dimensions);
    CHECK(variable_message(with_dims(element(mi_int32, "")).variable()) == no_dimensions);
    CHECK(variable_message(with_dims(element(mi_int32, std::string(9, '\0'))).variable()) ==
          no_dimensions);
    CHECK(variable_message(with_name(element(mi_uint8, "v")).variable()) ==
          "40 of variable 1: no name");
    CHECK(variable_message(with_name(element(mi_int8, std::string(64, 'v'))).variable()) ==
          "40 of variable 1: no name");
    CHECK(outline(header() + with_name(element(mi_int8, std::string(63, 'v'))).variable())
              .variables.front() == std::string(63, 'v'));
}

TEST_CASE("check_mat_file: rejects negative and absurdly large dimensions") {
    const auto dims = [](const std::vector<std::uint32_t>& extents) {
        std::string all;
        for (const std::uint32_t extent : extents) all += raw(extent);
        return variable_message(with_dims(element(mi_int32, all)).variable());
    };
    CHECK(dims({1, 0xffffffff}) == "32 of variable 1: a negative dimension");
    CHECK(dims({0x80000000, 1}) == "28 of variable 1: a negative dimension");
    CHECK(dims({65536, 65536}) == "32 of variable 1: dimensions beyond 2^31 elements");
    CHECK(dims({0x7fffffff, 2}) == "32 of variable 1: dimensions beyond 2^31 elements");
    // zero times anything is zero elements, but no program writes such dimensions
    CHECK(dims({0, 0x7fffffff, 0x7fffffff}) == "36 of variable 1: dimensions beyond 2^31 elements");
    CHECK(dims({1, 3}) == "48 of variable 1: an array of 3 elements with 16 bytes of data");
    CHECK(dims({0, 2}) == "48 of variable 1: an array of 0 elements with 16 bytes of data");
    CHECK(dims({46340, 46340}).find("an array of 2147395600 elements with 16 bytes of data") !=
          std::string::npos);
}

TEST_CASE("check_mat_file: rejects data whose size or type differs from the array's") {
    const auto data = [](std::uint32_t array_class, const std::string& element) {
        return variable_message(with_data(array_class, element).variable());
    };
    const std::string sixteen(16, '\0');
    CHECK(data(mx_double, element(mi_double, sixteen + sixteen)) ==
          "48 of variable 1: an array of 2 elements with 32 bytes of data");
    CHECK(data(mx_double, element(mi_uint8, "abc")) ==
          "48 of variable 1: an array of 2 elements with 3 bytes of data");
    CHECK(data(mx_char, element(mi_utf8, "a")) ==
          "48 of variable 1: an array of 2 elements with 1 bytes of data");
    CHECK(data(mx_char, element(mi_utf8, std::string(9, 'a'))) ==
          "48 of variable 1: an array of 2 elements with 9 bytes of data");
    CHECK(data(mx_double, raw(mi_uint8 | 5u << 16) + "abcd") ==
          "44 of variable 1: 5 bytes packed into a tag of 4");
    CHECK(data(mx_double, "") == "40 of variable 1: 4 bytes announced where 0 are left");
    CHECK(data(mx_double, tag(mi_double, 16)) ==
          "48 of variable 1: 16 bytes announced where 0 are left");
    CHECK(data(mx_double, element(mi_double, sixteen) + tag(0, 0)) ==
          "64 of variable 1: 8 bytes after the end of an array");
    CHECK(variable_message(
              with_flags(element(mi_uint32, raw(mx_double | complex_flag) + raw(0))).variable()) ==
          "64 of variable 1: 4 bytes announced where 0 are left");
    // missing padding at the very end
    Pieces odd = with_data(mx_double, tag(mi_uint8, 2) + "ab");
    CHECK(variable_message(odd.variable()) ==
          "50 of variable 1: 6 bytes announced where 0 are left");
}

TEST_CASE("check_mat_file: rejects cells and structs with inconsistent parts") {
    CHECK(variable_message(cell_with("")) ==
          "40 of variable 1: 4 bytes announced where 0 are left");
    CHECK(variable_message(cell_with(element(mi_double, "12345678"))) ==
          "48 of variable 1: no array in a cell or struct");
    CHECK(variable_message(cell_with(tag(mi_matrix, 8) + raw(0))) ==
          "48 of variable 1: 8 bytes announced where 4 are left");
    CHECK(variable_message(cell_with(bytes(row({1}), "name"))).find(": a name on a nested array") !=
          std::string::npos);
    CHECK(variable_message(cell_with(bytes(row({1})) + bytes(row({2}))))
              .find(" bytes after the end of an array") != std::string::npos);

    const std::string no_length = "48 of variable 1: no length of field names";
    CHECK(variable_message(struct_with(tag(mi_int32, 4) + raw(32) + raw(0))) == no_length);
    CHECK(variable_message(struct_with(element(mi_uint32, raw(32)))) == no_length);
    CHECK(variable_message(struct_with(element(mi_int32, raw(0)))) == no_length);
    CHECK(variable_message(struct_with(element(mi_int32, raw(65)))) == no_length);
    CHECK(variable_message(struct_with(element(mi_int32, raw(0xffffffff)))) == no_length);
    const std::string length = element(mi_int32, raw(32));
    CHECK(variable_message(struct_with(length + element(mi_int8, std::string(33, 'a')))) ==
          "56 of variable 1: no field names");
    CHECK(variable_message(struct_with(length + element(mi_int32, std::string(32, 'a')))) ==
          "56 of variable 1: no field names");
    CHECK(variable_message(struct_with(length + element(mi_int8, std::string(32, 'a')))) ==
          "88 of variable 1: 4 bytes announced where 0 are left");
    CHECK(variable_message(struct_with(length + tag(mi_int8, 32 * 16384))) ==
          "56 of variable 1: 524288 bytes announced where 0 are left");
}

namespace {

/// A 1xN cell of empty arrays.
Array empties(std::uint32_t count) {
    Array many = cell({});
    many.dims = {1, count};
    many.body = std::string();
    for (std::uint32_t i = 0; i < count; ++i) *many.body += tag(mi_matrix, 0);
    return many;
}

/// A 0x0 struct with so many fields of one character.
Array empty_struct(std::size_t fields) {
    Array empty = structure({});
    empty.dims = {0, 0};
    empty.body = element(mi_int32, raw(1)) + element(mi_int8, std::string(fields, 'a'));
    return empty;
}

/// What the reader says about the first variable when it needs it, stored in both ways.
std::string skipped(const std::string& variable) {
    std::string said;
    for (const std::string& stored : {variable, compressed(variable)}) {
        const TemporaryFolder folder;
        const std::filesystem::path path = folder / "file.mat";
        write_file(path, header() + stored + bytes(row({7}), "after"));
        nst::MatFile file("reader", path);
        CHECK(file.variable("after").values<double>() == std::vector<double>{7});
        const std::string message = error_of([&] { file.variable("v").require_read(); });
        CHECK((said.empty() || said == message.substr(message.find(" has ") + 1)));
        said = message.substr(std::min(message.size(), message.find(" has ") + 1));
    }
    return said;
}

std::string unread(const std::string& what) {
    return "has " + what + " at v, which nst cannot read";
}

}  // namespace

TEST_CASE("check_mat_file: skips variables of every class that it has no use for") {
    const std::string numbers = bytes(row({1, 2}));
    const std::string flags_name = element(mi_int8, "v");
    const auto variable = [](std::uint32_t array_class, const std::string& rest) {
        const std::string content = element(mi_uint32, raw(array_class) + raw(0)) + rest;
        return tag(mi_matrix, static_cast<std::uint32_t>(content.size())) + content;
    };
    const std::string dims = element(mi_int32, raw(1) + raw(1));
    const std::string opaque = flags_name + element(mi_int8, "MCOS");
    CHECK(skipped(variable(17, opaque + element(mi_int8, "datetime") + numbers)) ==
          unread("an object of class datetime"));
    CHECK(skipped(variable(17, opaque + element(mi_int8, "a\x1b\xff") + numbers)) ==
          unread("an object of class a??"));
    CHECK(skipped(variable(17, flags_name)) == unread("an object"));
    CHECK(skipped(variable(3, dims + flags_name + element(mi_int8, "inline") + numbers)) ==
          unread("an object of class inline"));
    CHECK(skipped(variable(16, dims + flags_name + numbers)) == unread("a function handle"));
    CHECK(skipped(variable(5, dims + flags_name + std::string(1000, 'x'))) ==
          unread("a sparse matrix"));
    CHECK(skipped(variable(18, dims + flags_name)) == unread("an array of class 18"));
    CHECK(skipped(variable(255, dims + flags_name)) == unread("an array of class 255"));
    // nothing but its size is known of these
    for (const std::string& rest : {std::string(), std::string(8, '\xff'), std::string(300, 'x')}) {
        CHECK(outline(header() + variable(17, rest) + variable(0, rest)).variables.empty());
    }
}

TEST_CASE("check_mat_file: skips nested arrays whose names it does not understand") {
    const std::string flags = element(mi_uint32, raw(17) + raw(0));
    for (const std::string& rest :
         {element(mi_int8, "MCOS") + element(mi_int8, "string"), element(mi_int8, "named"),
          std::string(64, 'x'), std::string()}) {
        const std::string object =
            tag(mi_matrix, static_cast<std::uint32_t>(flags.size() + rest.size())) + flags + rest;
        Array parts = cell({Array{}, Array{}});
        parts.body = object + bytes(row({5}));
        const TemporaryFolder folder;
        write_file(folder / "file.mat", header() + bytes(parts, "v"));
        nst::MatFile file("reader", folder / "file.mat");
        CHECK(file.variable("v").cell(0).is_skipped());
        CHECK(file.variable("v").cell(1).values<double>() == std::vector<double>{5});
    }
}

TEST_CASE("check_mat_file: leaves out variables without a name") {
    const std::string data = with_name(element(mi_int8, "")).variable();
    const std::string all = header() + data + bytes(row({1}), "v") + compressed(data);
    CHECK(outline(all).variables == std::vector<std::string>{"v"});
}

TEST_CASE("check_mat_file: skips data in types that it does not know") {
    const std::string sixteen(16, '\0');
    for (const std::uint32_t type : {0u, 8u, 10u, 11u, 14u, 15u, 16u, 17u, 18u, 19u, 1000u}) {
        CHECK(skipped(with_data(mx_double, tag(type, 16) + sixteen).variable()) ==
              unread("numbers of type " + std::to_string(type)));
    }
    for (const std::uint32_t type : {0u, 1u, 3u, 5u, 6u, 7u, 9u, 12u, 13u, 14u, 18u}) {
        CHECK(skipped(with_data(mx_char, tag(type, 16) + sixteen).variable()) ==
              unread("text of type " + std::to_string(type)));
    }
    CHECK(skipped(with_dims(element(mi_int32, std::string(36, '\1'))).variable()) ==
          unread("an array of more than 8 dimensions"));
}

TEST_CASE("check_mat_file: skips what is nested too deeply and what has too many parts") {
    CHECK(outline(header() + nested(16)).variables.size() == 1);
    for (const int levels : {16, 17, 1000}) {
        const TemporaryFolder folder;
        write_file(folder / "file.mat", header() + nested(levels));
        nst::MatFile file("reader", folder / "file.mat");
        nst::MatNode node = file.variable("v");
        for (int level = 0; level < 16; ++level) node = node.cell(0);
        CHECK(node.is_cell() == (levels > 16 && !node.cell(0).is_number()));
        if (levels > 16) {
            CHECK(error_of([&] {
                      node.cell(0).values<double>();
                  }).find("has an array nested deeper than 16 levels at v{1}") !=
                  std::string::npos);
        }
    }
    CHECK(outline(header() + bytes(empties(16384), "v")).variables.size() == 1);
    CHECK(skipped(bytes(empties(16385), "v")) == unread("more than 16384 arrays"));
    CHECK(skipped(bytes(empty_struct(16385), "v")) == unread("more than 16384 fields"));
    // the limits apply to the whole file
    const TemporaryFolder folder;
    write_file(folder / "file.mat",
               header() + bytes(empties(16384), "a") + bytes(cell({row({1})}), "v") +
                   bytes(cell({empty_struct(10000), empty_struct(10000)}), "b"));
    nst::MatFile file("reader", folder / "file.mat");
    CHECK_FALSE(file.variable("a").is_skipped());
    CHECK(file.variable("v").is_skipped());
    CHECK(file.variable("b").is_skipped());
}

TEST_CASE("check_mat_file: fields of empty structs count too") {
    // each would take a few bytes in the file and 656 KiB of memory
    const TemporaryFolder folder;
    const Array two = cell({empty_struct(16384), empty_struct(8)});
    write_file(folder / "file.mat", header() + bytes(two, "v"));
    nst::MatFile file("reader", folder / "file.mat");
    CHECK_FALSE(file.variable("v").cell(0).is_skipped());
    CHECK(file.variable("v").cell(1).is_skipped());
}

TEST_CASE("check_mat_file: names the variables that hold layers") {
    const Array net = structure({{"meta", row({1})}, {"layers", cell({})}});
    const Named variables = {
        {"a", net}, {"b", structure({{"c", net}})}, {"layers", cell({net})}, {"net", net}};
    for (const bool is_compressed : {false, true}) {
        CHECK(outline(file(variables, is_compressed)).with_layers ==
              std::vector<std::string>{"a", "net"});
    }
}

TEST_CASE("check_mat_file: rejects a file with more variables than any network has") {
    std::string many = header();
    const std::string one = bytes(row({1}), "v");
    for (int i = 0; i < 16384; ++i) many += one;
    CHECK(outline(many).variables.size() == 16384);
    CHECK(message(many + one) == "holds more than 16384 variables");
}

TEST_CASE("check_mat_file: rejects an array that announces 2 GiB and has less") {
    CHECK(message(header() + compressed(tag(mi_matrix, 0x80000000)))
              .find(" hold less than they announce") != std::string::npos);
}

TEST_CASE("check_mat_file: accepts everything that MATLAB writes") {
    Named variables = {{"v", row({1, 2, 3})},
                       {"empty", numbers(mx_double, mi_double, {0, 0}, std::vector<double>{})}};
    variables.emplace_back("cells", cell({Array{}, text(""), text("abc"), cell({})}));
    variables.emplace_back("fields", structure({{"a", logical(true)}, {"b", structure({})}}));
    for (const bool is_compressed : {false, true}) {
        const nst::MatOutline seen = outline(file(variables, is_compressed));
        CHECK(seen.variables == std::vector<std::string>{"v", "empty", "cells", "fields"});
        CHECK(seen.header == "MATLAB 5.0 MAT-file, made by a test");
        CHECK(seen.bytes == file(variables, is_compressed).size());
    }
}

TEST_CASE("InflatedBytes: limits the inflated size of a file") {
    const TemporaryFolder folder;
    const std::string stream = compressed(std::string(3000, 'a'));
    write_file(folder / "file.mat", stream);
    const nst::FileErrorContext message{"reader", folder / "file.mat"};
    nst::RegularFile file(message, "a MATLAB file");
    file.skip(8);
    std::uint64_t budget = 2500;
    nst::InflatedBytes bytes(message, file, stream.size() - 8, budget);
    bytes.skip(1000);
    std::string some(500, '\0');
    bytes.read(some.data(), some.size());
    CHECK(some == std::string(500, 'a'));
    CHECK(budget == 1000);
    CHECK(error_of([&] { bytes.skip(1001); }) ==
          "reader: " + message.file.string() +
              " inflates to more than 4 GiB; no VGG-19 is so large");
}

TEST_CASE("MatScratch: limits the number of bytes") {
    const nst::FileErrorContext message{"reader", "file.mat"};
    nst::MatScratch scratch(message, 100);
    const std::string some(60, 'a');
    scratch.write(some.data(), some.size());
    scratch.leave_out(std::uint64_t{1} << 32);
    CHECK(error_of([&] { scratch.write(some.data(), some.size()); }) ==
          "reader: file.mat holds more than 512 MiB that might be convolutions; no VGG-19 does");
}
