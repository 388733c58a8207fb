#pragma once

#include <CLI/CLI.hpp>

namespace nst::tools {

/// Adds `nst transfer`. After a run, exit_code is 0, or 130 after Ctrl-C.
void add_transfer_command(CLI::App& app, int& exit_code);

}  // namespace nst::tools
