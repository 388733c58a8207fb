#pragma once

#include <filesystem>
#include <string>

namespace nst::tools {

/// Returns the command's network file: the file named with --weights, else $NST_WEIGHTS, else
/// imagenet-vgg-verydeep-19.mat in the user's data folder, else the bundled network.
/// @param named  the argument of --weights; may be empty
std::filesystem::path find_weights(const std::string& named);

/// Returns `$XDG_DATA_HOME/nst/imagenet-vgg-verydeep-19.mat`, or the same below ~/.local/share;
/// empty without a home directory.
std::filesystem::path user_weights_file();

}  // namespace nst::tools
