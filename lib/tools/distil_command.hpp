#pragma once

#include <CLI/CLI.hpp>

namespace nst::tools {

/// Adds `distil` to `nst weights`: makes a smaller network from a large one.
void add_distil_command(CLI::App& weights);

}  // namespace nst::tools
