// `nst inspect` as a user runs it.
#include <fstream>

#include "cli/fixture.hpp"
#include "support/catch.hpp"
#include "support/hdf5_writer.hpp"

using namespace nst_test;

TEST_CASE("nst inspect: prints the layer table and a summary of the file") {
    const Workplace work;
    const CommandResult result = run({NST_COMMAND, "inspect", work.weights, "--size", "75x101"});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    const std::vector<std::string> expected = {
        "known as     none of the published files\n",
        "mean RGB     123.68 116.779 103.939\n",
        "layers       37, ",
        "    0  conv1_1  conv  3x3x3x4  1x1     1 1 1 1         112     3  75x101\n",
        "    4  pool1    pool  2x2      2x2     0 1 0 1           -     6   38x51\n",
        "   19  conv4_1  conv  3x3x6x6  1x1     1 1 1 1         330    68   10x13\n",
    };
    for (const std::string& line : expected) {
        INFO(line);
        INFO(result.out);
        CHECK(result.out.find(line) != std::string::npos);
    }
}

TEST_CASE("nst inspect: a damaged MATLAB 7.3 file gives one line, also from HDF5 at the end") {
    const Workplace work;
    const std::filesystem::path file = work.folder / "net.mat";
    Hdf5Writer out(file);
    out.group("net");
    out.group("#refs#", "");
    out.numbers("#refs#/a", "single", {3, 2}, {1, 2, 3, 4, 5, 6}, H5T_NATIVE_FLOAT);
    out.text("net/name", "relu1_1");
    out.cell("net/weights", {"/#refs#/a", "/net/name"});
    out.close();
    const std::string whole = bytes_of(file);
    for (std::size_t at = 512; at < whole.size(); at += whole[at] == 0 ? 61 : 23) {
        std::string damaged = whole;
        damaged[at] = static_cast<char>(damaged[at] ^ 0x80);
        std::ofstream(file, std::ios::binary) << damaged;
        const CommandResult result = run({NST_COMMAND, "inspect", file});
        INFO("byte " << at << ": " << result.err);
        CHECK(result.exit_code == 2);
        CHECK(std::count(result.err.begin(), result.err.end(), '\n') == 1);
    }
}

TEST_CASE("nst inspect: rejects an invalid size") {
    const Workplace work;
    CHECK(run({NST_COMMAND, "inspect", work.weights, "--size", "0"}).exit_code == 2);
}
