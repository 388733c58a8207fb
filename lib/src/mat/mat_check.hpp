// Looks over every tag of a `.mat` and copies what is sound, before matio sees any of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "files/file_error_context.hpp"
#include "mat/mat_scratch.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// What the check has seen of a file.
struct MatOutline {
    std::string header;                  ///< the text of the first 116 bytes, trimmed
    std::uint64_t bytes = 0;             ///< size of the file
    std::vector<std::string> variables;  ///< names of the top level, in order
};

/// Arrays of this many elements or more are holes in the copy, so nobody may read their values: no
/// convolution of a VGG-19 comes near, and the largest of the fully connected layers are beyond it.
constexpr std::uint64_t too_many_to_keep = std::uint64_t{1} << 24;

/// Walks over all tags of a MATLAB 5 file, nested and compressed ones too, and throws Error in one
/// line at the first that does not fit: matio believes sizes, dimensions and counts as it finds
/// them. Whatever passes is little-endian, of whole arrays of numbers, text, cells and structs,
/// each of the size that its dimensions ask for, at most 16 levels deep, each below 2 GiB; in all
/// no more than 16384 variables, arrays inside of others and fields each, and 4 GiB inflated.
///
/// The walk goes through the file once, holding no more of it than a block. matio by itself
/// inflates nested arrays once for each level that they lie deep, and this walk comes before that;
/// so what it inflates is kept, uncompressed, in `copy`, and matio reads that instead.
///
/// @param copy  where the variables go, or nothing to look only
/// @throws Error also for folders, pipes, empty files, pages of HTML, and other versions of MATLAB
MatOutline check_mat_file(const FileErrorContext& context, MatScratch* copy = nullptr);

}  // namespace NST_PRECISION
}  // namespace nst
