#pragma once

#include <CLI/CLI.hpp>

namespace nst::tools {

/// Adds `nst inspect`.
void add_inspect_command(CLI::App& app);

}  // namespace nst::tools
