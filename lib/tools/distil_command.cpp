#include "distil_command.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <locale>
#include <memory>
#include <regex>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "nst/distil.hpp"
#include "nst/image.hpp"
#include "nst/md5.hpp"
#include "nst/random_crops.hpp"
#include "nst/threads.hpp"
#include "nst/vgg19.hpp"
#include "nst/write_file.hpp"
#include "output_files.hpp"
#include "picture_files.hpp"
#include "progress_bar.hpp"
#include "require.hpp"

namespace nst::tools {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t side = 160;           // of a square cut from a picture, in pixels
constexpr std::size_t held_out_every = 6;   // one picture in six measures the error alone
constexpr std::size_t held_out_crops = 60;  // squares cut from those

struct Arguments {
    std::string teacher;
    std::string out;
    std::vector<std::string> pictures;
    std::string channels = "0.75";
    std::size_t crops = 300;
    std::uint32_t seed = 1;
    int threads = 0;
};

// What is printed, and kept for the log.
class Report {
  public:
    void line(const std::string& text) {
        std::cout << printable_text(text) << std::endl;
        keep(text);
    }

    /// Adds a line to the log alone.
    void keep(const std::string& text) { text_ += printable_text(text) + '\n'; }

    const std::string& text() const { return text_; }

  private:
    std::string text_;
};

// Channels for each block, from "0.75" or "24,48,96,192,192".
std::vector<std::size_t> parse_channels(const std::string& text, const Network& teacher) {
    if (std::regex_match(text, std::regex("[0-9]{1,5}(,[0-9]{1,5})+"))) {
        std::vector<std::size_t> channels;
        const std::regex number("[0-9]+");
        for (std::sregex_iterator each(text.begin(), text.end(), number), end; each != end;
             ++each) {
            channels.push_back(std::stoul(each->str()));
            require(channels.back() > 0, "--channels: a block must keep at least one, got ", text);
        }
        const std::size_t blocks = share_of_channels(teacher, 1).size();
        require(channels.size() == blocks, "--channels: the teacher has ", blocks, " blocks, got ",
                text);
        return channels;
    }
    require(std::regex_match(text, std::regex("[0-9]*\\.?[0-9]+")) && text.size() < 20,
            "--channels: expected a share such as 0.75, or a number for each block such as "
            "24,48,96,192,192, got ",
            text);
    std::istringstream number(text);
    number.imbue(std::locale::classic());
    double share = 0;
    number >> share;
    return share_of_channels(teacher, share);
}

std::string list_text(const std::vector<std::size_t>& numbers) {
    std::string text;
    for (const std::size_t number : numbers)
        text += (text.empty() ? "" : ",") + std::to_string(number);
    return text;
}

// Returns a picture that can be used, or nothing, after a line that says why.
Image load_picture(const fs::path& file) {
    std::string reason;
    try {
        Image picture = load_image(file);
        if (std::min(picture.shape(0), picture.shape(1)) >= side) return picture;
        reason = file.string() + " is smaller than " + std::to_string(side) + " pixels";
    } catch (const Error& error) {
        reason = error.what();
    }
    std::cerr << "Skipped: " << printable_text(reason) << '\n';
    return {};
}

// Cuts as many squares from one picture as from the other, to within one.
std::vector<Image> cut(const std::vector<fs::path>& files, std::size_t count,
                       const std::string& purpose, NumpyRandom& random, Report& report) {
    const ProgressBar bar(true);
    std::vector<Image> crops;
    for (std::size_t k = 0; k < files.size(); ++k) {
        bar.show(static_cast<int>(k), static_cast<int>(files.size()));
        const std::size_t own = (k + 1) * count / files.size() - k * count / files.size();
        const Image picture = load_picture(files[k]);
        if (picture.size() == 0) continue;
        for (Image& crop : random_crops(picture, own, side, random))
            crops.push_back(std::move(crop));
        report.keep(purpose + ": " + files[k].string() + ", md5 " + md5_of_file(files[k]));
    }
    return crops;
}

struct Crops {
    std::vector<Image> fitted;
    std::vector<Image> held_out;
};

// One picture in six measures the error alone; with fewer than six none does.
Crops cut_pictures(const Arguments& arguments, Report& report) {
    std::vector<fs::path> fitted;
    std::vector<fs::path> held_out;
    for (const fs::path& file : picture_files(arguments.pictures)) {
        const std::size_t count = fitted.size() + held_out.size() + 1;
        (count % held_out_every == 0 ? held_out : fitted).push_back(file);
    }
    require(!fitted.empty(), "--pictures: there is no picture in ", arguments.pictures.front(),
            " (.jpg, .png, .webp or .tif)");
    NumpyRandom random(arguments.seed);
    Crops crops;
    crops.fitted = cut(fitted, arguments.crops, "fitted to", random, report);
    crops.held_out = cut(held_out, held_out_crops, "held out", random, report);
    require(!crops.fitted.empty(), "--pictures: none of the pictures could be used");
    report.line("Pictures: " + std::to_string(crops.fitted.size()) + " squares of " +
                std::to_string(side) + " pixels from " + std::to_string(fitted.size()) +
                " files, and " + std::to_string(crops.held_out.size()) + " held out from " +
                std::to_string(held_out.size()));
    return crops;
}

std::string percent(double share) {
    if (std::isnan(share)) return "-";
    TextStream text;
    text << std::fixed << std::setprecision(2) << 100 * share << " %";
    return text.str();
}

std::string layer_line(const std::string& name, const std::string& channels,
                       const std::string& fitted, const std::string& held_out) {
    TextStream text;
    text << std::left << std::setw(10) << name << std::right << std::setw(12) << channels
         << std::setw(10) << fitted << std::setw(10) << held_out;
    return text.str();
}

Network make_student(const Network& teacher, const std::vector<std::size_t>& channels,
                     const Crops& crops, Report& report) {
    const ProgressBar bar(true);
    DistilOptions options;
    options.channels = channels;
    options.on_progress = [&](std::size_t done, std::size_t all) {
        bar.show(static_cast<int>(done), static_cast<int>(all));
    };
    options.on_layer = [&](const DistilledLayer& layer) {
        bar.clear();
        report.line(layer_line(
            layer.name,
            std::to_string(layer.channels) + " of " + std::to_string(layer.teacher_channels),
            percent(layer.fitted_error), percent(layer.held_out_error)));
    };
    report.line(layer_line("layer", "channels", "error", "held out"));
    return distil(teacher, crops.fitted, crops.held_out, options);
}

void check_output(const Arguments& arguments, const fs::path& log) {
    InputFiles inputs;
    inputs.add("the teacher", arguments.teacher);
    for (const fs::path& file : {fs::path(arguments.out), log}) {
        const std::string input = inputs.same_file(file);
        require(input.empty(), "nst weights distil: ", file.string(), " is ", input,
                ", which would be lost. Give another name");
        check_writable(file);
        const std::string links = hard_link_note(file);
        if (!links.empty()) std::cerr << links << '\n';
    }
}

void distil_file(const Arguments& arguments) {
    const fs::path log = fs::path(arguments.out).replace_extension(".log");
    require(log != fs::path(arguments.out), "nst weights distil: ", arguments.out,
            " is the name of the log; let the network's end in .mat");
    check_output(arguments, log);
    set_thread_count(arguments.threads);
    const Network teacher = load_vgg19(arguments.teacher);
    const std::vector<std::size_t> channels = parse_channels(arguments.channels, teacher);
    const std::string origin = fs::path(arguments.teacher).filename().string();
    Report report;
    report.line("Teacher: " + origin + ", md5 " + md5_of_file(arguments.teacher));
    report.line("Channels: " + list_text(channels));
    report.keep("Seed: " + std::to_string(arguments.seed));
    const Crops crops = cut_pictures(arguments, report);
    Network student = make_student(teacher, channels, crops, report);
    student.description = "VGG-19 distilled from " + printable_text(origin) + " by nst, " +
                          list_text(channels) + " channels";
    save_vgg19(student, arguments.out, MatStorage::uncompressed);
    report.line("Written: " + arguments.out + ", " +
                std::to_string(fs::file_size(arguments.out) / 1000) + " kB, md5 " +
                md5_of_file(arguments.out));
    write_file(log, report.text());
    std::cout << "Log: " << printable_text(log.string()) << '\n';
}

}  // namespace

void add_distil_command(CLI::App& weights) {
    CLI::App* command = weights.add_subcommand(
        "distil",
        "Makes a smaller, faster network that computes nearly the same features as a large one, by "
        "linear regression on pieces of photographs; writes a log beside it");
    const auto arguments = std::make_shared<Arguments>();
    const auto add = [&](const char* name, auto& value, const char* type, const std::string& help) {
        return command->add_option(name, value, help)->type_name(type);
    };
    add("TEACHER", arguments->teacher, "", "VGG-19 as a .mat")->required();
    add("OUT", arguments->out, "", "The file to write; its log ends in .log")->required();
    add("--pictures", arguments->pictures, "FOLDER",
        "Photographs, in this folder and those inside; may be\ngiven several times")
        ->required()
        ->allow_extra_args(false);
    add("--channels", arguments->channels, "CHANNELS",
        "Share of the teacher's channels, or the number for\neach block, such as "
        "24,48,96,192,192 [default: 0.75]");
    add("--crops", arguments->crops, "N", "Squares to learn from [default: 300]")
        ->check(CLI::Range(1, 100000).description(""));
    add("--seed", arguments->seed, "N", "Of the choice of squares [default: 1]");
    add("--threads", arguments->threads, "N", "[default: one for each processor]")
        ->check(CLI::Range(0, 1024).description(""));
    command->callback([arguments] { distil_file(*arguments); });
}

}  // namespace nst::tools
