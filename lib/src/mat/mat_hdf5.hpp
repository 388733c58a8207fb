// Turns a MATLAB 7.3 file, which is HDF5, into a file of version 5.
#pragma once

#include "files/regular_file.hpp"
#include "mat/mat_check.hpp"
#include "mat/mat_scratch.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Walks over the variables of an HDF5 file and writes them to `copy` in version 5, so that
/// everything after this is the same for both versions, and the limits are those of check_mat_file.
/// matio's own reader of these files is not used: it trusts dimensions, and follows references
/// without end.
///
/// Only hard links and references inside the file are followed. Arrays too large to keep become
/// holes; what nst has no use for is replaced as in check_mat_file, and so are arrays with data in
/// other files, or in filters other than deflate, shuffle and fletcher32.
///
/// @param outline  receives the variables
/// @throws Error when the file is damaged
void copy_hdf5(const FileErrorContext& context, const RegularFile& file, MatScratch& copy,
               MatOutline& outline);

}  // namespace NST_PRECISION
}  // namespace nst
