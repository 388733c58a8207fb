// The memory that the command announces against the memory that it takes.
#include <regex>

#include "cli/fixture.hpp"
#include "support/catch.hpp"

using namespace nst_test;

TEST_CASE("nst transfer: the announced memory is within 15 % of the measured peak") {
    if (memory_is_the_sanitizers()) return;
    const Workplace work;
    const std::string embedded = nst::embedded_vgg19_file().string();
    for (const char* size : {"200x150", "400x300", "800x600"}) {
        const CommandResult result =
            run({NST_COMMAND, "transfer", work.content, work.style, "-o", work.output, "--weights",
                 embedded, "--iterations", "2", "--size", size, "--threads", "2"});
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
