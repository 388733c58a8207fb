// Checks for memory before calling libraries that crash without it.
#pragma once

#include <cstddef>

#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Returns whether that many more bytes of address space are available now. They are freed at once.
bool has_memory(std::size_t bytes);

/// @throws std::bad_alloc unless has_memory
void require_memory(std::size_t bytes);

}  // namespace NST_PRECISION
}  // namespace nst
