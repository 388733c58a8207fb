// Looks over every tag of a `.mat` before matio opens it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mat_refusal.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// What the check has seen of a file.
struct MatOutline {
    std::string header;                  ///< the text of the first 116 bytes, trimmed
    std::uint64_t bytes = 0;             ///< size of the file
    std::vector<std::string> variables;  ///< names of the top level, in order
};

/// Walks over all tags of a MATLAB 5 file, nested and compressed ones too, and throws Error in one
/// line at the first that does not fit: matio believes sizes, dimensions and counts as it finds
/// them. Whatever passes is little-endian, of whole arrays of numbers, text, cells and structs,
/// each of the size that its dimensions ask for, at most 16 levels deep, 16384 arrays in all, each
/// below 2 GiB, no more than 4 GiB inflated. Data are skipped, or inflated and dropped, so the
/// check needs no memory to speak of, and for a compressed file the time to inflate it.
/// @throws Error also for folders, pipes, empty files, pages of HTML, and other versions of MATLAB
MatOutline check_mat_file(const Refusal& refusal);

}  // namespace NST_PRECISION
}  // namespace nst
