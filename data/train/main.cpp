// Trains the bundled network: train_vgg19 FOLDER writes trained-vgg19.mat and its log to FOLDER. A
// stopped run resumes from the checkpoint in the same folder.

#include <sha2.h>

#include <CLI/CLI.hpp>
#include <array>
#include <exception>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <utility>

#include "checkpoint.hpp"
#include "nst/bundled_vgg19.hpp"
#include "nst/image.hpp"
#include "nst/vgg19.hpp"
#include "nst/write_file.hpp"
#include "textures.hpp"

namespace {

namespace fs = std::filesystem;

constexpr long steps_between_lines = 100;
constexpr long steps_between_checkpoints = 500;

std::string sha256_of_file(const fs::path& file) {
    std::array<char, SHA256_DIGEST_STRING_LENGTH> text{};
    if (SHA256File(file.c_str(), text.data()) == nullptr) {
        throw std::runtime_error("cannot read " + file.string());
    }
    return text.data();
}

std::string progress_line(const train::Settings& settings, long steps, double loss,
                          double accuracy) {
    std::ostringstream line;
    line << "step " << std::setw(6) << steps << std::fixed << "  loss " << std::setprecision(4)
         << loss << "  held-out accuracy " << std::setprecision(3) << accuracy << "  rate "
         << std::setprecision(6) << train::rate_at(settings, steps - 1) << '\n';
    return line.str();
}

train::Run begin(const train::Settings& settings, const fs::path& checkpoint) {
    train::Run run = train::start(settings);
    run.log = "settings: " + train::describe(settings) + '\n';
    if (fs::exists(checkpoint)) {
        train::load_checkpoint(settings, run, checkpoint);
        std::cout << "Going on after step " << run.optimizer.steps << '\n';
    }
    return run;
}

void train_on(const train::Settings& settings, const train::Textures& textures, train::Run& run,
              const fs::path& checkpoint) {
    nst::ClassifierObjective objective(run.classifier, settings.batch, settings.side);
    double losses = 0;
    while (run.optimizer.steps < settings.steps) {
        losses += train::step(settings, textures, run, objective).loss;
        const long steps = run.optimizer.steps;
        if (steps % steps_between_lines == 0) {
            const std::string line =
                progress_line(settings, steps, losses / steps_between_lines,
                              train::accuracy(settings, textures, run, objective));
            losses = 0;
            run.log += line;
            std::cout << line << std::flush;
        }
        if (steps % steps_between_checkpoints == 0) {
            train::save_checkpoint(settings, run, checkpoint);
        }
    }
}

// The sample pictures and a large square of each of the first textures, eight per kind.
std::vector<nst::Image> calibration_images(const train::Textures& textures) {
    std::vector<nst::Image> images;
    for (const char* name :
         {"content/glass_pyramid.png", "style/field_of_strokes.png", "style/swirling_night.png"}) {
        images.push_back(nst::load_image(fs::path(NST_DATA_FOLDER) / name));
    }
    return train::with_squares(std::move(images), textures, std::size_t{8} * draw::texture_kinds,
                               288);
}

void write_network(const train::Settings& settings, const train::Textures& textures,
                   train::Run& run, const fs::path& folder) {
    nst::Network network =
        train::to_paint_with(nst::feature_network(run.classifier), calibration_images(textures));
    network.description = std::string(nst::bundled_vgg19_mark) + ", trained on " +
                          std::to_string(settings.textures) + " drawn textures";
    const fs::path file = folder / "trained-vgg19.mat";
    nst::save_vgg19(network, file);
    run.log += "sha256 " + sha256_of_file(file) + '\n';
    nst::write_file(folder / "trained-vgg19.log", run.log);
    std::cout << "Wrote " << file.string() << " and trained-vgg19.log\n";
}

int run(int argc, char** argv) {
    train::Settings settings;
    fs::path folder;
    CLI::App app{"Trains a small VGG-19 on textures that it draws itself."};
    app.add_option("FOLDER", folder, "Where the network, its log and the checkpoint go")
        ->required();
    app.add_option("--steps", settings.steps, "Batches to train on")
        ->check(CLI::Range(1L, 10000000L))
        ->capture_default_str();
    app.add_option("--textures", settings.textures, "Classes to tell apart")
        ->check(CLI::Range(2, 100000))
        ->capture_default_str();
    app.add_option("--heads", settings.classifier.layers, "Layers that guess the class")
        ->capture_default_str();
    app.add_option("--channels", settings.classifier.channels, "Of the five blocks")
        ->capture_default_str();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    fs::create_directories(folder);
    std::cout << "Drawing " << settings.textures << " textures\n" << std::flush;
    const train::Textures textures(settings.textures);
    const fs::path checkpoint = folder / "training.checkpoint";
    train::Run training = begin(settings, checkpoint);
    train_on(settings, textures, training, checkpoint);
    write_network(settings, textures, training, folder);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "train_vgg19: " << error.what() << '\n';
        return 2;
    }
}
