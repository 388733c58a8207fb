#pragma once

#include <filesystem>
#include <string>

#include "nst/api.hpp"
#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Writes bytes to a file the way save_image does: under a temporary name in the same folder,
/// flushed and renamed, so that a failure leaves the previous file intact. A symbolic link is kept;
/// a file that is replaced keeps its mode, owner and group.
/// @throws Error when the file cannot be written: its folder or the old file is not writable, a
///         folder or a device has the name, the disk is full
/// Introduced in chapter 18.
NST_API void write_file(const std::filesystem::path& file, const std::string& bytes);

/// Throws what write_file would throw for this path, before any work is done, as far as it is known
/// then. Leaves the folder unchanged.
/// Introduced in chapter 18.
NST_API void check_writable(const std::filesystem::path& file);

}  // namespace NST_PRECISION
}  // namespace nst
