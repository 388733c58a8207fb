// The pictures in folders.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace nst::tools {

/// Returns the files with the extension of a picture that nst reads, in these folders and the
/// folders inside, sorted by path; a file that has several names only once. A name may also be that
/// of one file, whatever its extension.
/// @throws Error when one of the names does not exist or cannot be read
std::vector<std::filesystem::path> picture_files(const std::vector<std::string>& names);

}  // namespace nst::tools
