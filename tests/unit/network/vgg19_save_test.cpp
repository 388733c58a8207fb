// save_vgg19: the contents of the file, and that it writes all or nothing.
#include <matio.h>
#include <sys/resource.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <limits>

#include "nst/vgg19.hpp"
#include "support/child.hpp"
#include "support/mat5.hpp"
#include "support/one_line_error.hpp"
#include "support/temporary_folder.hpp"

using namespace nst_test;

namespace {

/// Numbers of every magnitude that use every bit of a float.
float made_up(std::size_t layer, std::size_t i) {
    const float sign = i % 2 == 0 ? 1.f : -1.f;
    return sign *
           std::ldexp(1.f + static_cast<float>((layer * 7919 + i * 104729) % 8388608) * 0x1p-23f,
                      static_cast<int>(i % 60) - 40);
}

void add_conv(nst::Network& network, const std::string& name, std::size_t inputs,
              std::size_t outputs) {
    nst::Layer conv{nst::LayerKind::conv, name, nst::Filters::from_shape({3, 3, inputs, outputs}),
                    nst::Vector::from_shape({outputs})};
    for (std::size_t i = 0; i < conv.filters.size(); ++i) {
        conv.filters.flat(i) = made_up(network.layers.size(), i);
    }
    for (std::size_t i = 0; i < outputs; ++i) conv.bias(i) = made_up(network.layers.size() + 1, i);
    network.layers.push_back(conv);
}

nst::Network small_network() {
    nst::Network network;
    add_conv(network, "conv1_1", 3, 5);
    network.layers.push_back({nst::LayerKind::relu, "relu1_1", {}, {}});
    network.layers.push_back({nst::LayerKind::pool, "pool1", {}, {}});
    add_conv(network, "conv2_1", 5, 1);
    network.layers.push_back({nst::LayerKind::relu, "relu2_1", {}, {}});
    network.mean = {nst::Real(123.68f), nst::Real(116.779f), nst::Real(103.939f)};
    network.description = "made by a test, caf\xc3\xa9 \xf0\x9f\x8e\xa8";
    return network;
}

std::string content_of(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t files_in(const std::filesystem::path& folder) {
    const std::filesystem::directory_iterator begin(folder);
    return static_cast<std::size_t>(std::distance(begin, {}));
}

/// The message of save_vgg19 for a network; checks that no file is left behind.
template <class Change>
std::string message(const Change& change) {
    const TemporaryFolder folder;
    nst::Network network = small_network();
    change(network);
    const std::string message = error_of([&] { nst::save_vgg19(network, folder / "out.mat"); });
    CHECK(files_in(folder.path()) == 0);
    return message;
}

std::vector<std::string> field_names(matvar_t* structure) {
    char* const* names = Mat_VarGetStructFieldnames(structure);
    return {names, names + Mat_VarGetNumberOfFields(structure)};
}

}  // namespace

TEST_CASE("save_vgg19: load_vgg19 returns the same bits") {
    const TemporaryFolder folder;
    const nst::Network network = small_network();
    nst::save_vgg19(network, folder / "out.mat");
    CHECK(files_in(folder.path()) == 1);
    const nst::Network back = nst::load_vgg19(folder / "out.mat");
    REQUIRE(back.layers.size() == network.layers.size());
    for (std::size_t i = 0; i < back.layers.size(); ++i) {
        CHECK(back.layers[i].kind == network.layers[i].kind);
        CHECK(back.layers[i].name == network.layers[i].name);
        CHECK(back.layers[i].filters == network.layers[i].filters);
        CHECK(back.layers[i].bias == network.layers[i].bias);
    }
    CHECK(back.mean == network.mean);
    CHECK(back.description == network.description);
}

TEST_CASE("save_vgg19: the same network gives the same bytes at any path") {
    const TemporaryFolder folder;
    nst::save_vgg19(small_network(), folder / "a.mat");
    nst::save_vgg19(small_network(), folder / "longer-name.mat");
    const std::string content = content_of(folder / "a.mat");
    CHECK(content == content_of(folder / "longer-name.mat"));
    CHECK(content.substr(0, 62) ==
          "MATLAB 5.0 MAT-file, VGG-19 in the layout of MatConvNet beta23");
    nst::Network other = small_network();
    other.layers[3].bias(0) += 1;
    nst::save_vgg19(other, folder / "a.mat");
    CHECK(content != content_of(folder / "a.mat"));
}

TEST_CASE("save_vgg19: writes the fields of 2016 in their order") {
    const TemporaryFolder folder;
    nst::save_vgg19(small_network(), folder / "out.mat");
    mat_t* file = Mat_Open((folder / "out.mat").c_str(), MAT_ACC_RDONLY);
    REQUIRE(file != nullptr);
    matvar_t* layers = Mat_VarRead(file, "layers");
    matvar_t* meta = Mat_VarRead(file, "meta");
    REQUIRE(layers != nullptr);
    REQUIRE(meta != nullptr);
    CHECK(layers->dims[0] == 1);
    CHECK(layers->dims[1] == 5);
    CHECK(field_names(Mat_VarGetCell(layers, 0)) ==
          std::vector<std::string>{"name", "type", "weights", "size", "pad", "stride", "precious",
                                   "dilate", "opts"});
    CHECK(field_names(Mat_VarGetCell(layers, 1)) ==
          std::vector<std::string>{"name", "type", "leak", "weights", "precious"});
    CHECK(field_names(Mat_VarGetCell(layers, 2)) ==
          std::vector<std::string>{"name", "type", "method", "pool", "stride", "pad", "weights",
                                   "precious", "opts"});
    matvar_t* weights = Mat_VarGetStructFieldByName(Mat_VarGetCell(layers, 0), "weights", 0);
    matvar_t* biases = Mat_VarGetCell(weights, 1);
    CHECK(biases->class_type == MAT_C_SINGLE);
    CHECK(biases->dims[0] == 5);
    CHECK(biases->dims[1] == 1);
    const matvar_t* precious =
        Mat_VarGetStructFieldByName(Mat_VarGetCell(layers, 0), "precious", 0);
    CHECK(precious->class_type == MAT_C_UINT8);  // false, a logical, which MATLAB stores as bytes
    CHECK(precious->isLogical != 0);
    CHECK(nst::inspect_vgg19(folder / "out.mat", 20, 20).layers[2].pad ==
          std::vector<std::size_t>{0, 1, 0, 1});  // odd sizes round up
    // a reader that uses indices instead of names finds the mean at index 2
    matvar_t* normalization = Mat_VarGetStructFieldByName(meta, "normalization", 0);
    CHECK(field_names(normalization)[2] == "averageImage");
    Mat_VarFree(layers);
    Mat_VarFree(meta);
    Mat_Close(file);
}

TEST_CASE("save_vgg19: rejects networks that load_vgg19 would reject") {
    CHECK(message([](nst::Network& network) { network.layers.clear(); }) ==
          "save_vgg19: the network has no layers");
    CHECK(message([](nst::Network& network) {
              network.layers[0].filters = nst::Filters::from_shape({5, 5, 3, 5});
          }) == "save_vgg19: layer conv1_1 must have filters of 3x3x3xC_out, got 5x5x3x5");
    CHECK(message([](nst::Network& network) {
              network.layers[3].filters = nst::Filters::from_shape({3, 3, 4, 1});
          }) == "save_vgg19: layer conv2_1 must have filters of 3x3x5xC_out, got 3x3x4x1");
    CHECK(message([](nst::Network& network) {
              network.layers[0].filters = {};
          }).find("save_vgg19: layer conv1_1 must have filters of 3x3x3xC_out, got ") == 0);
    CHECK(message([](nst::Network& network) {
              network.layers[0].bias = nst::Vector::from_shape({4});
          }) == "save_vgg19: layer conv1_1 must have 5 biases, one for each filter, got 4");
    CHECK(message([](nst::Network& network) { network.layers[3].name = "conv1_1"; }) ==
          "save_vgg19: the network has two layers named conv1_1");
    CHECK(message([](nst::Network& network) { network.layers[1].name.clear(); }) ==
          "save_vgg19: expected layer names of 1 to 80 bytes without control characters, got \"\"");
    CHECK(message([](nst::Network& network) { network.layers[1].name = "a\nb"; }) ==
          "save_vgg19: expected layer names of 1 to 80 bytes without control characters, got "
          "\"a?b\"");
    CHECK(message([](nst::Network& network) { network.mean[1] = 256; }) ==
          "save_vgg19: the mean must be 0 to 255, got 256");
    CHECK(message([](nst::Network& network) {
              network.mean[2] = std::numeric_limits<nst::Real>::quiet_NaN();
          }) == "save_vgg19: the mean must be 0 to 255, got nan");
    CHECK(message([](nst::Network& network) {
              network.layers.clear();
              std::size_t inputs = 3;
              for (const char* name : {"a", "b", "c", "d", "e"}) {
                  constexpr std::size_t outputs = 1365;  // this memory is never touched
                  network.layers.push_back({nst::LayerKind::conv, name,
                                            nst::Filters::from_shape({3, 3, inputs, outputs}),
                                            nst::Vector::from_shape({outputs})});
                  inputs = outputs;
              }
          }) == "save_vgg19: expected at most 2^26 numbers in all filters, got more up to layer e");
}

TEST_CASE("save_vgg19: rejects values that are not finite in single precision") {
    const nst::Real infinity = std::numeric_limits<nst::Real>::infinity();
    const std::string expected =
        "save_vgg19: layer conv2_1 has a value that is no finite number in "
        "single precision";
    CHECK(message([&](nst::Network& network) {
              network.layers[3].filters(1, 2, 3, 0) = infinity;
          }) == expected);
    CHECK(message([&](nst::Network& network) { network.layers[3].bias(0) = -infinity; }) ==
          expected);
#ifdef NST_DOUBLE
    CHECK(message([](nst::Network& network) { network.layers[3].bias(0) = 1e39; }) == expected);
#endif
}

TEST_CASE("save_vgg19: rejects unwritable paths") {
    const TemporaryFolder folder;
    const auto says = [&](const std::filesystem::path& path) {
        return error_of([&] { nst::save_vgg19(small_network(), path); });
    };
    const std::string beginning = "save_vgg19: cannot write ";
    const std::string missing = (folder / "none/out.mat").string();
    CHECK(says(missing) == beginning + missing + ": No such file or directory");
    CHECK(says(folder.path()) == beginning + folder.path().string() + ": it is a folder");
    mat5::write_file(folder / "file", "");
    CHECK(says(folder / "file/out.mat") ==
          beginning + (folder / "file/out.mat").string() + ": Not a directory");
    CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("save_vgg19: a full disk leaves no new file and the old file intact") {
    const TemporaryFolder folder;
    const std::string path = (folder / "out.mat").string();
    nst::save_vgg19(small_network(), path);
    const std::uintmax_t size = std::filesystem::file_size(path);
    const std::string old = "what was there before";
    mat5::write_file(path, old);
    // these limits cut the file after its header, in the middle, and one byte before the end
    for (const rlim_t limit :
         {rlim_t{0}, rlim_t{100}, rlim_t{200}, rlim_t{size / 2}, rlim_t{size - 1}}) {
        const ChildResult child = run_in_child([&] {
            std::signal(SIGXFSZ, SIG_IGN);
            const rlimit limits{limit, limit};
            setrlimit(RLIMIT_FSIZE, &limits);
            try {
                nst::save_vgg19(small_network(), path);
            } catch (const nst::Error& error) {
                return error.what() == "save_vgg19: cannot write " + path + ". Is the disk full?"
                           ? 0
                           : 1;
            }
            return 2;
        });
        INFO("limit " << limit << " of " << size);
        CHECK(child.exit_code == 0);
        CHECK(content_of(path) == old);
        CHECK(files_in(folder.path()) == 1);
    }
    const ChildResult enough = run_in_child([&] {
        const rlimit limits{size, size};
        setrlimit(RLIMIT_FSIZE, &limits);
        nst::save_vgg19(small_network(), path);
        return 0;
    });
    CHECK(enough.exit_code == 0);
    CHECK(nst::load_vgg19(path).layers.size() == 5);
}
