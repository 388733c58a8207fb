// Every mistake in a call gives one line and exit code 2, and writes nothing.
#include <sys/resource.h>

#include <filesystem>
#include <fstream>

#include "cli/fixture.hpp"
#include "support/catch.hpp"

using namespace nst_test;

namespace {

void write(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

// The one-line error of a rejected call. Notes printed before the mistake is found are not errors;
// they do not begin with the program's name.
std::string message(const std::vector<std::string>& words,
                    const std::vector<std::string>& environment = {}) {
    const CommandResult result = run(words, environment);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    const std::size_t start = result.err.rfind("nst: ");
    if (start == std::string::npos) return "(no message) " + result.err;
    const std::string line = result.err.substr(start);
    CHECK(lines(line) == 1);
    return line;
}

struct Case {
    std::vector<std::string> arguments;
    std::string says;
};

}  // namespace

TEST_CASE("nst: rejects a missing or unknown command and wrong options") {
    CHECK(message({NST_COMMAND}) == "nst: A subcommand is required. See nst --help\n");
    CHECK(message({NST_COMMAND, "paint"}).find("nst: ") == 0);
    CHECK(message({NST_COMMAND, "transfer"}).find("is required") != std::string::npos);
    CHECK(message({NST_COMMAND, "transfer", "a", "b", "-o", "c.png", "--fast"}).find("--fast") !=
          std::string::npos);
    CHECK(run({NST_COMMAND, "--help"}).exit_code == 0);
    CHECK(run({NST_COMMAND, "transfer", "--help"}).exit_code == 0);
    CHECK(run({NST_COMMAND, "--version"}).out.find("nst ") == 0);
}

TEST_CASE("nst: control characters in a file name neither break the line nor reach the terminal") {
    const std::string hostile = "no\nsuch\x1b[31m\r.mat";
    const std::string missing = message({NST_COMMAND, "inspect", hostile});
    CHECK(missing.find("no?such?[31m?.mat") != std::string::npos);
    const std::string surplus = message({NST_COMMAND, "inspect", "a.mat", hostile});
    CHECK(surplus.find("no?such?[31m?.mat") != std::string::npos);
}

TEST_CASE("nst transfer: rejects numbers out of range before the work starts") {
    const Workplace work;
    const std::vector<Case> cases = {
        {{"--content-weight", "nan"}, "--content-weight: must be finite and not negative, got nan"},
        {{"--content-weight", "-1"}, "--content-weight: must be finite and not negative, got -1"},
        {{"--style-weight", "inf"}, "--style-weight: must be finite and not negative, got inf"},
        {{"--tv-weight", "-1"}, "--tv-weight: must be finite and not negative, got -1"},
        {{"--tv-weight", "nan"}, "--tv-weight: must be finite and not negative, got nan"},
        {{"--scales", "0"}, "--scales"},
        {{"--scales", "14"}, "--scales"},
        {{"--scales", "two"}, "--scales"},
        {{"--scales", "3"}, "at the smallest of 3 scales, the sides of the content image must"},
        {{"--learning-rate", "nan"}, "--learning-rate: must be finite and positive, got nan"},
        {{"--learning-rate", "0"}, "--learning-rate: must be finite and positive, got 0"},
        {{"--noise-ratio", "nan"}, "--noise-ratio: must be 0 to 1, got nan"},
        {{"--noise-ratio", "1.5"}, "--noise-ratio: must be 0 to 1, got 1.5"},
        {{"--iterations", "-1"}, "--iterations"},
        {{"--iterations", "many"}, "--iterations"},
        {{"--iterations", "99999999999"}, "--iterations"},
        {{"--threads", "-1"}, "--threads"},
        {{"--threads", "5000"}, "--threads"},
        {{"--seed", "-3"}, "--seed"},
        {{"--save-every", "-1"}, "--save-every"},
        {{"--print-every", "x"}, "--print-every"},
        {{"--pooling", "median"}, "--pooling"},
        {{"--optimizer", "sgd"}, "--optimizer"},
        {{"--preset", "gatys"}, "--preset"},
        {{"--style-strength", "0.5"}, "--style-strength: needs losses that are shares"},
        {{"--preset", "painting", "--style-strength", "2"}, "--style-strength: must be 0 to 1"},
        {{"--preset", "painting", "--style-strength", "0.3", "--style-weight", "1"},
         "--style-strength: stands for --content-weight and --style-weight"},
        {{"--style-scale", "0"}, "--style-scale: must be finite and positive"},
        {{"--style-scale", "1", "--style-size", "100"}, "--style-scale: says the same"},
        {{"--style-size", "0"}, "--style-size"},
        {{"--optimizer", "lbfgs", "--learning-rate", "2"}, "--learning-rate: is Adam's"},
        {{"--size", "0"}, "--size: a side must be 1 to 65535 pixels, got 0"},
        {{"--size", "0x10"}, "--size: a side must be 1 to 65535 pixels, got 0x10"},
        {{"--size", "10x99999999999999999999"}, "--size: a side must be 1 to 65535 pixels"},
        {{"--size", "10x"}, "--size: expected WxH, such as 400x300, or N"},
        {{"--size", "-5"}, "--size"},
        {{"--size", "nan"}, "--size: expected WxH"},
        {{"--content-layer", "relu9_9"},
         "there is no layer named relu9_9; the network has conv1_1"},
        {{"--content-layer", ""}, "--content-layer: expected a layer's name"},
        {{"--style-layers", "relu1_1,nothing"}, "there is no layer named nothing"},
        {{"--style-layers", "relu1_1,relu1_1"}, "style layer relu1_1 is in the list twice"},
        {{"--start", "nowhere.png"}, "nowhere.png"},
    };
    for (const Case& one : cases) {
        INFO(one.arguments[0] << ' ' << one.arguments[1]);
        const std::string line = message(work.transfer(one.arguments));
        INFO(line);
        CHECK(line.find(one.says) != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(work.output));
    }
}

TEST_CASE("nst transfer: rejects images that cannot be read") {
    const Workplace work;
    const std::string empty = (work.folder / "empty.png").string();
    const std::string text = (work.folder / "text.jpg").string();
    const std::string cut = (work.folder / "cut.png").string();
    write(empty, "");
    write(text, "not an image");
    std::filesystem::copy_file(work.content, cut);
    std::filesystem::resize_file(cut, std::filesystem::file_size(cut) / 2);
    for (const std::string& bad :
         {empty, text, cut, work.folder.path().string(), (work.folder / "missing.png").string()}) {
        for (const std::size_t place : {2u, 3u}) {
            std::vector<std::string> words = work.transfer();
            words[place] = bad;
            const std::string line = message(words);
            INFO(line);
            CHECK(line.find(bad) != std::string::npos);
            CHECK_FALSE(std::filesystem::exists(work.output));
        }
    }
}

TEST_CASE("nst transfer: rejects an unwritable output before the work starts") {
    const Workplace work;
    std::filesystem::create_directory(work.folder / "folder.png");
    write(work.folder / "file", "");
    for (const char* name : {"folder.png", "missing/out.png", "file/out.png", "out.gif", "out"}) {
        std::vector<std::string> words = work.transfer();
        words[5] = (work.folder / name).string();
        const std::string line = message(words);
        INFO(line);
        CHECK(line.find(name) != std::string::npos);
    }
    const std::vector<std::string> nowhere = work.transfer({"-o", "/proc/out.png"});
    CHECK(run(nowhere).exit_code == 2);
}

TEST_CASE("nst transfer and inspect: reject weights that are not a network") {
    const Workplace work;
    const std::string text = (work.folder / "text.mat").string();
    const std::string cut = (work.folder / "cut.mat").string();
    write(text, "<html>404 not found</html>");
    std::filesystem::copy_file(work.weights, cut);
    std::filesystem::resize_file(cut, std::filesystem::file_size(cut) / 2);
    for (const std::string& bad :
         {text, cut, work.content, work.folder.path().string(), std::string("missing.mat")}) {
        std::vector<std::string> words = work.transfer();
        words[7] = bad;
        CHECK(message(words).find(bad) != std::string::npos);
        CHECK(message({NST_COMMAND, "inspect", bad}).find(bad) != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(work.output));
    }
}

TEST_CASE("nst transfer: rejects an image that does not fit into memory, with the numbers") {
    const Workplace work;
    const std::string line = message(work.transfer({"--size", "60000x60000"}));
    INFO(line);
    CHECK(line.find("transfer: a 60000x60000 image with a 33x45 style needs about") !=
          std::string::npos);
    CHECK(line.find("leaves") != std::string::npos);
}

TEST_CASE("nst transfer: respects the limit of the address space") {
    if (memory_is_the_sanitizers()) return;
    const Workplace work;
    std::string line = "ulimit -v 600000; exec";
    for (const std::string& word : work.transfer({"--size", "4000x4000", "--threads", "1"})) {
        line += " '" + word + "'";
    }
    const std::string said = message({"sh", "-c", line});
    INFO(said);
    CHECK(said.find("the limit of the address space leaves") != std::string::npos);
}

TEST_CASE("nst: reports an error when standard output is a full device") {
    const Workplace work;
    const CommandResult result = run({NST_COMMAND, "inspect", work.weights}, {}, "/dev/full");
    CHECK(result.exit_code == 2);
    CHECK(result.err == "nst: standard output could not be written\n");
}

TEST_CASE("nst transfer: rejects an unknown instruction set and lists the valid ones") {
    const Workplace work;
    const std::string line = message(work.transfer(), {"NST_SIMD=abacus"});
    INFO(line);
    CHECK(line.find("NST_SIMD: this processor can run ") != std::string::npos);
    CHECK(line.find("baseline, got abacus") != std::string::npos);
    // An empty value counts as unset.
    CHECK(run(work.transfer(), {"NST_SIMD="}).exit_code == 0);
}
