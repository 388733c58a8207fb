// Writes with matio what mat5 writes by hand, so that each is read as the other is.
#pragma once

#include <filesystem>

#include "support/mat5.hpp"

namespace nst_test {

void write_with_matio(const std::filesystem::path& path, const mat5::Named& variables,
                      bool is_compressed);

}  // namespace nst_test
