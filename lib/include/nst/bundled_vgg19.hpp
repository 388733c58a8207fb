#pragma once

#include <filesystem>

#include "nst/network.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// The network that comes with the library, so that nothing has to be downloaded to see it work:
/// `share/nst/bundled-vgg19.mat` beside the library, in the build tree as in the installed one.
/// @throws Error when the file is not there
/// Introduced in chapter 02.
std::filesystem::path bundled_vgg19_file();

/// Whether a network was read from the bundled file (or a copy), by its description.
/// Introduced in chapter 02.
bool is_bundled_vgg19(const Network& network);

/// What the description in the bundled network's file begins with, in the words of its training.
inline constexpr const char* bundled_vgg19_mark = "nst embedded VGG-19";

}  // namespace NST_PRECISION
}  // namespace nst
