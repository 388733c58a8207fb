// What a file is by its first bytes: the image formats that are read, and the names of many others
// for error messages.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "nst/tensor.hpp"

namespace nst {
inline namespace NST_PRECISION {

enum class ImageFormat { png, jpeg, webp, tiff };

/// The formats that load_image reads, for error messages.
constexpr const char* readable_formats = "PNG, JPEG, WebP or TIFF";

/// The number of bytes that decide; fewer are enough when the file is shorter.
constexpr std::size_t signature_bytes = 512;

/// Returns the format to read, or nothing for any other kind of file.
std::optional<ImageFormat> readable_format(const unsigned char* head, std::size_t count);

/// Returns what any other file is and what to do with it, as the end of an error message that has
/// named the file: "is a GIF picture; expected ...". All of it is printable ASCII.
std::string describe_unreadable(const unsigned char* head, std::size_t count);

/// Returns the end of an error message for a camera's raw data.
/// @param kind  "a camera's raw data (DNG)"
std::string describe_raw(const std::string& kind);

}  // namespace NST_PRECISION
}  // namespace nst
