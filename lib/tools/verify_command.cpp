#include "verify_command.hpp"

#include <filesystem>
#include <iomanip>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "cost_table.hpp"
#include "nst/image.hpp"
#include "nst/md5.hpp"
#include "nst/threads.hpp"
#include "nst/transfer.hpp"
#include "nst/vgg19.hpp"
#include "progress_bar.hpp"
#include "published_numbers.hpp"
#include "require.hpp"
#include "weights_lookup.hpp"

namespace nst::tools {

namespace {

namespace fs = std::filesystem;

constexpr const char* louvre_md5 = "9aa83c52717af961bec06b77e564b250";  // louvre_small.jpg
constexpr const char* monet_md5 = "edfc7d0af4eed5d710ef3d3ce41dbf3e";   // monet.jpg
constexpr int outside = 1;

struct Arguments {
    std::string content;
    std::string style;
    std::string weights;
    std::string table;
    int threads = 0;
};

std::string with_digits(double value, int digits) {
    TextStream text;
    text << std::setprecision(digits) << value;
    return text.str();
}

void print_header() {
    std::cout << std::left << std::setw(34) << "number" << std::right << std::setw(18)
              << "published" << std::setw(18) << "ours" << std::setw(12) << "difference"
              << std::setw(11) << "tolerance"
              << "  verdict\n";
}

// Prints one line and returns whether the two numbers agree.
bool print(const NumberCheck& c) {
    std::cout << std::left << std::setw(34) << c.name << std::right << std::setw(18)
              << printed(c, c.published) << std::setw(18) << printed(c, c.ours) << std::setw(12)
              << with_digits(relative_difference(c), 2) << std::setw(11)
              << with_digits(c.tolerance, 2) << (agrees(c) ? "  ok" : "  OUTSIDE") << std::endl;
    return agrees(c);
}

void require_md5(const fs::path& file, const char* md5, const char* name) {
    const std::string own = md5_of_file(file);
    require(own == md5, "verify: ", file.string(), " is not the course's ", name, " (MD5 ", md5,
            "), got MD5 ", own, "; compare other images with --table");
}

// Checks the input files: the course's numbers hold only for its own images and the published
// weights.
void require_course_files(const Arguments& arguments, const fs::path& weights) {
    require_md5(arguments.content, louvre_md5, "louvre_small.jpg");
    require_md5(arguments.style, monet_md5, "monet.jpg");
    const MatSummary summary = inspect_vgg19(weights, 300, 400);
    require(!summary.known_as.empty(), "verify: ", weights.string(),
            " is none of the published VGG-19 files (MD5 ", summary.md5,
            "); compare other weights with --table");
}

// Runs the tutorial's transfer and compares its costs on the way; returns how many are outside
// their tolerance.
int compare_costs(const Arguments& arguments, const std::vector<CostRow>& rows) {
    const Network network = load_vgg19(find_weights(arguments.weights));
    const Image content = load_image(arguments.content);
    const Image style = load_image(arguments.style);
    TransferOptions options;
    options.iterations = rows.back().iteration + 1;
    int wrong = 0;
    ProgressBar bar(true);
    auto next = rows.begin();
    transfer(network, content, style, options, [&](const Progress& progress) {
        bar.clear();
        if (progress.iteration == next->iteration) {
            const std::string when = ", iteration " + std::to_string(next->iteration);
            const Evaluation& ours = progress.costs;
            wrong += !print({"total cost" + when, next->total, ours.total, next->tolerance});
            wrong += !print({"content cost" + when, next->content, ours.content, next->tolerance});
            wrong += !print({"style cost" + when, next->style, ours.style, next->tolerance});
            ++next;
        }
        bar.show(progress.iteration + 1, progress.iterations);
        return true;
    });
    bar.clear();
    return wrong;
}

int run(const Arguments& arguments) {
    set_thread_count(arguments.threads);
    const bool with_costs = !arguments.style.empty();
    require(with_costs || arguments.content.empty(), "verify: CONTENT needs STYLE beside it");
    require(with_costs || arguments.table.empty(),
            "verify: --table needs the two images that it was made with");
    std::vector<CostRow> rows = course_costs();
    if (!arguments.table.empty()) {
        rows = read_cost_table(arguments.table);
    } else if (with_costs) {
        require_course_files(arguments, find_weights(arguments.weights));
    }
    print_header();
    int wrong = 0;
    const std::vector<NumberCheck> numbers = unit_numbers();
    for (const NumberCheck& number : numbers) wrong += !print(number);
    std::size_t all = numbers.size();
    if (with_costs) {
        wrong += compare_costs(arguments, rows);
        all += 3 * rows.size();
    } else {
        std::cout << "The costs of iterations 0 to 180 were not compared: that needs the published "
                     "weights and the\ncourse's images. See nst verify --help\n";
    }
    std::cout << all - static_cast<std::size_t>(wrong) << " of " << all << " numbers agree.\n";
    return wrong == 0 ? 0 : outside;
}

}  // namespace

void add_verify_command(CLI::App& app, int& exit_code) {
    CLI::App* command =
        app.add_subcommand("verify", "Compares published numbers of the course with ours");
    const auto arguments = std::make_shared<Arguments>();
    Arguments& a = *arguments;
    const auto add = [&](const char* name, auto& value, const char* type, const char* help) {
        return command->add_option(name, value, help)->type_name(type);
    };
    add("CONTENT", a.content, "", "The course's louvre_small.jpg");
    add("STYLE", a.style, "", "The course's monet.jpg");
    add("--weights", a.weights, "FILE", "VGG-19 as a .mat [default: as nst transfer finds it]");
    add("--table", a.table, "FILE",
        "Costs of another run to compare with, for any images and\n"
        "weights: lines of iteration, total, content and style cost,\n"
        "relative tolerance");
    add("--threads", a.threads, "N", "[default: one for each processor]")
        ->check(CLI::Range(0, 1024).description(""));
    command->footer(
        "Without images, the numbers that need none: those of the course's unit tests. With the\n"
        "course's images and the published weights, also the costs that its notebook prints at\n"
        "iterations 0, 20, ... 180 of the transfer. Exit code 1 when a number is outside its\n"
        "tolerance, 2 for errors.");
    command->callback([arguments, &exit_code] { exit_code = run(*arguments); });
}

}  // namespace nst::tools
