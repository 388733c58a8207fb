// A small training run: it learns, and a stopped run resumes exactly where it was.
#include "training.hpp"

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "checkpoint.hpp"
#include "support/catch.hpp"
#include "support/compare.hpp"
#include "support/temporary_folder.hpp"

using namespace nst_test;
using train::Run;
using train::Settings;
using train::Textures;

namespace {

namespace fs = std::filesystem;

Settings small_settings() {
    Settings settings;
    settings.classifier.channels = {16, 16, 32, 32, 32};
    settings.textures = 12;  // one of each kind
    settings.steps = 60;
    settings.batch = 24;
    settings.side = 32;
    settings.warmup = 5;
    return settings;
}

const Textures& small_textures() {
    static const Textures textures(small_settings().textures);
    return textures;
}

Run trained(const Settings& settings, long steps, Run run) {
    nst::ClassifierObjective objective(run.classifier, settings.batch, settings.side);
    for (long k = 0; k < steps; ++k) train::step(settings, small_textures(), run, objective);
    return run;
}

void check_same_network(const Run& a, const Run& b) {
    const auto& layers = a.classifier.network.layers;
    for (std::size_t l = 0; l < layers.size(); ++l) {
        if (layers[l].kind != nst::LayerKind::conv) continue;
        INFO(layers[l].name);
        const nst::Layer& other = b.classifier.network.layers[l];
        CHECK(same_bits(layers[l].filters, other.filters));
        CHECK(same_bits(layers[l].bias, other.bias));
    }
    for (std::size_t h = 0; h < a.classifier.heads.size(); ++h) {
        CHECK(same_bits(a.classifier.heads[h].weights, b.classifier.heads[h].weights));
    }
}

std::string bytes_of(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void write_bytes(const fs::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

std::string load_error(const Settings& settings, const fs::path& file) {
    Run run = train::start(settings);
    try {
        train::load_checkpoint(settings, run, file);
    } catch (const std::runtime_error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("training: sixty steps learn to tell twelve textures apart") {
    const Settings settings = small_settings();
    const Run begun = train::start(settings);
    nst::ClassifierObjective objective(begun.classifier, settings.batch, settings.side);
    const Run learned = trained(settings, settings.steps, begun);
    // Chance is a twelfth, 0.083.
    CHECK(train::accuracy(settings, small_textures(), begun, objective) < 0.2);
    CHECK(train::accuracy(settings, small_textures(), learned, objective) > 0.5);
}

TEST_CASE(
    "training: a network to paint with has the same mean and standard deviation in every layer") {
    const nst::Network random = nst::feature_network(train::start(small_settings()).classifier);
    const std::vector<nst::Image> images = {small_textures().crop(0, 0, 0, 96),
                                            small_textures().crop(3, 0, 0, 96)};
    const nst::Network network = train::to_paint_with(random, images);
    constexpr double std_dev = 100;
    for (const char* layer : {"conv1_1", "conv2_1", "conv4_4", "conv5_1"}) {
        INFO(layer);
        double sum = 0;
        double squares = 0;
        double count = 0;
        for (const nst::Image& image : images) {
            const nst::Tensor3 input = nst::subtract_mean(image, network.mean);
            const nst::Tensor3 y = nst::forward(network, input, layer).outputs.back();
            for (std::size_t k = 3; k < y.size(); k += y.shape(2)) {  // one channel
                sum += y.data()[k];
                squares += static_cast<double>(y.data()[k]) * y.data()[k];
                ++count;
            }
        }
        const double mean = sum / count;
        CHECK(mean == Approx(std_dev / 2).epsilon(1e-3));
        CHECK(std::sqrt(squares / count - mean * mean) == Approx(std_dev).epsilon(1e-3));
    }
}

TEST_CASE("training: the bundled network comes from a run with the default settings") {
    std::ifstream log(fs::path(NST_DATA_FOLDER) / "weights" / "trained-vgg19.log");
    std::string line;
    std::getline(log, line);
    CHECK(line == "settings: " + train::describe(Settings()));
}

TEST_CASE("training: a run resumed from its checkpoint equals an uninterrupted run") {
    const Settings settings = small_settings();
    const TemporaryFolder folder;
    const fs::path file = folder / "run";
    Run half = trained(settings, 3, train::start(settings));
    half.log = "line one\nline two\n";
    train::save_checkpoint(settings, half, file);
    Run loaded = train::start(settings);
    train::load_checkpoint(settings, loaded, file);
    CHECK(loaded.log == half.log);
    check_same_network(trained(settings, 3, loaded), trained(settings, 6, train::start(settings)));
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);  // no partial file
}

TEST_CASE("training: a checkpoint can be stored before the first step") {
    const Settings settings = small_settings();
    const TemporaryFolder folder;
    Run run = train::start(settings);
    train::save_checkpoint(settings, run, folder / "run");
    CHECK(load_error(settings, folder / "run").empty());
}

TEST_CASE(
    "load_checkpoint: rejects a file that is missing, damaged, truncated or from a different run") {
    Settings settings = small_settings();
    const TemporaryFolder folder;
    const fs::path file = folder / "run";
    CHECK_THAT(load_error(settings, file), Contains("cannot be read"));
    CHECK_THAT(load_error(settings, folder.path()), Contains("cannot be read"));
    Run run = trained(settings, 1, train::start(settings));
    train::save_checkpoint(settings, run, file);
    const std::string whole = bytes_of(file);
    write_bytes(file, whole.substr(0, whole.size() - 1));
    CHECK_THAT(load_error(settings, file), Contains("is not whole"));
    write_bytes(file, whole + "x");
    CHECK_THAT(load_error(settings, file), Contains("is not whole"));
    write_bytes(file, whole.substr(0, 300));
    CHECK_THAT(load_error(settings, file), Contains("is damaged"));
    write_bytes(file, "PNG");
    CHECK_THAT(load_error(settings, file), Contains("is no checkpoint"));
    write_bytes(file, whole);
    settings.rate *= 2;
    CHECK_THAT(load_error(settings, file), Contains("other settings"));
}

TEST_CASE("save_checkpoint: rejects a missing folder") {
    const Settings settings = small_settings();
    Run run = train::start(settings);
    CHECK_THROWS_WITH(train::save_checkpoint(settings, run, "/nowhere/run"),
                      "save_checkpoint: cannot write /nowhere/run: No such file or directory");
}
