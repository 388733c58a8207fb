// What stands in the copy of a `.mat` for an array that nst does not read.
#pragma once

#include <cstdint>
#include <string>

#include "mat/mat_scratch.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// The number of dimensions of the text that takes the place of a skipped array. No array that is
/// copied has more than eight, so the two cannot be confused.
constexpr int skipped_rank = 9;

/// Writes flags, dimensions, name and data of an array that says what was skipped. The tag before
/// it is the caller's.
/// @param name  of a variable; empty for a nested array
/// @param what  "a function handle"
void write_skipped(MatScratch& copy, const std::string& name, const std::string& what);

/// What the first bytes of an array of a class without numbers, text, cells and fields tell.
struct UnreadArray {
    std::string what;  ///< "an object of class datetime"
    std::string name;  ///< empty when nested, or not understood
};

/// @param array_class  in the array's flags
/// @param bytes        what follows the flags, as far as it matters; any bytes
UnreadArray unread_array(std::uint32_t array_class, const std::string& bytes);

}  // namespace NST_PRECISION
}  // namespace nst
