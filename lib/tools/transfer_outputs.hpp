// The names of the files that `nst transfer` writes, and what is checked about them.
#pragma once

#include <filesystem>

#include "transfer_arguments.hpp"

namespace nst::tools {

/// Returns out_40.png for out.png after iteration 40, counted over all scales.
std::filesystem::path numbered(const std::filesystem::path& output, int iteration);

/// Checks that OUT and the images of --save-every can be written and that none of them is a file
/// that the command reads; notes those with several hard links.
/// @throws Error for the first problem found
void check_transfer_outputs(const TransferArguments& arguments);

}  // namespace nst::tools
