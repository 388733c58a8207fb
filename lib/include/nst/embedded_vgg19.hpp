#pragma once

#include <filesystem>

#include "nst/network.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// The network that comes with the library, so that nothing has to be downloaded to see it work:
/// `share/nst/embedded-vgg19.mat` beside the library, in the build tree as in the installed one.
/// @throws Error when the file is not there
/// Introduced in chapter 02.
std::filesystem::path embedded_vgg19_file();

/// Whether a network was read from the embedded file (or a copy), by its description.
/// Introduced in chapter 02.
bool is_embedded_vgg19(const Network& network);

/// What the description of the embedded network begins with.
inline constexpr const char* embedded_vgg19_mark = "nst embedded VGG-19";

}  // namespace NST_PRECISION
}  // namespace nst
