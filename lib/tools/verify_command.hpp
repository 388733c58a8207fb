#pragma once

#include <CLI/CLI.hpp>

namespace nst::tools {

/// Adds `nst verify`, which prints published numbers beside ours.
/// @param exit_code  set to 1 when a number is outside its tolerance
void add_verify_command(CLI::App& app, int& exit_code);

}  // namespace nst::tools
