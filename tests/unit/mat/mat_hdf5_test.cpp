// MATLAB 7.3 files: what they may hold, and what they must not do.
#include "mat/mat_hdf5.hpp"

#include <fstream>
#include <numeric>

#include "mat/mat_file.hpp"
#include "support/hdf5_writer.hpp"
#include "support/mat5.hpp"
#include "support/one_line_error.hpp"
#include "support/temporary_folder.hpp"

using namespace nst_test;

namespace {

/// A 7.3 file in a folder of its own.
struct File73 {
    TemporaryFolder folder;
    std::filesystem::path path = folder / "file.mat";
    Hdf5Writer out{path};

    nst::MatFile open() {
        out.close();
        return nst::MatFile("reader", path);
    }
    /// The message about the file, without the prefix that all messages share.
    std::string message(const std::string& variable = "v") {
        out.close();
        return read_message(variable);
    }
    std::string read_message(const std::string& variable = "v") const {
        const std::string beginning = "reader: " + path.string() + " ";
        const std::string text = error_of([&] {
            nst::MatFile file("reader", path);
            file.variable(variable).require_read();
        });
        return text.substr(text.rfind(beginning, 0) == 0 ? beginning.size() : 0);
    }
};

std::string unread(const std::string& what) {
    return "has " + what + " at v, which nst cannot read";
}

std::vector<double> counted(std::size_t count) {
    std::vector<double> values(count);
    std::iota(values.begin(), values.end(), 1.0);
    return values;
}

const std::string damaged_file =
    "is a MATLAB 7.3 (HDF5) file, but damaged or incomplete. Was the download interrupted?";

}  // namespace

TEST_CASE("MATLAB 7.3: numbers of every class and type, column by column") {
    const std::vector<std::pair<std::string, hid_t>> kinds = {
        {"double", H5T_NATIVE_DOUBLE}, {"single", H5T_NATIVE_FLOAT},  {"int8", H5T_NATIVE_INT8},
        {"uint8", H5T_NATIVE_UINT8},   {"int16", H5T_NATIVE_INT16},   {"uint16", H5T_NATIVE_UINT16},
        {"int32", H5T_NATIVE_INT32},   {"uint32", H5T_NATIVE_UINT32}, {"int64", H5T_NATIVE_INT64},
        {"uint64", H5T_NATIVE_UINT64}, {"double", H5T_IEEE_F64BE},    {"double", H5T_STD_I16BE},
        {"", H5T_NATIVE_FLOAT},        {"logical", H5T_NATIVE_UINT8}};
    for (const auto& [name, type] : kinds) {
        INFO(name);
        File73 file;
        file.out.numbers("v", name, {2, 1, 3}, counted(6), type);
        nst::MatFile opened = file.open();
        CHECK(opened.variable("v").shape() == std::vector<std::size_t>{2, 1, 3});
        CHECK(opened.variable("v").values<double>() == counted(6));
    }
}

TEST_CASE("MATLAB 7.3: reads what is deflated, shuffled, summed and in pieces of any shape") {
    for (const std::vector<hsize_t>& chunk :
         std::vector<std::vector<hsize_t>>{{3, 5, 7}, {1, 1, 1}, {2, 3, 4}, {3, 1, 2}}) {
        for (const int filters : {0, 1, 2, 3, 4, 5, 6, 7}) {
            INFO("chunk " << chunk[0] << "x" << chunk[1] << ", filters " << filters);
            const Hdf5Storage storage{chunk, (filters & 1) != 0, (filters & 2) != 0,
                                      (filters & 4) != 0};
            File73 file;
            file.out.numbers("v", "double", {3, 5, 7}, counted(105), H5T_NATIVE_DOUBLE, storage);
            CHECK(file.open().variable("v").values<double>() == counted(105));
        }
    }
}

TEST_CASE("MATLAB 7.3: text, cells, structs, empty arrays and nested ones") {
    File73 file;
    file.out.group("#refs#", "");
    file.out.group("#subsystem#", "");
    file.out.text("#refs#/a", "conv1_1");
    file.out.numbers("#refs#/b", "double", {1, 2}, {4, 5});
    file.out.numbers("#refs#/empty", "cell", {1, 2}, {0, 0}, H5T_NATIVE_UINT64);
    file.out.number_attribute("#refs#/empty", "MATLAB_empty", 1);
    file.out.group("v");
    file.out.cell("v/parts", {"#refs#/a", "#refs#/b", "#refs#/empty"});
    file.out.group("v/inner");
    file.out.numbers("v/inner/x", "double", {1, 1}, {7});
    nst::MatFile opened = file.open();
    CHECK(opened.outline().variables == std::vector<std::string>{"v"});
    CHECK(opened.outline().header == "MATLAB 7.3 MAT-file, made by a test");
    const nst::MatNode v = opened.variable("v");
    CHECK(v.field("parts").cell(0).text() == "conv1_1");
    CHECK(v.field("parts").cell(1).values<double>() == std::vector<double>{4, 5});
    CHECK(v.field("parts").cell(2).is_cell());
    CHECK(v.field("parts").cell(2).is_empty());
    CHECK(v.field("inner").field("x").values<double>() == std::vector<double>{7});
}

TEST_CASE("MATLAB 7.3: skips classes, types and layouts that it has no use for") {
    const auto skipped = [](const auto& write) {
        File73 file;
        write(file);
        file.out.numbers("after", "double", {1, 1}, {7});
        const std::string message = file.message();
        CHECK(nst::MatFile("reader", file.path).variable("after").count() == 1);
        return message;
    };
    for (const std::string name : {"datetime", "string", "table", "FileWrapper__"}) {
        CHECK(skipped([&](File73& f) {
                  f.out.numbers("v", name, {1, 6}, counted(6), H5T_NATIVE_UINT32);
              }) == unread("an object of class " + name));
        CHECK(skipped([&](File73& f) { f.out.group("v", name); }) ==
              unread("an object of class " + name));
    }
    CHECK(skipped([](File73& f) { f.out.group("v", "function_handle"); }) ==
          unread("a function handle"));
    CHECK(skipped([](File73& f) {
              f.out.group("v", "double");
              f.out.number_attribute("v", "MATLAB_sparse", 3);
          }) == unread("a sparse matrix"));
    CHECK(skipped([](File73& f) {
              f.out.numbers("v", "double", {1, 1, 1, 1, 1, 1, 1, 1, 2}, {1, 2});
          }) == unread("an array of more than 8 dimensions"));
    CHECK(skipped([](File73& f) {
              f.out.group("v");
              f.out.numbers("a", "double", {1, 1}, {1});
              f.out.cell("v/x", {"a", "a"}, "");
          }) == unread("an array of structs"));
    CHECK(skipped([](File73& f) {
              f.out.numbers("v", "char", {1, 1}, {65}, H5T_NATIVE_UINT32);
          }) == unread("text of type 6"));
    CHECK(skipped([](File73& f) {
              f.out.numbers("v", "cell", {1, 1}, {65});
          }) == unread("a cell without references"));
    CHECK(skipped([](File73& f) {
              f.out.numbers("v", "double", {1, 4}, counted(4), H5T_NATIVE_DOUBLE,
                            {{}, false, false, false, (f.folder / "other").string()});
          }) == unread("an array with its data in other files"));
}

TEST_CASE("MATLAB 7.3: follows no link that leads to another file or nowhere") {
    File73 other;
    other.out.numbers("secret", "double", {1, 1}, {42});
    other.out.close();
    File73 file;
    file.out.group("v");
    H5Lcreate_external(other.path.c_str(), "/secret", file.out.file(), "v/external", H5P_DEFAULT,
                       H5P_DEFAULT);
    H5Lcreate_soft("/nowhere", file.out.file(), "v/soft", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_external(other.path.c_str(), "/secret", file.out.file(), "w", H5P_DEFAULT,
                       H5P_DEFAULT);
    nst::MatFile opened = file.open();
    CHECK(opened.outline().variables == std::vector<std::string>{"v"});
    CHECK(opened.variable("v").field("external").is_skipped());
    CHECK(opened.variable("v").field("soft").is_skipped());
}

TEST_CASE("MATLAB 7.3: references in a circle end") {
    File73 file;
    file.out.group("v");
    file.out.cell("v/x", {"v", "v"});
    CHECK_FALSE(file.open().variable("v").is_skipped());
    File73 links;
    links.out.group("v");
    H5Lcreate_hard(links.out.file(), "v", links.out.file(), "v/a", H5P_DEFAULT, H5P_DEFAULT);
    H5Lcreate_hard(links.out.file(), "v", links.out.file(), "v/b", H5P_DEFAULT, H5P_DEFAULT);
    CHECK_FALSE(links.open().variable("v").is_skipped());
}

TEST_CASE("MATLAB 7.3: huge arrays take no memory, and missing numbers are an error") {
    const hsize_t far = hsize_t{1} << 40;
    File73 huge;
    huge.out.nothing("v", "double", {far, far}, {{1, 1}});
    CHECK(huge.message() == unread("an array of 2^31 elements or more"));
    File73 large;
    large.out.nothing("v", "double", {4096, 4096}, {{64, 64}});
    nst::MatFile opened = large.open();
    CHECK(opened.variable("v").shape() == std::vector<std::size_t>{4096, 4096});
    CHECK(error_of([&] {
              opened.variable("v").values<float>();
          }).find("no convolution of a VGG-19 has 2^24 numbers") != std::string::npos);
    File73 hollow;
    hollow.out.nothing("v", "double", {1000, 1000});
    CHECK(hollow.message() ==
          "is damaged at v: an array of 8000000 bytes does not fit into the file");
    File73 pieces;
    pieces.out.nothing("v", "double", {4, 4}, {{2, 2}});
    const std::string numbers(4 * sizeof(double), '\0');
    const std::vector<std::vector<hsize_t>> offsets = {{0, 0}, {0, 2}, {2, 0}};
    for (const std::vector<hsize_t>& offset : offsets) {
        const hid_t dataset = H5Dopen2(pieces.out.file(), "v", H5P_DEFAULT);
        REQUIRE(H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, offset.data(), numbers.size(),
                               numbers.data()) >= 0);
        H5Dclose(dataset);
    }
    CHECK(pieces.message() == "is damaged at v: a part of an array is missing");
}

TEST_CASE("MATLAB 7.3: a part that inflates to more than its size is damaged") {
    File73 file;
    const Hdf5Storage storage{{1, 100}, false, true};
    file.out.numbers("v", "double", {1, 100}, std::vector<double>(100, 0.0), H5T_NATIVE_DOUBLE,
                     storage);
    const std::string bomb = mat5::compressed(std::string(1000000, '\0')).substr(8);
    const hid_t dataset = H5Dopen2(file.out.file(), "v", H5P_DEFAULT);
    const hsize_t offset[] = {0, 0};
    REQUIRE(H5Dwrite_chunk(dataset, H5P_DEFAULT, 0, offset, bomb.size(), bomb.data()) >= 0);
    H5Dclose(dataset);
    CHECK(file.message() == "is damaged at v: a part of an array does not inflate to 800 bytes");
}

TEST_CASE("MATLAB 7.3: cut, foreign and empty files") {
    File73 file;
    file.out.numbers("v", "double", {1, 1000}, counted(1000));
    file.out.close();
    std::ifstream in(file.path, std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(in)), {});
    CHECK(file.read_message() == "(no error)");
    for (std::size_t size = 200; size < whole.size(); size += 97) {
        mat5::write_file(file.path, whole.substr(0, size));
        CHECK(file.read_message() == damaged_file);
    }
    // HDF5 without MATLAB's header
    mat5::write_file(file.path, whole.substr(512));
    CHECK(file.read_message("layers").find("has no variable layers") == 0);
}

TEST_CASE("MATLAB 7.3: leaves the program's own settings of HDF5 alone") {
    File73 file;
    file.out.numbers("v", "double", {1, 1}, {1});
    H5E_auto2_t print = nullptr;
    void* data = nullptr;
    unsigned plugins = 0;
    REQUIRE(H5Eget_auto2(H5E_DEFAULT, &print, &data) >= 0);
    file.open();
    H5E_auto2_t print_after = nullptr;
    H5Eget_auto2(H5E_DEFAULT, &print_after, &data);
    H5PLget_loading_state(&plugins);
    CHECK(print_after == print);
    CHECK(plugins == H5PL_ALL_PLUGIN);
}

TEST_CASE("MATLAB 7.3: no damaged byte does harm") {
    File73 file;
    file.out.group("v");
    file.out.numbers("v/a", "double", {4, 5}, counted(20), H5T_NATIVE_DOUBLE,
                     {{2, 3}, true, true, true});
    file.out.text("v/b", "relu1_1");
    file.out.group("#refs#", "");
    file.out.numbers("#refs#/c", "single", {3, 2}, counted(6), H5T_NATIVE_FLOAT);
    file.out.cell("v/d", {"/#refs#/c", "/v/b"});
    file.out.close();
    std::ifstream written(file.path, std::ios::binary);
    const std::string whole(std::istreambuf_iterator<char>(written), {});
    const auto opening = [&] { return error_of([&] { nst::MatFile("reader", file.path); }); };
    CHECK(opening() == "(no error)");
    std::size_t refused = 0;
    for (std::size_t at = 0; at < whole.size(); at += whole[at] == 0 ? 16 : 2) {
        for (const char flip : {'\x01', '\x80', '\xff'}) {
            std::string damaged = whole;
            damaged[at] = static_cast<char>(damaged[at] ^ flip);
            std::ofstream(file.path, std::ios::binary) << damaged;
            const std::string message = opening();
            CHECK(message.find('\n') == std::string::npos);
            refused += message == "(no error)" ? 0 : 1;
        }
    }
    CHECK(refused > 100);
}
