#include "chapter.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <limits>

#include "base/require.hpp"
#include "image_size.hpp"
#include "nst/bundled_vgg19.hpp"
#include "nst/image.hpp"
#include "openblas_core.hpp"

namespace course {

namespace fs = std::filesystem;

namespace {

constexpr int disagreement = 1;
constexpr int failure = 2;

int refuse(const About& about, const std::string& message) {
    std::cerr << "chapter_" << about.name << ": " << nst::printable_text(message) << '\n';
    return failure;
}

void add_options(CLI::App& app, const About& about, Arguments& arguments) {
    const auto add = [&](const char* name, auto& value, const char* type, const char* help) {
        app.add_option(name, value, help)->type_name(type);
    };
    add("--weights", arguments.weights, "FILE",
        "VGG-19 as a .mat [default: the small network that comes with nst]");
    add("--content", arguments.content, "FILE",
        "A photo [default: data/content/glass_pyramid.png]");
    add("--style", arguments.style, "FILE", "A painting [default: data/style/swirling_night.png]");
    add("--size", arguments.size, "SIZE",
        "Of the pictures: WxH, or N for the longer side [default: as the chapter needs]");
    add("--output", arguments.output, "FOLDER",
        "Where the chapter's pictures go [default: output, in the current folder]");
    app.add_flag("--smoke", arguments.smoke, "Only shows that everything works: tiny pictures");
    for (const Number& number : about.options) {
        app.add_option(number.name, *number.value, number.help)
            ->check(CLI::Range(number.least, number.most))
            ->type_name("N")
            ->capture_default_str();
    }
}

void fill_in(Arguments& arguments, const About& about) {
    if (arguments.weights.empty()) arguments.weights = nst::bundled_vgg19_file();
    if (arguments.content.empty()) arguments.content = sample("content/glass_pyramid.png");
    if (arguments.style.empty()) arguments.style = sample("style/swirling_night.png");
    if (arguments.output.empty()) arguments.output = "output";
    if (arguments.size.empty()) arguments.size = arguments.smoke ? about.smoke_size : about.size;
}

void make_folder(const fs::path& folder) {
    std::error_code problem;
    fs::create_directories(folder, problem);
    nst::require(!problem, "--output: the folder ", folder.string(),
                 " could not be made: ", problem.message());
}

void require_readable(const char* option, const fs::path& file) {
    std::error_code ignored;
    nst::require(!fs::is_directory(file, ignored) && std::ifstream(file).good(), option,
                 ": cannot open ", file.string());
}

int show_chapter(const Arguments& arguments, const About& about,
                 const std::function<bool(const Arguments&)>& show) {
    require_readable("--weights", arguments.weights);
    require_readable("--content", arguments.content);
    require_readable("--style", arguments.style);
    make_folder(arguments.output);
    std::printf("%s\n\n", about.title.c_str());
    const bool same = show(arguments);
    std::printf("\nBy hand and library %s.\n", same ? "agree" : "disagree");
    nst::require(std::fflush(stdout) == 0, "standard output could not be written");
    return same ? 0 : disagreement;
}

}  // namespace

int run(int argc, char** argv, const About& about,
        const std::function<bool(const Arguments&)>& show) {
    nst::tools::restart_with_best_openblas_core(argv);
    CLI::App app{about.title};
    app.name("chapter_" + about.name);
    Arguments arguments;
    add_options(app, about, arguments);
    try {
        app.parse(argc, argv);
        fill_in(arguments, about);
        return show_chapter(arguments, about, show);
    } catch (const CLI::Success& help) {
        return app.exit(help);
    } catch (const CLI::ParseError& error) {
        return refuse(about, std::string(error.what()) + ". See --help");
    } catch (const std::bad_alloc&) {
        return refuse(about, "out of memory; use a smaller --size");
    } catch (const std::exception& error) {
        return refuse(about, error.what());
    }
}

fs::path sample(const std::string& name) {
    return fs::path(NST_DATA_FOLDER) / name;
}

nst::Image load_picture(const Arguments& arguments, const fs::path& file, std::size_t least) {
    const nst::ImageSize size = nst::tools::parse_size(arguments.size, nst::image_size(file));
    nst::require(std::min(size.height, size.width) >= least, "--size: this chapter needs ", least,
                 " pixels in each direction, got ", size.width, "x", size.height, " for ",
                 file.filename().string());
    return nst::resize_image(nst::load_image(file), size.height, size.width);
}

void write_picture(const Arguments& arguments, const std::string& name, const nst::Image& image) {
    const fs::path file = arguments.output / name;
    nst::save_image(file, image);
    std::printf("Wrote %s\n", file.string().c_str());
}

double largest_difference() {
    return std::sqrt(static_cast<double>(std::numeric_limits<nst::Real>::epsilon()));
}

void report_disagreement(const std::string& what, double by_hand, double library) {
    std::fflush(stdout);
    std::fprintf(stderr, "%s: by hand %.9g, library %.9g\n", what.c_str(), by_hand, library);
}

bool agree(const std::string& what, double by_hand, double library) {
    const double scale = std::max(std::abs(by_hand), std::abs(library));
    if (std::abs(by_hand - library) <= largest_difference() * scale) return true;
    report_disagreement(what, by_hand, library);
    return false;
}

}  // namespace course
