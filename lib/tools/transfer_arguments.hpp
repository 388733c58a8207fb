// The command-line arguments of `nst transfer`.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nst/transfer.hpp"

namespace nst::tools {

struct TransferArguments {
    std::string content;
    std::string style;
    std::string output;
    std::string weights;
    std::string size;
    std::string preset = "tutorial";
    std::string start = "auto";
    // What was given beside the preset.
    std::optional<double> noise_ratio;
    std::optional<std::uint32_t> seed;
    std::optional<int> iterations;
    std::optional<std::string> optimizer;
    std::optional<int> scales;
    std::optional<double> learning_rate;
    std::optional<double> style_strength;
    std::optional<double> content_weight;
    std::optional<double> style_weight;
    std::optional<double> tv_weight;
    std::optional<std::string> content_layer;
    std::vector<std::string> style_layers;
    std::optional<std::string> pooling;
    std::optional<double> style_scale;
    std::optional<int> style_size;
    TransferOptions options;  ///< the preset with all that, after complete_options
    int bits = 8;
    int threads = 0;
    int save_every = 0;
    int print_every = 20;
    bool preserve_colour = false;
    bool quiet = false;
};

/// Adds CONTENT, STYLE and every option to the command; parsing it fills `arguments`.
void add_transfer_arguments(CLI::App& command, TransferArguments& arguments);

/// Puts what was given beside the preset into TransferOptions, and checks it.
/// @throws Error naming the option
void complete_options(TransferArguments& arguments);

/// Returns whether --start names an image.
bool names_start_image(const TransferArguments& arguments);

/// Prints a line to standard error, unless --quiet is set.
void note(const TransferArguments& arguments, const std::string& line);

}  // namespace nst::tools
