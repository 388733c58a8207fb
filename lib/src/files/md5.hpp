// MD5 of a file, to recognise a published one; not for trusting it.
#pragma once

#include <string>

#include "files/file_error_context.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// 32 hexadecimal digits for the whole file. @throws Error when it cannot be read
std::string md5_of_file(const FileErrorContext& context);

}  // namespace NST_PRECISION
}  // namespace nst
