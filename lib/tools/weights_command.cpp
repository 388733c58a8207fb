#include "weights_command.hpp"

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "distil_command.hpp"
#include "nst/printable_text.hpp"
#include "nst/vgg19.hpp"
#include "output_files.hpp"
#include "require.hpp"

namespace nst::tools {

namespace {

std::string megabytes(std::uintmax_t bytes) {
    return std::to_string((bytes + 500'000) / 1'000'000) + " MB";
}

void strip(const std::string& in, const std::string& out) {
    InputFiles inputs;
    inputs.add("the file", in);
    require(
        inputs.same_file(out).empty(), "nst weights strip: ", out,
        " is the file that is read, and would lose its fully connected layers. Give another name");
    const std::string links = hard_link_note(out);
    if (!links.empty()) std::cerr << links << '\n';
    const Network network = load_vgg19(in);
    save_vgg19(network, out, MatStorage::uncompressed);
    const auto convolutions =
        std::count_if(network.layers.begin(), network.layers.end(),
                      [](const Layer& layer) { return layer.kind == LayerKind::conv; });
    std::cout << convolutions << " convolutions written to " << printable_text(out) << ", "
              << megabytes(std::filesystem::file_size(out)) << " instead of "
              << megabytes(std::filesystem::file_size(in)) << '\n';
}

}  // namespace

void add_weights_command(CLI::App& app) {
    CLI::App* weights =
        app.add_subcommand("weights", "Makes smaller networks, and smaller files of them");
    weights->require_subcommand(1);
    CLI::App* command = weights->add_subcommand(
        "strip",
        "Writes the convolutions of a VGG-19 alone, uncompressed: a sixth of the published "
        "file, loaded in a fraction of its time");
    struct Arguments {
        std::string in;
        std::string out;
    };
    const auto arguments = std::make_shared<Arguments>();
    command->add_option("IN", arguments->in, "MatConvNet's .mat")->required();
    command->add_option("OUT", arguments->out, "The file to write")->required();
    command->callback([arguments] { strip(arguments->in, arguments->out); });
    add_distil_command(*weights);
}

}  // namespace nst::tools
