#pragma once

#include <CLI/CLI.hpp>

namespace nst::tools {

/// Adds `nst weights` with its only subcommand, `strip`.
void add_weights_command(CLI::App& app);

}  // namespace nst::tools
