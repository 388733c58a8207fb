#pragma once

#include <CLI/CLI.hpp>

namespace nst {

/// Adds `nst inspect`.
void add_inspect_command(CLI::App& app);

}  // namespace nst
