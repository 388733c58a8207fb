#pragma once

#include <filesystem>

#include "nst/api.hpp"
#include "nst/network.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Returns the path of the network that comes with the library, so that you can try it without a
/// download: `share/nst/bundled-vgg19.mat` beside the library, in the build tree and when
/// installed.
/// @throws Error when the file is missing
/// Introduced in chapter 02.
NST_API std::filesystem::path bundled_vgg19_file();

/// Returns whether a network was read from the bundled file (or a copy), judging by its
/// description.
/// Introduced in chapter 02.
NST_API bool is_bundled_vgg19(const Network& network);

/// The first words of the description in the bundled network's file, as training wrote them.
/// Introduced in chapter 18.
inline constexpr const char* bundled_vgg19_mark = "nst embedded VGG-19";

}  // namespace NST_PRECISION
}  // namespace nst
