// Names of files that a terminal or a parser of options would misunderstand.
#include <filesystem>

#include "cli/fixture.hpp"
#include "nst/printable_text.hpp"
#include "support/catch.hpp"

using namespace nst_test;

namespace fs = std::filesystem;

namespace {

// ESC and a control of Latin-1 that begin commands to a terminal, a line break, a byte that is not
// UTF-8, a character that turns the direction of writing; and how they are shown.
const std::string hostile = "a\x1b[31m \u009b2J\n\xff \u202eb";
const std::string shown = "a?[31m ?2J?? ?b";

// Removes the line breaks that the command itself writes.
std::string without_breaks(std::string text) {
    text.erase(std::remove(text.begin(), text.end(), '\n'), text.end());
    return text;
}

void check_printable(const CommandResult& result) {
    INFO(nst::printable_text(result.out + result.err));
    CHECK(nst::printable_text(without_breaks(result.out)) == without_breaks(result.out));
    CHECK(nst::printable_text(without_breaks(result.err)) == without_breaks(result.err));
}

// Runs `nst` with the workplace as the current folder.
CommandResult run_in(const Workplace& work, const std::string& arguments) {
    return run(
        {"sh", "-c",
         "cd '" + work.folder.path().string() + "' && exec '" + NST_COMMAND + "' " + arguments});
}

}  // namespace

TEST_CASE("nst: prints no byte of a hostile name that a terminal would act on") {
    const Workplace work;
    const std::string folder = (work.folder / hostile).string();
    fs::create_directory(folder);
    const std::string weights = folder + "/" + hostile + ".mat";
    const std::string output = folder + "/" + hostile + ".png";
    fs::copy_file(work.weights, weights);
    fs::copy_file(work.content, output);
    fs::create_hard_link(output, work.folder / "second");
    const CommandResult painted = run({NST_COMMAND, "transfer", work.content, work.style, "-o",
                                       output, "--weights", weights, "--iterations", "1"});
    CHECK(painted.exit_code == 0);
    check_printable(painted);
    CHECK(painted.out.find("Generated image saved to " + nst::printable_text(output) + "\n") !=
          std::string::npos);
    CHECK(painted.err.find("Network: " + nst::printable_text(weights) + "\n") != std::string::npos);
    CHECK(painted.err.find("Hard link: " + nst::printable_text(output) + " ") != std::string::npos);
    CHECK(painted.out.find(shown + ".png") != std::string::npos);

    const CommandResult inspected = run({NST_COMMAND, "inspect", weights});
    CHECK(inspected.exit_code == 0);
    check_printable(inspected);
    const CommandResult stripped =
        run({NST_COMMAND, "weights", "strip", weights, folder + "/" + hostile});
    CHECK(stripped.exit_code == 0);
    check_printable(stripped);
    const CommandResult bundled = run(
        {NST_COMMAND, "transfer", work.content, work.style, "-o", work.output, "--iterations", "0"},
        {"NST_WEIGHTS=", "XDG_DATA_HOME=" + folder});
    CHECK(bundled.exit_code == 0);
    CHECK(bundled.err.find(shown) != std::string::npos);
    check_printable(bundled);
}

TEST_CASE("nst: prints no byte of a hostile name or file in an error") {
    const Workplace work;
    const std::string folder = (work.folder / hostile).string();
    fs::create_directory(folder);
    const std::string picture = folder + "/riff.png";
    std::ofstream(picture, std::ios::binary) << "RIFF\x9b\x1b\xff\x80WEBQVP8 ";
    const std::string table = folder + "/table";
    std::ofstream(table, std::ios::binary) << "0 1 \x1b[2J \xff \u009b\n";
    const std::string missing = folder + "/none";
    const std::vector<std::vector<std::string>> calls = {
        {"transfer", picture, work.style, "-o", work.output},
        {"transfer", work.content, missing, "-o", work.output},
        {"transfer", work.content, work.style, "-o", missing},
        {"transfer", work.content, work.style, "-o", work.output, "--weights", picture},
        {"transfer", work.content, work.style, "-o", work.output, "--start", missing},
        {"transfer", work.content, work.style, "-o", work.output, "--size", hostile},
        {"transfer", work.content, work.style, "-o", work.output, "--style-layers", hostile},
        {"transfer", work.content, work.style, "-o", work.output, "--content-layer", hostile},
        {"transfer", work.content, work.style, "-o", work.output, "--pooling", hostile},
        {"transfer", work.content, work.style, "-o", work.output, "--iterations", hostile},
        {"transfer", work.content, work.style, "-o", work.output, "--" + hostile},
        {"transfer", picture, picture, "-o", picture},
        {"inspect", picture},
        {"inspect", missing},
        {"inspect", folder},
        {"inspect", work.weights, "--size", hostile},
        {"weights", "strip", work.weights, missing + "/none"},
        {"weights", "strip", picture, picture},
        {"verify", work.content, work.style, "--table", table},
        {"verify", work.content, work.style, "--table", missing},
        {"verify", picture, work.style},
        {hostile},
        {"--" + hostile}};
    for (std::vector<std::string> words : calls) {
        words.insert(words.begin(), NST_COMMAND);
        const CommandResult result = run(words);
        CHECK(result.exit_code == 2);
        // Notes may come first.
        const std::size_t start = result.err.rfind("nst: ");
        REQUIRE(start != std::string::npos);
        CHECK(lines(result.err.substr(start)) == 1);
        check_printable(result);
    }
}

TEST_CASE("nst: a name with a leading dash gets a hint, which works") {
    const Workplace work;
    fs::copy_file(work.content, work.folder / "-photo.png");
    fs::copy_file(work.weights, work.folder / "-weights");
    fs::copy_file(work.content, work.folder / "-old.png");
    const auto hint = [](const std::string& name) {
        return "Is " + name + " a file? Put -- before it, after all options, or write ./" + name +
               ". See nst --help\n";
    };
    const auto check_hint = [&](const std::string& arguments, const std::string& name) {
        const CommandResult result = run_in(work, arguments);
        INFO(arguments << ": " << result.err);
        CHECK(result.exit_code == 2);
        CHECK(lines(result.err) == 1);
        CHECK(result.err.find(hint(name)) != std::string::npos);
    };
    check_hint("transfer -photo.png style.jpg -o out.png", "-photo.png");
    check_hint("transfer content.png --missing.jpg -o out.png", "--missing.jpg");
    check_hint("transfer content.png style.jpg -o -out.png", "-out.png");
    check_hint("transfer content.png style.jpg --output -out.png", "-out.png");
    check_hint("transfer -old.png style.jpg -o out.png", "-old.png");
    check_hint("inspect -weights", "-weights");
    check_hint("weights strip -weights out.mat", "-weights");
    check_hint("verify -photo.png style.jpg", "-photo.png");

    const std::string rest = " --weights thin.mat --iterations 0 ";
    CHECK(run_in(work, "transfer -o a.png" + rest + "-- -photo.png style.jpg").exit_code == 0);
    CHECK(run_in(work, "transfer ./-photo.png style.jpg -o ./-b.png" + rest).exit_code == 0);
    CHECK(fs::exists(work.folder / "-b.png"));
    CHECK(run_in(work, "transfer content.png style.jpg -o c.png --iterations 0 --weights -weights")
              .exit_code == 0);
    CHECK(run_in(work, "inspect -- -weights").exit_code == 0);
    CHECK(run_in(work, "weights strip -- -weights -c").exit_code == 0);
    CHECK(fs::exists(work.folder / "-c"));

    // A mistyped option is no file.
    for (const char* option : {"--fast", "-x", "--weights=a.mat"}) {
        const CommandResult result = run_in(work, std::string("transfer content.png ") + option);
        CHECK(result.exit_code == 2);
        CHECK(result.err.find("a file?") == std::string::npos);
    }
}
