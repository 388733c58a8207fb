// What `nst` refuses to overwrite, and how it replaces a file.
#include <sys/stat.h>

#include <filesystem>

#include "cli/fixture.hpp"
#include "support/catch.hpp"

using namespace nst_test;

namespace fs = std::filesystem;

namespace {

// The start of every line that refuses an output.
const std::string refusal = "nst: transfer: ";

// Runs a transfer that must end before any work, and returns its line.
std::string refused(const Workplace& work, const std::vector<std::string>& more) {
    const std::string content = bytes_of(work.content);
    const std::string style = bytes_of(work.style);
    const std::string weights = bytes_of(work.weights);
    const CommandResult result = run(work.transfer(more));
    INFO(result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK(lines(result.err) == 1);
    CHECK(bytes_of(work.content) == content);
    CHECK(bytes_of(work.style) == style);
    CHECK(bytes_of(work.weights) == weights);
    CHECK_FALSE(fs::exists(work.output));
    return result.err;
}

std::vector<std::string> with_output(const Workplace& work, const std::string& output,
                                     const std::vector<std::string>& more = {}) {
    std::vector<std::string> words = work.transfer({"--iterations", "1", "--print-every", "0"});
    words[5] = output;
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

mode_t mode_of(const fs::path& file) {
    struct stat status {};
    REQUIRE(stat(file.c_str(), &status) == 0);
    return status.st_mode & 07777U;
}

}  // namespace

TEST_CASE("nst transfer: refuses an output that is an input, however its path is spelled") {
    const Workplace work;
    const std::string content = "the content image " + work.content;
    const std::string folder = work.folder.path().string();
    fs::create_symlink("content.png", work.folder / "link.png");
    fs::create_symlink("link.png", work.folder / "link to a link.png");
    fs::create_hard_link(work.content, work.folder / "hard.png");
    fs::create_directory(work.folder / "sub");
    fs::create_directory_symlink(".", work.folder / "here");
    for (const char* name : {"content.png", "./content.png", "sub/../content.png", "link.png",
                             "link to a link.png", "hard.png", "here/here/content.png"}) {
        const std::string output = folder + "/" + name;
        const std::string before = bytes_of(work.content);
        const CommandResult result = run(with_output(work, output));
        CHECK(result.exit_code == 2);
        CHECK(result.err == refusal + "the output " + output + " is " + content +
                                ", which would be lost. Give another name with -o\n");
        CHECK(result.out.empty());
        CHECK(bytes_of(work.content) == before);
    }
    // The input by the link, the output by the name.
    std::vector<std::string> swapped = with_output(work, work.content);
    swapped[2] = folder + "/link.png";
    CHECK(run(swapped).exit_code == 2);
}

TEST_CASE("nst transfer: refuses the style, the start and the weights as output") {
    const Workplace work;
    const auto check = [&](const std::string& output, const std::string& input,
                           const std::vector<std::string>& more,
                           const std::vector<std::string>& environment) {
        const std::string before = bytes_of(output);
        const CommandResult result = run(with_output(work, output, more), environment);
        CHECK(result.exit_code == 2);
        CHECK(result.err == refusal + "the output " + output + " is " + input +
                                ", which would be lost. Give another name with -o\n");
        CHECK(bytes_of(output) == before);
    };
    check(work.style, "the style image " + work.style, {}, {});
    const std::string start = (work.folder / "start.png").string();
    fs::copy_file(work.content, start);
    check(start, "the start image " + start, {"--start", start}, {});
    const std::string weights = (work.folder / "weights.png").string();
    fs::create_symlink(work.weights, weights);
    check(weights, "the file of weights " + work.weights, {}, {});
    // Weights that are not named on the command line.
    std::vector<std::string> words = {NST_COMMAND, "transfer", work.content,
                                      work.style,  "-o",       weights};
    CHECK(run(words, {"NST_WEIGHTS=" + work.weights}).err.find("is the file of weights") !=
          std::string::npos);
}

TEST_CASE("nst transfer: refuses an input among the images of --save-every") {
    const Workplace work;
    const std::string numbered = (work.folder / "out_6.png").string();
    fs::create_hard_link(work.style, numbered);
    const auto result_of = [&](const std::vector<std::string>& more) {
        return run(work.transfer(more));
    };
    for (const std::vector<std::string>& more :
         {std::vector<std::string>{"--iterations", "7", "--save-every", "3"},
          {"--iterations", "4", "--scales", "2", "--size", "64", "--save-every", "6"}}) {
        const CommandResult result = result_of(more);
        CHECK(result.exit_code == 2);
        CHECK(result.err == refusal + numbered +
                                ", which --save-every writes, is the style image " + work.style +
                                ", which would be lost. Give another name with -o\n");
        CHECK_FALSE(fs::exists(work.output));
        CHECK_FALSE(fs::exists(work.folder / "out_0.png"));
    }
    // Not one of those that this run writes.
    CHECK(result_of({"--iterations", "6", "--save-every", "3"}).exit_code == 0);
    CHECK(result_of({"--iterations", "8", "--save-every", "4"}).exit_code == 0);
    CHECK(bytes_of(numbered) == bytes_of(work.style));
}

TEST_CASE("nst transfer: refuses before the work what --save-every could not write") {
    const Workplace work;
    fs::create_directory(work.folder / "out_2.png");
    const std::vector<std::string> more = {"--iterations", "3", "--save-every", "2"};
    CHECK(refused(work, more) == "nst: save_image: cannot write " +
                                     (work.folder / "out_2.png").string() + ": it is a folder\n");
    // OUT has a good name, OUT_1000 one that is too long.
    const std::string output = (work.folder / (std::string(249, 'n') + ".png")).string();
    const CommandResult result =
        run({NST_COMMAND, "transfer", work.content, work.style, "-o", output, "--weights",
             work.weights, "--iterations", "1001", "--save-every", "1000"});
    CHECK(result.exit_code == 2);
    CHECK(result.err.find("File name too long") != std::string::npos);
    CHECK_FALSE(fs::exists(output));
}

TEST_CASE("nst transfer: a file that it replaces keeps its mode and must be writable") {
    const Workplace work;
    fs::copy_file(work.content, work.output);
    REQUIRE(chmod(work.output.c_str(), 0600) == 0);
    REQUIRE(run(with_output(work, work.output)).exit_code == 0);
    CHECK(bytes_of(work.output) != bytes_of(work.content));
    CHECK(mode_of(work.output) == 0600);

    REQUIRE(chmod(work.output.c_str(), 0444) == 0);
    const std::string before = bytes_of(work.output);
    const CommandResult result = run(with_output(work, work.output));
    CHECK(result.exit_code == 2);
    CHECK(result.out.empty());
    CHECK(result.err ==
          "nst: save_image: cannot write " + work.output + ": it is write-protected\n");
    CHECK(bytes_of(work.output) == before);
    CHECK(mode_of(work.output) == 0444);
}

TEST_CASE("nst transfer and weights strip: say that a hard link is broken") {
    const Workplace work;
    const std::string other = (work.folder / "other.png").string();
    const auto line = [](const std::string& file) {
        return "Hard link: " + file +
               " is one of 2 names of a file. Only this name gets the new file; the others keep "
               "the "
               "old one.\n";
    };
    fs::copy_file(work.content, other);
    fs::create_hard_link(other, work.output);
    const CommandResult result = run(with_output(work, work.output));
    REQUIRE(result.exit_code == 0);
    CHECK(result.err.find(line(work.output)) != std::string::npos);
    CHECK(bytes_of(other) == bytes_of(work.content));
    CHECK(bytes_of(work.output) != bytes_of(other));
    // No longer a link; and with --quiet nothing but errors is printed.
    CHECK(run(with_output(work, work.output)).err.find("Hard link") == std::string::npos);
    fs::create_hard_link(work.output, work.folder / "third.png");
    CHECK(run(with_output(work, work.output, {"--quiet"})).err.empty());

    const std::string stripped = (work.folder / "stripped.mat").string();
    fs::copy_file(work.content, stripped);
    fs::create_hard_link(stripped, work.folder / "link.mat");
    const CommandResult strip = run({NST_COMMAND, "weights", "strip", work.weights, stripped});
    CHECK(strip.exit_code == 0);
    CHECK(strip.err == line(stripped));
    CHECK(bytes_of(work.folder / "link.mat") == bytes_of(work.content));
}
