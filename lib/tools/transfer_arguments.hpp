// The command-line arguments of `nst transfer`.
#pragma once

#include <CLI/CLI.hpp>
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
    std::string start = "auto";
    std::string pooling = "average";
    std::string optimizer = "adam";
    std::optional<double> learning_rate;
    std::vector<std::string> style_layers;
    TransferOptions options;
    int bits = 8;
    int threads = 0;
    int save_every = 0;
    int print_every = 20;
    bool preserve_colour = false;
    bool quiet = false;
};

/// Adds CONTENT, STYLE and every option to the command; parsing it fills `arguments`.
void add_transfer_arguments(CLI::App& command, TransferArguments& arguments);

/// Converts some options to TransferOptions, and checks the numbers of the others.
/// @throws Error naming the option
void complete_options(TransferArguments& arguments);

/// Prints a line to standard error, unless --quiet is set.
void note(const TransferArguments& arguments, const std::string& line);

}  // namespace nst::tools
