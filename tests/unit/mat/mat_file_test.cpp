#include "mat/mat_file.hpp"

#include <sys/resource.h>

#include <csignal>
#include <cstdlib>

#include "support/child.hpp"
#include "support/mat5.hpp"
#include "support/matio_writer.hpp"
#include "support/one_line_error.hpp"
#include "support/temporary_folder.hpp"

using namespace nst_test;
using namespace nst_test::mat5;

namespace {

/// A file with one variable `v`, opened.
struct Opened {
    TemporaryFolder folder;
    std::string path = (folder / "file.mat").string();
    nst::MatFile file;

    explicit Opened(const Array& array, bool is_compressed = false)
        : file("reader", written(array, is_compressed)) {}

    nst::MatNode node() { return file.variable("v"); }

  private:
    std::string written(const Array& array, bool is_compressed) const {
        write_file(path, mat5::file({{"v", array}}, is_compressed));
        return path;
    }
};

std::vector<double> values_of(const Array& array, bool is_compressed) {
    Opened opened(array, is_compressed);
    return opened.node().values<double>();
}

/// The error of an operation on the variable, without the prefix that all messages share.
template <class Attempt>
std::string message(const Array& array, const Attempt& attempt) {
    Opened opened(array);
    const std::string beginning = "reader: " + opened.path + " ";
    const std::string message = error_of([&] { attempt(opened.node()); });
    CHECK(message.rfind(beginning, 0) == 0);
    return message.substr(std::min(message.size(), beginning.size()));
}

std::string values_message(const Array& array) {
    return message(array, [](const nst::MatNode& node) { node.values<float>(); });
}

std::string text_message(const Array& array) {
    return message(array, [](const nst::MatNode& node) { node.text(); });
}

}  // namespace

TEST_CASE("MatNode: reads numbers of every class in every storage type") {
    const std::vector<std::uint32_t> classes = {mx_double, mx_single, mx_int8,  mx_uint8,
                                                mx_int16,  mx_uint16, mx_int32, mx_uint32,
                                                mx_int64,  mx_uint64};
    const std::vector<std::uint32_t> types = {mi_double, mi_single, mi_int8,   mi_uint8, mi_int16,
                                              mi_uint16, mi_int32,  mi_uint32, mi_int64, mi_uint64};
    const std::vector<double> expected = {0, 1, 2, 100, 126, 127};
    for (const std::uint32_t array_class : classes) {
        for (const std::uint32_t type : types) {
            INFO("class " << array_class << ", type " << type);
            CHECK(values_of(numbers(array_class, type, {2, 3}, expected), false) == expected);
            CHECK(values_of(numbers(array_class, type, {3, 1, 2}, expected), true) == expected);
        }
    }
}

TEST_CASE("MatNode: keeps signs and fractions and rounds to the requested number type") {
    CHECK(values_of(numbers(mx_double, mi_double, {1, 2}, {-1e300, 0.1}), true) ==
          std::vector<double>{-1e300, 0.1});
    CHECK(values_of(numbers(mx_int8, mi_int8, {1, 2}, {-128, -1}), true) ==
          std::vector<double>{-128, -1});
    Opened opened(numbers(mx_double, mi_double, {1, 1}, {0.1}));
    CHECK(opened.node().values<float>() == std::vector<float>{0.1f});
}

TEST_CASE("MatNode: values can be read twice") {
    const bool is_compressed = GENERATE(false, true);
    // above 32 KB matio leaves nested arrays on disk, below that it reads them at once
    const std::vector<double> large(10000, 2.5);
    Opened opened(cell({row({1, 2}), numbers(mx_single, mi_single, {100, 100}, large), text("a")}),
                  is_compressed);
    const nst::MatNode node = opened.node();
    for (int time = 0; time < 2; ++time) {
        CHECK(node.cell(0).values<double>() == std::vector<double>{1, 2});
        CHECK(node.cell(1).values<double>() == large);
        CHECK(node.cell(2).text() == "a");
    }
}

TEST_CASE("MatNode: finds fields by name and elements by index and knows shapes and paths") {
    const bool is_compressed = GENERATE(false, true);
    Opened opened(structure({{"b", row({1, 2, 3})},
                             {"a", cell({text("x"), structure({{"c", logical(true)}}), Array{}})},
                             {"none", Array{}}}),
                  is_compressed);
    const nst::MatNode node = opened.node();
    CHECK(node.is_struct());
    CHECK_FALSE(node.is_cell());
    CHECK(node.field("b").shape() == std::vector<std::size_t>{1, 3});
    CHECK(node.field("b").is_number());
    CHECK(node.field("a").is_cell());
    CHECK(node.field("a").count() == 3);
    CHECK(node.field("a").cell(0).is_text());
    CHECK(node.field("a").cell(1).field("c").values<double>() == std::vector<double>{1});
    CHECK(node.field("a").cell(1).field("c").path() == "v.a{2}.c");
    CHECK(node.field("a").cell(2).is_empty());
    CHECK(node.field("none").is_empty());
    CHECK(node.field("none").shape() == std::vector<std::size_t>{0, 0});
    CHECK(node.field("none").text().empty());
    CHECK(node.field("none").values<double>().empty());
    CHECK_FALSE(node.find("d").has_value());
}

TEST_CASE("MatNode: a missing or unexpected part is an error that lists what exists") {
    const Array some = structure({{"b", row({1})}, {"a", text("x")}});
    CHECK(message(some, [](const nst::MatNode& node) { node.field("c"); }) ==
          "has no field c in v; its fields are b, a");
    CHECK(message(row({1}), [](const nst::MatNode& node) { node.field("c"); }) ==
          "has no struct at v");
    CHECK(message(some, [](const nst::MatNode& node) { node.cell(0); }) == "has no cell at v");
    CHECK(message(cell({row({1})}), [](const nst::MatNode& node) { node.cell(1); }) ==
          "has 1 elements in v; expected at least 2");
    CHECK(values_message(text("x")) == "has no real numbers at v");
    CHECK(values_message(some) == "has no real numbers at v");
    CHECK(values_message(cell({row({1})})) == "has no real numbers at v");
    CHECK(text_message(row({1})) == "has no line of text at v");
    CHECK(text_message(cell({text("x")})) == "has no line of text at v");
    Array two_rows = text("abcd");
    two_rows.dims = {2, 2};
    CHECK(text_message(two_rows) == "has no line of text at v");
    CHECK(text_message(text(std::string(70000, 'x'))) == "has a text of 70000 characters at v");
}

TEST_CASE("MatNode: a struct array is not a struct of one element") {
    Array pair = structure({{"a", row({1})}});
    pair.dims = {1, 2};
    // two elements with one field: the table of names lists the field once
    Array names = structure({{"a", Array{}}});
    const std::string table = bytes(names).substr(8 + 16 + 16 + 8, 8 + 8 + 32);
    pair.body = table + bytes(row({1})) + bytes(row({2}));
    CHECK(message(pair, [](const nst::MatNode& node) { node.field("a"); }) == "has no struct at v");
}

TEST_CASE("MatNode: truncates a long list of fields") {
    Named fields;
    for (int i = 0; i < 12; ++i) fields.emplace_back("f" + std::to_string(i), row({1}));
    CHECK(message(structure(fields), [](const nst::MatNode& node) { node.field("c"); }) ==
          "has no field c in v; its fields are f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, ...");
}

TEST_CASE("MatNode: rejects complex numbers") {
    Array complex = numbers(mx_single, mi_single, {1, 2}, std::vector<double>{});
    complex.flags = complex_flag;
    const std::string part = element(mi_single, std::string(8, '\0'));
    complex.body = part + part;
    CHECK(values_message(complex) == "has no real numbers at v");
}

TEST_CASE("MatNode: rejects an array too large to keep instead of returning zeros") {
    Array ones = numbers(mx_uint8, mi_uint8, {4096, 4096}, std::vector<double>{});
    ones.body = element(mi_uint8, std::string(4096 * 4096, 1));
    CHECK(values_message(ones) ==
          "has an array of 4096x4096 at v; no convolution of a VGG-19 has 2^24 numbers");
    ones.dims = {4096, 4095};
    ones.body = element(mi_uint8, std::string(4096 * 4095, 1));
    const std::vector<double> kept = values_of(ones, true);
    CHECK(kept.size() == 4096 * 4095);
    CHECK(std::all_of(kept.begin(), kept.end(), [](double value) { return value == 1; }));
}

TEST_CASE("MatNode: reads text in every storage type") {
    for (const std::uint32_t type : {mi_uint8, mi_uint16, mi_utf8, mi_utf16}) {
        for (const bool is_compressed : {false, true}) {
            INFO("type " << type);
            for (const std::string content : {"c", "conv", "conv1_1", "imagenet-vgg-verydeep-19"}) {
                Opened opened(text(content, type), is_compressed);
                CHECK(opened.node().text() == content);
            }
        }
    }
    Opened none(text(""));
    CHECK(none.node().text().empty());
}

TEST_CASE("MatNode: text in UTF-8 may take more bytes than characters") {
    Array cafe = text("");
    cafe.dims = {1, 4};
    cafe.body = element(mi_utf8, "caf\xc3\xa9");
    Opened opened(cafe);
    CHECK(opened.node().text() == "caf\xc3\xa9");
}

TEST_CASE("MatFile: finds a variable among others and lists their names") {
    const TemporaryFolder folder;
    const std::filesystem::path path = folder / "file.mat";
    const bool is_compressed = GENERATE(false, true);
    const bool by_matio = GENERATE(false, true);
    const Named variables = {{"abcd", row({1})}, {"layers", cell({text("x")})}, {"z", row({2})}};
    if (by_matio) {
        write_with_matio(path, variables, is_compressed);
    } else {
        write_file(path, file(variables, is_compressed));
    }
    nst::MatFile opened("reader", path);
    CHECK(opened.outline().variables == std::vector<std::string>{"abcd", "layers", "z"});
    CHECK(opened.outline().bytes == std::filesystem::file_size(path));
    CHECK(opened.variable("z").values<double>() == std::vector<double>{2});
    CHECK(opened.variable("abcd").values<double>() == std::vector<double>{1});
    CHECK(opened.variable("layers").cell(0).text() == "x");
    CHECK(opened.has("z"));
    CHECK_FALSE(opened.has("net"));
    CHECK(error_of([&] { opened.variable("net"); }) ==
          "reader: " + path.string() + " has no variable net; its variables are abcd, layers, z");
}

TEST_CASE("MatFile: a file without variables has none") {
    const TemporaryFolder folder;
    write_file(folder / "file.mat", header("MATLAB 5.0 MAT-file, \x1b[31mred  "));
    nst::MatFile opened("reader", folder / "file.mat");
    CHECK(opened.outline().header == "MATLAB 5.0 MAT-file, ?[31mred");
    CHECK(error_of([&] { opened.variable("layers"); }) ==
          "reader: " + (folder / "file.mat").string() +
              " has no variable layers; its variables are none");
}

TEST_CASE("MatFile: leaves nothing in the folder for temporary files") {
    const TemporaryFolder folder;
    const TemporaryFolder temporary;
    write_file(folder / "file.mat", file({{"v", row({1, 2})}}, true));
    const ChildResult child = run_in_child([&] {
        setenv("TMPDIR", temporary.path().c_str(), 1);
        nst::MatFile opened("reader", folder / "file.mat");
        const bool is_read = opened.variable("v").count() == 2;
        return is_read && std::filesystem::is_empty(temporary.path()) ? 0 : 1;
    });
    CHECK(child.exit_code == 0);
}

TEST_CASE("MatFile: a lack of space for temporary files is an error") {
    const TemporaryFolder folder;
    const std::string path = (folder / "file.mat").string();
    // random enough to take space, and more than a stream buffers
    const auto noise = [](std::size_t i) { return static_cast<double>(i * i % 9973); };
    write_file(path, file({{"v", numbers(mx_double, mi_double, {100, 100}, noise)}}, true));
    const auto says = [&](const std::string& beginning, const std::string& end) {
        try {
            nst::MatFile("reader", path);
        } catch (const nst::Error& error) {
            const std::string message = error.what();
            return message.rfind(beginning, 0) == 0 && message.find(end) != std::string::npos;
        }
        return false;
    };
    const ChildResult full = run_in_child([&] {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{20000, 20000};
        setrlimit(RLIMIT_FSIZE, &limit);
        return says("reader: cannot copy " + path + " to ", ": File too large. ") ? 0 : 1;
    });
    CHECK(full.exit_code == 0);
    const ChildResult unwritable = run_in_child([&] {
        setenv("TMPDIR", "/proc", 1);
        return says("reader: cannot copy " + path + " to /proc: ",
                    "Does $TMPDIR name a folder with 200 MB of room?")
                   ? 0
                   : 1;
    });
    CHECK(unwritable.exit_code == 0);
}
