// `nst weights strip` as a user runs it.
#include <filesystem>
#include <fstream>

#include "cli/fixture.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"

using namespace nst_test;

namespace {

CommandResult strip(const std::string& in, const std::string& out) {
    return run({NST_COMMAND, "weights", "strip", in, out});
}

}  // namespace

TEST_CASE("nst weights strip: keeps the convolutions, uncompressed") {
    const Workplace work;
    const std::string out = (work.folder / "stripped.mat").string();
    const CommandResult result = strip(work.weights, out);
    INFO(result.err);
    REQUIRE(result.exit_code == 0);
    CHECK(result.out.find("16 convolutions written to " + out + ", ") == 0);
    const nst::Network before = nst::load_vgg19(work.weights);
    const nst::Network after = nst::load_vgg19(out);
    REQUIRE(after.layers.size() == before.layers.size());
    for (std::size_t l = 0; l < before.layers.size(); ++l) {
        CAPTURE(before.layers[l].name);
        CHECK(after.layers[l].name == before.layers[l].name);
        CHECK(same_bits(after.layers[l].filters, before.layers[l].filters));
        CHECK(same_bits(after.layers[l].bias, before.layers[l].bias));
    }
    CHECK(after.mean == before.mean);
    std::ifstream file(out, std::ios::binary);
    constexpr char matrix_type = 14;  // miMATRIX; a compressed variable would be 15
    file.seekg(128);
    CHECK(file.get() == matrix_type);
    CHECK(run({NST_COMMAND, "inspect", out}).exit_code == 0);
}

TEST_CASE("nst weights strip: rejects unreadable input and unwritable output and leaves no file") {
    const Workplace work;
    const std::string out = (work.folder / "stripped.mat").string();
    const auto message = [&](const std::string& in, const std::string& to) {
        const CommandResult result = strip(in, to);
        CHECK(result.exit_code == 2);
        CHECK(lines(result.err) == 1);
        CHECK(result.out.empty());
        CHECK_FALSE(std::filesystem::exists(out));
        return result.err;
    };
    CHECK(message(work.weights, work.weights) ==
          "nst: nst weights strip: " + work.weights +
              " is the file that is read, and would lose its fully connected layers. Give another "
              "name\n");
    CHECK(message(work.content, out).find("load_vgg19: ") != std::string::npos);
    CHECK(message((work.folder / "missing.mat").string(), out).find("load_vgg19: ") !=
          std::string::npos);
    CHECK(message(work.weights, (work.folder / "no" / "out.mat").string()).find("save_vgg19: ") !=
          std::string::npos);
    CHECK(message(work.weights, work.folder.path().string()).find("save_vgg19: ") !=
          std::string::npos);
    CHECK(run({NST_COMMAND, "weights"}).exit_code == 2);
}
