// Checks every tag of a `.mat` and copies the valid parts before matio sees any of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "files/file_error_context.hpp"
#include "mat/mat_scratch.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// What the check found in a file.
struct MatOutline {
    std::string header;                  ///< the text of the first 116 bytes, trimmed
    std::uint64_t bytes = 0;             ///< size of the file
    std::vector<std::string> variables;  ///< names of the top-level variables, in order
    /// Those that are structs with a field `layers`, as `save(file, 'net')` writes a network.
    std::vector<std::string> with_layers;
};

/// Arrays of at least this many elements become holes in the copy, so their values must not be
/// read. All convolutions of a VGG-19 are far smaller; the largest fully connected layers are above
/// the limit.
constexpr std::uint64_t too_many_to_keep = std::uint64_t{1} << 24;

/// Walks over all tags of a MATLAB 5 file, including nested and compressed ones, and throws a
/// one-line Error at the first invalid one, because matio trusts sizes, dimensions and counts. A
/// file that passes is little-endian, consists of complete arrays, inflates to at most 4 GiB and
/// has at most 16384 variables.
///
/// What nst has no use for is skipped by its size, and a text of nine dimensions that says what it
/// was takes its place in the copy (mat_skipped.hpp): objects, function handles, sparse matrices
/// and other classes beside numbers, text, cells and structs; data in unusual types; more than 8
/// dimensions; what is nested deeper than 16 levels, or would be more than the 16384th nested array
/// or field of the file. A variable without a name, in which MATLAB keeps the data of objects, is
/// left out.
///
/// The walk reads the file once and holds no more than a block of it. matio alone would inflate a
/// nested array once for each level of its depth, and this walk would come on top of that. So the
/// inflated data is kept, uncompressed, in `copy`, and matio reads the copy instead.
///
/// @param copy  receives the variables; null to check only
/// @throws Error also for folders, pipes, empty files, pages of HTML, and other versions of MATLAB
MatOutline check_mat_file(const FileErrorContext& context, MatScratch* copy = nullptr);

}  // namespace NST_PRECISION
}  // namespace nst
