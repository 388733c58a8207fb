// A training run on disk: everything needed to resume as if the run had never stopped.
#pragma once

#include <filesystem>

#include "training.hpp"

namespace train {

/// Writes the run. The previous file stays until the new one is complete.
/// @throws nst::Error when the file cannot be written
void save_checkpoint(const Settings& settings, Run& run, const std::filesystem::path& file);

/// Reads a checkpoint into a run that `start` made from the same settings.
/// @throws std::runtime_error when the file cannot be read, is incomplete, or has different
/// settings
void load_checkpoint(const Settings& settings, Run& run, const std::filesystem::path& file);

}  // namespace train
