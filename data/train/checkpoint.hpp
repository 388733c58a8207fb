// A training run on disk: what a later one needs to go on as if it had never stopped.
#pragma once

#include <filesystem>

#include "training.hpp"

namespace train {

/// Writes the run. The file that was there before stays until the new one is whole.
/// @throws nst::Error when it cannot be written
void save_checkpoint(const Settings& settings, Run& run, const std::filesystem::path& file);

/// Reads it into a run that `start` has made of the same settings.
/// @throws std::runtime_error when the file cannot be read, is not whole, or is of other settings
void load_checkpoint(const Settings& settings, Run& run, const std::filesystem::path& file);

}  // namespace train
