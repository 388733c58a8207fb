#pragma once

#include <filesystem>
#include <string>

#include "nst/api.hpp"
#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Computes the MD5 sum of a file, which identifies a published file. It does not prove that a file
/// can be trusted.
/// @return 32 hexadecimal digits
/// @throws Error when the file is missing, is not a regular file or cannot be read
/// Introduced in chapter 02.
NST_API std::string md5_of_file(const std::filesystem::path& file);

}  // namespace NST_PRECISION
}  // namespace nst
