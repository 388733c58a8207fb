// The memory that the command announces, or that the documentation states, against the measured
// peak.
#include <zlib.h>

#include <regex>

#include "cli/fixture.hpp"
#include "support/catch.hpp"
#include "support/vgg19_mat.hpp"

using namespace nst_test;

namespace {

/// Numbers of MATLAB's widest class, each stored in one or two bytes of 0xff: they deflate to
/// almost nothing.
mat5::Array swelling(mat5::Type stored_as, std::size_t width,
                     const std::vector<std::uint32_t>& dims) {
    mat5::Array array = mat5::numbers(mat5::mx_double, stored_as, dims, std::vector<double>{});
    std::size_t bytes = width;
    for (const std::uint32_t extent : dims) bytes *= extent;
    array.body = mat5::element(stored_as, std::string(bytes, '\xff'));
    return array;
}

/// The maximum number of filter values, including a layer of the maximum size, and a mean image of
/// the maximum size, which is rejected at the very end.
std::string largest_network() {
    constexpr std::uint32_t width = 1365;
    const mat5::Array biases = swelling(mat5::mi_uint8, 1, {1, width});
    mat5::Named variables = vgg19_variables();
    std::vector<mat5::Array> layers;
    std::uint32_t inputs = 3;
    for (const char* name : {"a", "b", "c", "d"}) {
        mat5::Array conv = layer(variables, 0);
        field(conv, "name") = mat5::text(name);
        field(conv, "weights") =
            mat5::cell({swelling(mat5::mi_uint8, 1, {3, 3, inputs, width}), biases});
        layers.push_back(conv);
        inputs = width;
    }
    variable(variables, "layers") = mat5::cell(layers);
    mat5::Array& normalization = field(variable(variables, "meta"), "normalization");
    field(normalization, "averageImage") = swelling(mat5::mi_uint16, 2, {2364, 2364, 3});
    return mat5::file(variables, true);
}

void append_chunk(std::string& png, const std::string& type, const std::string& data) {
    const auto put = [&](std::size_t number) {
        for (const int shift : {24, 16, 8, 0}) png += static_cast<char>(number >> shift);
    };
    const std::string checked = type + data;
    put(data.size());
    png += checked;
    put(crc32(0, reinterpret_cast<const Bytef*>(checked.data()),
              static_cast<uInt>(checked.size())));
}

/// A black PNG of 16384x16384 one-bit pixels.
std::string swelling_image() {
    constexpr std::size_t side = 1 << 14;
    const std::string rows(side * (1 + side / 8), '\0');
    std::string deflated(compressBound(rows.size()), '\0');
    uLongf size = deflated.size();
    compress(reinterpret_cast<Bytef*>(deflated.data()), &size,
             reinterpret_cast<const Bytef*>(rows.data()), rows.size());
    deflated.resize(size);
    std::string png = "\x89PNG\r\n\x1a\n";
    append_chunk(png, "IHDR", std::string("\0\0\x40\0\0\0\x40\0\1\0\0\0\0", 13));
    append_chunk(png, "IDAT", deflated);
    append_chunk(png, "IEND", "");
    return png;
}

}  // namespace

TEST_CASE("nst transfer: the announced memory is within 15 % of the measured peak") {
    if (memory_is_the_sanitizers()) return;
    const Workplace work;
    const std::string bundled = nst::bundled_vgg19_file().string();
    for (const char* size : {"200x150", "400x300", "800x600"}) {
        const CommandResult result =
            run({NST_COMMAND, "transfer", work.content, work.style, "-o", work.output, "--weights",
                 bundled, "--iterations", "2", "--size", size, "--threads", "2"});
        REQUIRE(result.exit_code == 0);
        std::smatch number;
        REQUIRE(
            std::regex_search(result.err, number, std::regex("Memory: about ([0-9.]+) ([MG])B")));
        const double announced = std::stod(number[1]) * (number[2] == "M" ? 1e6 : 1e9);
        const double measured = static_cast<double>(result.peak_bytes);
        INFO(size << ": announced " << announced / 1e6 << " MB, measured " << measured / 1e6);
        CHECK(announced == Approx(measured).epsilon(0.15));
    }
}

TEST_CASE("nst transfer: no network takes more memory than stated, however small its file") {
    if (memory_is_the_sanitizers()) return;
    const Workplace work;
    const std::string file = largest_network();
    CHECK(file.size() < 1 << 18);
    mat5::write_file(work.weights, file);
    const CommandResult result = run(work.transfer());
    CHECK(result.exit_code == 2);
    CHECK(result.err.find("has a mean of 65535") != std::string::npos);
    constexpr std::uint64_t stated = std::uint64_t{640} << 20;  // docs/reliability.md
    INFO("from " << file.size() << " bytes to " << (result.peak_bytes >> 20) << " MiB");
    CHECK(result.peak_bytes < stated);
    CHECK(result.peak_bytes > stated / 2);  // otherwise a different file is the worst case
}

TEST_CASE("nst transfer: rejects a small file whose pixels do not fit into memory") {
    if (memory_is_the_sanitizers()) return;
    const Workplace work;
    const std::string file = swelling_image();
    CHECK(file.size() < 1 << 16);
    mat5::write_file(work.content, file);
    REQUIRE(nst::image_size(work.content).width == 1 << 14);
    std::string line = "ulimit -v 2000000; exec";
    for (const std::string& word : work.transfer({"--size", "32x32", "--threads", "1"})) {
        line += " '" + word + "'";
    }
    const CommandResult result = run({"sh", "-c", line});
    INFO(result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.err.find("content.png has 16384x16384 pixels, which take 3.2 GB, but the limit "
                          "of the address space leaves") != std::string::npos);
    CHECK(result.peak_bytes < 100'000'000);
}
