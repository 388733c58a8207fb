// Signals, and standard streams that close early.
#include <unistd.h>

#include <csignal>

#include "cli/fixture.hpp"
#include "support/catch.hpp"

using namespace nst_test;

namespace {

// The arguments, quoted for a shell.
std::string quoted(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) line += "'" + word + "' ";
    return line;
}

// The exit code that a shell wrote to the file.
int written_code(const Workplace& work) {
    return std::stoi(bytes_of(work.folder / "code"));
}

std::string generated_by(const Workplace& work, const std::vector<std::string>& words) {
    REQUIRE(run(words).exit_code == 0);
    std::string bytes = bytes_of(work.output);
    std::filesystem::remove(work.output);
    return bytes;
}

}  // namespace

TEST_CASE("nst transfer: Ctrl-C and SIGTERM stop after the iteration and save the image") {
    const Workplace work;
    for (const int signal : {SIGINT, SIGTERM}) {
        Command command(work.transfer({"--iterations", "1000000", "--print-every", "1"}));
        command.wait_for("Iteration 3 :");
        command.send(signal);
        const CommandResult result = command.finish();
        CHECK(result.exit_code == 128 + signal);
        CHECK(result.err.find("Stopped after iteration ") != std::string::npos);
        CHECK(result.out.find("Generated image saved to ") != std::string::npos);
        CHECK(nst::image_size(work.output).width == 51);
        std::filesystem::remove(work.output);
    }
}

TEST_CASE("nst transfer: a signal during a blocked write loses nothing") {
    const Workplace work;
    Command command(work.transfer({"--iterations", "1000000", "--print-every", "1"}));
    command.wait_for("Iteration 3 :");
    usleep(2000000);  // meanwhile the pipe fills up
    command.send(SIGINT);
    const CommandResult result = command.finish();
    CHECK(result.exit_code == 128 + SIGINT);
    CHECK(result.out.find("Generated image saved to ") != std::string::npos);
}

TEST_CASE("nst transfer: continues when the reader of the costs goes away") {
    const Workplace work;
    const std::vector<std::string> words =
        work.transfer({"--iterations", "50", "--print-every", "1", "--quiet"});
    const std::string generated = generated_by(work, words);
    std::vector<std::string> loud = words;
    loud.pop_back();
    const std::string code = "'" + (work.folder / "code").string() + "'";
    const CommandResult result =
        run({"sh", "-c", "{ " + quoted(loud) + "; echo $? >" + code + "; } | head -1"});
    CHECK(written_code(work) == 2);
    CHECK(result.out == "Iteration 0 :\n");
    CHECK(result.err.find("\nnst: standard output could not be written\n") != std::string::npos);
    CHECK(bytes_of(work.output) == generated);
}

TEST_CASE("nst inspect: ends silently on a closed pipe, as other programs do") {
    const Workplace work;
    const std::string code = "'" + (work.folder / "code").string() + "'";
    const CommandResult result =
        run({"sh", "-c",
             "{ sleep 0.3; " + quoted({NST_COMMAND, "inspect", work.weights}) + "; echo $? >" +
                 code + "; } | true"});
    CHECK(written_code(work) == 128 + SIGPIPE);
    CHECK(result.err.find("nst: ") == std::string::npos);
}

TEST_CASE("nst: closed standard streams do not corrupt the generated image") {
    const Workplace work;
    const std::vector<std::string> words = work.transfer({"--iterations", "2"});
    const std::string generated = generated_by(work, words);
    for (const char* closed : {">&-", "2>&-", "<&- >&- 2>&-"}) {
        INFO(closed);
        const CommandResult result = run({"sh", "-c", "exec " + quoted(words) + closed});
        CHECK(result.exit_code == (std::string(closed) == "2>&-" ? 0 : 2));
        CHECK(bytes_of(work.output) == generated);
        std::filesystem::remove(work.output);
    }
    const CommandResult inspect =
        run({"sh", "-c", "exec " + quoted({NST_COMMAND, "inspect", work.weights}) + ">&-"});
    CHECK(inspect.exit_code == 2);
    CHECK(inspect.err == "nst: standard output could not be written\n");
}
