// Asking for memory before a library does that cannot do without.
#pragma once

#include <cstddef>

#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Whether so many more bytes of address space could be had now. They are given back at once.
bool has_memory(std::size_t bytes);

/// @throws std::bad_alloc unless has_memory
void require_memory(std::size_t bytes);

}  // namespace NST_PRECISION
}  // namespace nst
