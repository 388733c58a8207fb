// `nst transfer` as a user runs it: output, files and exit codes of successful runs.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <regex>

#include "cli/fixture.hpp"
#include "nst/preserve_colour.hpp"
#include "nst/total_variation.hpp"
#include "support/catch.hpp"

using namespace nst_test;

namespace {

std::vector<double> total_costs(const std::string& out) {
    std::vector<double> costs;
    const std::regex line("total cost = ([0-9.e+]+)\n");
    for (std::sregex_iterator it(out.begin(), out.end(), line), end; it != end; ++it) {
        costs.push_back(std::stod((*it)[1]));
    }
    return costs;
}

}  // namespace

TEST_CASE("nst transfer: prints the costs in the tutorial's format and saves the image") {
    const Workplace work;
    const CommandResult result = run(work.transfer({"--iterations", "41"}));
    CHECK(result.exit_code == 0);
    const std::regex block(
        "Iteration (\\d+) :\ntotal cost = \\S+\ncontent cost = \\S+\nstyle cost = \\S+\n");
    std::string iterations;
    for (std::sregex_iterator it(result.out.begin(), result.out.end(), block), end; it != end;
         ++it) {
        iterations += (*it)[1].str() + " ";
    }
    CHECK(iterations == "0 20 40 ");
    const std::vector<double> costs = total_costs(result.out);
    REQUIRE(costs.size() == 3);
    CHECK(costs[1] < costs[0]);
    CHECK(costs[2] < costs[1]);
    CHECK(result.out.find("Generated image saved to " + work.output + "\n") != std::string::npos);
    const nst::ImageSize size = nst::image_size(work.output);
    CHECK(size.width == 51);
    CHECK(size.height == 37);
}

TEST_CASE("nst transfer: costs have nine significant digits") {
    const Workplace work;
    const CommandResult result = run(work.transfer({"--iterations", "1"}));
    std::smatch digits;
    REQUIRE(std::regex_search(result.out, digits, std::regex("total cost = ([0-9.]+)")));
    std::string number = digits[1];
    number.erase(std::remove(number.begin(), number.end(), '.'), number.end());
    CHECK(number.size() >= 8);  // trailing zeros are not printed
    CHECK(number.size() <= 9);
}

TEST_CASE("nst transfer: the same seed gives the same image on one, two and five threads") {
    const Workplace work;
    std::vector<std::string> images;
    std::vector<std::string> prints;
    for (const char* threads : {"1", "2", "5"}) {
        prints.push_back(
            run(work.transfer({"--iterations", "6", "--threads", threads, "--print-every", "1"}))
                .out);
        images.push_back(bytes_of(work.output));
    }
    CHECK(prints[0] == prints[1]);
    CHECK(prints[0] == prints[2]);
    CHECK(images[0] == images[1]);
    CHECK(images[0] == images[2]);
}

TEST_CASE("nst transfer: --quiet prints nothing") {
    const Workplace work;
    const CommandResult result = run(work.transfer({"--iterations", "2", "--quiet"}));
    CHECK(result.exit_code == 0);
    CHECK(result.out.empty());
    CHECK(result.err.empty());
    CHECK(std::filesystem::exists(work.output));
}

TEST_CASE("nst transfer: --print-every sets which iterations are printed, and 0 prints none") {
    const Workplace work;
    CHECK(total_costs(run(work.transfer({"--iterations", "7", "--print-every", "3"})).out).size() ==
          3);
    CHECK(total_costs(run(work.transfer({"--iterations", "7", "--print-every", "0"})).out).empty());
}

TEST_CASE("nst transfer: --save-every writes numbered images beside the output") {
    const Workplace work;
    run(work.transfer({"--iterations", "5", "--save-every", "2"}));
    for (const char* name : {"out_0.png", "out_2.png", "out_4.png", "out.png"}) {
        CHECK(std::filesystem::exists(work.folder / name));
    }
    CHECK_FALSE(std::filesystem::exists(work.folder / "out_1.png"));
    CHECK(bytes_of(work.folder / "out_4.png") == bytes_of(work.output));
}

TEST_CASE("nst transfer: --start begins from the content image, from noise or from a given image") {
    const Workplace work;
    const auto painted = [&](const std::string& start, const std::string& ratio) {
        const CommandResult result =
            run(work.transfer({"--iterations", "0", "--start", start, "--noise-ratio", ratio}));
        REQUIRE(result.exit_code == 0);
        return nst::load_image(work.output);
    };
    // In parentheses: xtensor and Catch2 both overload comparisons.
    CHECK((painted("content", "0.6") == nst::load_image(work.content)));
    CHECK((painted(work.content, "0.6") == nst::load_image(work.content)));
    CHECK((painted("noise", "0") == nst::load_image(work.content)));
    CHECK((painted("noise", "0.6") != nst::load_image(work.content)));
    // "auto" does too, because this network is not the bundled one.
    CHECK((painted("auto", "0.6") == painted("noise", "0.6")));
    const nst::Image resized = nst::resize_image(nst::load_image(work.style), 37, 51);
    const nst::Image saved = painted(work.style, "0.6");
    REQUIRE(saved.shape() == resized.shape());
    for (std::size_t k = 0; k < saved.size(); ++k) {
        CHECK(std::abs(saved.data()[k] - resized.data()[k]) <= 0.501);  // rounded when saved
    }
}

TEST_CASE("nst transfer: --size takes a width and height, or the longer side") {
    const Workplace work;
    const auto size_with = [&](const std::string& size) {
        run(work.transfer({"--iterations", "0", "--size", size}));
        const nst::ImageSize made = nst::image_size(work.output);
        return std::to_string(made.width) + "x" + std::to_string(made.height);
    };
    CHECK(size_with("20x30") == "20x30");
    CHECK(size_with("102") == "102x74");
    CHECK(size_with("1x1") == "1x1");
}

TEST_CASE("nst transfer: reduces an image above 512 pixels and says so") {
    const Workplace work;
    nst::save_image(work.content, waves(300, 600, 1));
    const CommandResult result = run(work.transfer({"--iterations", "0"}));
    CHECK(result.err.find("Size: 600x300 is reduced to 512x256; --size 600x300 keeps it.\n") !=
          std::string::npos);
    CHECK(nst::image_size(work.output).width == 512);
    CHECK(nst::image_size(work.output).height == 256);
}

TEST_CASE("nst transfer: options change the result") {
    const Workplace work;
    const auto cost_with = [&](std::vector<std::string> more) {
        more.insert(more.end(), {"--iterations", "1"});
        const std::vector<double> costs = total_costs(run(work.transfer(more)).out);
        REQUIRE(costs.size() == 1);
        return costs[0];
    };
    const double usual = cost_with({});
    CHECK(cost_with({"--content-weight", "10", "--style-weight", "40"}) == usual);
    CHECK(cost_with({"--style-layers", "relu1_1,relu2_1,relu3_1,relu4_1,relu5_1"}) == usual);
    CHECK(cost_with({"--tv-weight", "0"}) == usual);

    constexpr double clearly = 1e-3;  // rounding changes costs in the seventh digit
    const auto differ = [](double a, double b) { return std::abs(a - b) > clearly * b; };
    CHECK(cost_with({"--style-weight", "50"}) > (1 + clearly) * usual);
    CHECK(cost_with({"--tv-weight", "1000"}) > (1 + clearly) * usual);
    CHECK(differ(cost_with({"--style-layers", "relu1_1,pool2"}), usual));
    CHECK(differ(cost_with({"--learning-rate", "1"}), usual));
    CHECK(differ(cost_with({"--noise-ratio", "0.5"}), usual));
    CHECK(differ(cost_with({"--pooling", "max"}), usual));
    CHECK(differ(cost_with({"--seed", "4"}), usual));
    // The content cost is small beside the style cost; a large weight makes it visible.
    const double heavy = cost_with({"--content-weight", "1e7"});
    CHECK(heavy > (1 + clearly) * usual);
    CHECK(differ(cost_with({"--content-weight", "1e7", "--content-layer", "conv3_2"}), heavy));
}

TEST_CASE("nst transfer: --tv-weight smooths the generated image and counts in the total cost") {
    const Workplace work;
    const auto painted = [&](const std::string& weight) {
        const CommandResult result =
            run(work.transfer({"--iterations", "1", "--content-weight", "2", "--style-weight", "3",
                               "--tv-weight", weight}));
        REQUIRE(result.exit_code == 0);
        return result.out;
    };
    CHECK(painted("0").find("total variation") == std::string::npos);
    const std::regex costs(
        "total cost = (\\S+)\ncontent cost = (\\S+)\nstyle cost = (\\S+)\n"
        "total variation = (\\S+)\n");
    std::smatch found;
    const std::string out = painted("10");
    REQUIRE(std::regex_search(out, found, costs));
    const auto number = [&](std::size_t k) { return std::stod(found[k]); };
    constexpr double as_printed = 1e-7;  // nine digits are printed
    CHECK(number(1) == Approx(2 * number(2) + 3 * number(3) + 10 * number(4)).epsilon(as_printed));

    const auto roughness = [&](const std::string& weight) {
        run(work.transfer({"--iterations", "30", "--tv-weight", weight}));
        return nst::total_variation(nst::load_image(work.output));
    };
    CHECK(roughness("1e9") < roughness("0") / 4);
}

TEST_CASE(
    "nst transfer: --preserve-colour keeps the chroma of the content image, in snapshots too") {
    const Workplace work;
    const nst::Image content = nst::load_image(work.content);
    const auto painted = [&](const std::vector<std::string>& more) {
        std::vector<std::string> words = work.transfer({"--iterations", "5", "--save-every", "4"});
        words.insert(words.end(), more.begin(), more.end());
        REQUIRE(run(words).exit_code == 0);
        return nst::load_image(work.output);
    };
    const nst::Image usual = painted({});
    const nst::Image coloured = painted({"--preserve-colour"});
    const nst::Image on_the_way = nst::load_image(work.folder / "out_4.png");
    const nst::Image expected = nst::preserve_colour(usual, content);
    double farthest = 0;
    for (std::size_t k = 0; k < expected.size(); ++k) {
        farthest = std::max<double>(farthest, std::abs(coloured.data()[k] - expected.data()[k]));
    }
    CHECK(farthest <= 1.01);  // both images were rounded when saved
    CHECK((coloured != usual));
    CHECK((coloured == on_the_way));
}

TEST_CASE("nst transfer: a PNG result has the alpha of the content image, in snapshots too") {
    const Workplace work;
    nst::SaveOptions options;
    options.alpha = nst::Matrix::from_shape({37, 51});
    for (std::size_t k = 0; k < options.alpha.size(); ++k) {
        options.alpha.data()[k] = static_cast<nst::Real>(k % 51 * 5);
    }
    nst::save_image(work.content, waves(37, 51, 1), options);
    REQUIRE(
        run(work.transfer({"--iterations", "3", "--scales", "2", "--save-every", "4"})).exit_code ==
        0);
    CHECK((nst::read_image(work.output).alpha == options.alpha));
    const nst::Matrix small = nst::read_image(work.folder / "out_0.png").alpha;
    REQUIRE(small.size() == 19 * 26);
    for (std::size_t j = 2; j < 24; ++j) {  // a ramp stays a ramp
        CHECK(std::abs(small(9, j) - ((static_cast<double>(j) + 0.5) * 51 / 26 - 0.5) * 5) <= 1);
    }
    CHECK((nst::read_image(work.folder / "out_4.png").alpha == options.alpha));

    std::vector<std::string> words = work.transfer({"--iterations", "1"});
    const std::string jpeg = (work.folder / "out.jpg").string();
    std::replace(words.begin(), words.end(), work.output, jpeg);
    REQUIRE(run(words).exit_code == 0);
    CHECK(nst::read_image(jpeg).alpha.size() == 0);
}

TEST_CASE("nst transfer: --bits 16 writes a PNG of 16 bits, and no JPEG") {
    const Workplace work;
    REQUIRE(run(work.transfer({"--iterations", "2"})).exit_code == 0);
    const nst::Image coarse = nst::load_image(work.output);
    REQUIRE(run(work.transfer({"--iterations", "2", "--bits", "16"})).exit_code == 0);
    CHECK(bytes_of(work.output)[24] == 16);
    const nst::Image fine = nst::load_image(work.output);
    double farthest = 0;
    for (std::size_t k = 0; k < fine.size(); ++k) {
        farthest = std::max<double>(farthest, std::abs(fine.data()[k] - coarse.data()[k]));
    }
    CHECK(farthest > 0.4);
    CHECK(farthest <= 0.51);

    std::vector<std::string> words = work.transfer({"--bits", "16"});
    std::replace(words.begin(), words.end(), work.output, (work.folder / "out.jpg").string());
    const CommandResult result = run(words);
    CHECK(result.exit_code == 2);
    CHECK(lines(result.err) == 1);
    CHECK(result.err.find("a JPEG has 8 bits per sample, not 16") != std::string::npos);
    CHECK(run(work.transfer({"--bits", "12"})).exit_code == 2);
}

TEST_CASE("nst transfer: says what was ignored or repaired in its images, each in one line") {
    const Workplace work;
    const std::string whole = bytes_of(work.content);
    REQUIRE(run(work.transfer({"--iterations", "1"})).exit_code == 0);
    const std::string expected = bytes_of(work.output);
    std::ofstream(work.content, std::ios::binary) << whole.substr(0, whole.size() - 12);
    const CommandResult result = run(work.transfer({"--iterations", "1"}));
    CHECK(result.exit_code == 0);
    CHECK(result.err.find(work.content + ": its end is missing; no pixel is\n") !=
          std::string::npos);
    CHECK(bytes_of(work.output) == expected);
    CHECK(run(work.transfer({"--iterations", "1", "--quiet"})).err.empty());
}

TEST_CASE("nst transfer: --scales paints a small image first and says so") {
    const Workplace work;
    const CommandResult result = run(work.transfer(
        {"--iterations", "21", "--scales", "2", "--save-every", "20", "--keep-colour"}));
    CHECK(result.exit_code == 0);
    std::string told;
    const std::regex heading("Scale .*|Iteration .*");
    for (std::sregex_iterator it(result.out.begin(), result.out.end(), heading), end; it != end;
         ++it) {
        told += it->str() + "; ";
    }
    CHECK(told ==
          "Scale 1 of 2, 26x19; Iteration 0 :; Iteration 20 :; "
          "Scale 2 of 2, 51x37; Iteration 0 :; Iteration 20 :; ");
    CHECK(nst::image_size(work.output).width == 51);
    CHECK(nst::image_size(work.folder / "out_0.png").width == 26);
    CHECK(nst::image_size(work.folder / "out_20.png").width == 26);
    CHECK(nst::image_size(work.folder / "out_40.png").width == 51);
    CHECK_FALSE(std::filesystem::exists(work.folder / "out_60.png"));

    const std::string plain = run(work.transfer({"--iterations", "2"})).out;
    CHECK(plain.find("Scale") == std::string::npos);
    CHECK(run(work.transfer({"--iterations", "2", "--scales", "1"})).out == plain);
}

TEST_CASE(
    "nst transfer: --optimizer lbfgs lowers the cost at every step, and adam is the default") {
    const Workplace work;
    const auto printed = [&](std::vector<std::string> more) {
        more.insert(more.end(), {"--iterations", "20", "--print-every", "1"});
        const CommandResult result = run(work.transfer(more));
        CHECK(result.exit_code == 0);
        return result.out;
    };
    const std::vector<double> costs = total_costs(printed({"--optimizer", "lbfgs"}));
    CHECK(costs.size() == 20);
    CHECK(std::is_sorted(costs.rbegin(), costs.rend()));
    const std::string usual = printed({});
    CHECK(printed({"--optimizer", "adam"}) == usual);
    CHECK(total_costs(usual) != costs);
}

TEST_CASE("nst transfer: --preset painting takes its own options, and those given beside it win") {
    const Workplace work;
    const auto result_of = [&](std::vector<std::string> more) {
        more.insert(more.end(), {"--preset", "painting", "--iterations", "2"});
        return run(work.transfer(more));
    };
    const CommandResult usual = result_of({});
    CHECK(usual.exit_code == 0);
    CHECK(usual.err.find("Preset painting: L-BFGS, 2 iterations.\n") != std::string::npos);
    CHECK(result_of({"--style-strength", "0.5"}).out == usual.out);
    CHECK(result_of({"--style-strength", "0.9"}).out != usual.out);
    CHECK(result_of({"--scales", "2"}).out.find("Scale 1 of 2") != std::string::npos);
    CHECK(result_of({"--optimizer", "adam"}).err.find("Preset painting: Adam, 2 iterations") !=
          std::string::npos);
    CHECK(result_of({"--style-scale", "0.5"}).out != usual.out);
    CHECK(result_of({"--style-size", "5000"})
              .err.find(" is smaller than 5000 pixels and used as it is; its strokes may be "
                        "small.\n") != std::string::npos);
    CHECK(result_of({"--style-strength", "0"}).exit_code == 0);
    CHECK((nst::load_image(work.output) == nst::load_image(work.content)));
}

TEST_CASE("nst transfer: reports when L-BFGS finds no lower cost and saves the image") {
    const Workplace work;
    const CommandResult result =
        run(work.transfer({"--optimizer", "lbfgs", "--style-weight", "0", "--start", "content"}));
    CHECK(result.exit_code == 0);
    CHECK(result.err.find("L-BFGS found no lower cost after 0 iterations; this is the best "
                          "image.\n") != std::string::npos);
    CHECK((nst::load_image(work.output) == nst::load_image(work.content)));
}

TEST_CASE("nst transfer: shows the progress bar on terminals only") {
    const Workplace work;
    CHECK(run(work.transfer({"--iterations", "3"})).err.find("3 of 3") == std::string::npos);
    const int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    if (terminal < 0) {
        WARN("skipped in part: there are no pseudo-terminals here");
        return;
    }
    close(terminal);
    std::string line;
    for (const std::string& word : work.transfer({"--iterations", "3"})) line += word + " ";
    const CommandResult on_terminal = run({"script", "-qec", line, "/dev/null"});
    CHECK(on_terminal.exit_code == 0);
    CHECK(on_terminal.out.find("[##############################] 100 %   3 of 3   0:00 left") !=
          std::string::npos);
}

TEST_CASE("nst transfer: names its network and looks in NST_WEIGHTS and XDG_DATA_HOME") {
    const Workplace work;
    const auto used = [&](const std::vector<std::string>& environment) {
        return run({NST_COMMAND, "transfer", work.content, work.style, "-o", work.output,
                    "--iterations", "0"},
                   environment)
            .err;
    };
    const std::string nowhere = "XDG_DATA_HOME=" + (work.folder / "nowhere").string();
    const std::string bundled = used({"NST_WEIGHTS=", nowhere});
    CHECK(bundled.find("Network: nst embedded VGG-19") == 0);
    CHECK(bundled.find("imagenet-vgg-verydeep-19.mat") != std::string::npos);
    CHECK(bundled.find("Start: the content image") != std::string::npos);

    CHECK(used({"NST_WEIGHTS=" + work.weights, nowhere}).find("Network: " + work.weights) == 0);

    const auto users = work.folder / "data" / "nst" / "imagenet-vgg-verydeep-19.mat";
    std::filesystem::create_directories(users.parent_path());
    std::filesystem::copy_file(work.weights, users);
    const std::string home = "XDG_DATA_HOME=" + (work.folder / "data").string();
    CHECK(used({"NST_WEIGHTS=", home}).find("Network: " + users.string()) == 0);
    CHECK(used({"NST_WEIGHTS=" + work.weights, home}).find("Network: " + work.weights) == 0);
}

TEST_CASE("nst transfer: reads one of its images from a pipe") {
    const Workplace work;
    const auto with_input = [&](const char* before, std::vector<std::string> words) {
        std::string line = before;
        for (const std::string& word : words) line += "'" + word + "' ";
        return run({"sh", "-c", line});
    };
    const std::vector<std::string> words = work.transfer({"--iterations", "2", "--quiet"});
    REQUIRE(run(words).exit_code == 0);
    const std::string generated = bytes_of(work.output);
    for (const std::size_t image : {2u, 3u}) {
        for (const char* name : {"-", "/dev/stdin"}) {
            std::filesystem::remove(work.output);
            std::vector<std::string> piped = words;
            piped[image] = name;
            const std::string before = "cat '" + words[image] + "' | ";
            CHECK(with_input(before.c_str(), piped).exit_code == 0);
            CHECK(bytes_of(work.output) == generated);
            const std::string from_file = "exec < '" + words[image] + "'; ";
            CHECK(with_input(from_file.c_str(), piped).exit_code == 0);
            CHECK(bytes_of(work.output) == generated);
        }
    }
    std::vector<std::string> both = words;
    both[2] = "-";
    both[3] = "/dev/stdin";
    const CommandResult refused = with_input("echo | ", both);
    CHECK(refused.exit_code == 2);
    CHECK(refused.err ==
          "nst: transfer: expected only one image from standard input, got - and /dev/stdin; name "
          "a file for one of them\n");
    both[3] = words[3];
    const CommandResult empty = with_input("true | ", both);
    CHECK(empty.exit_code == 2);
    CHECK(empty.err.find("standard input is empty") != std::string::npos);
}

TEST_CASE("nst transfer: accepts paths with spaces and non-Latin characters") {
    const Workplace work;
    const std::string odd = (work.folder / "pâinting n° 1.jpg").string();
    std::vector<std::string> words = work.transfer({"--iterations", "1"});
    words[5] = odd;
    CHECK(run(words).exit_code == 0);
    CHECK(nst::image_size(odd).width == 51);
}
