// `nst inspect` as a user runs it.
#include "cli/fixture.hpp"
#include "support/catch.hpp"

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

TEST_CASE("nst inspect: rejects an invalid size") {
    const Workplace work;
    CHECK(run({NST_COMMAND, "inspect", work.weights, "--size", "0"}).exit_code == 2);
}
