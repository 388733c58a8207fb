// Writes with matio the same files that mat5 writes by hand, so that tests can compare how they are
// read.
#pragma once

#include <filesystem>

#include "support/mat5.hpp"

namespace nst_test {

/// The versions of a `.mat` that matio writes; 7.3 is HDF5.
enum class MatVersion { v5, v73 };

void write_with_matio(const std::filesystem::path& path, const mat5::Named& variables,
                      bool is_compressed, MatVersion version = MatVersion::v5);

}  // namespace nst_test
