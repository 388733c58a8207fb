#pragma once

#include <cstdint>
#include <string>

#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// How much more memory this process may take, and what sets that limit.
struct MemoryLimit {
    std::uint64_t bytes;
    std::string reason;  ///< "the control group's limit", for a sentence
};

/// Finds the smallest of the machine's available memory, the limit of the control group and the
/// limit of the address space, each less what is in use. transfer_memory says what a transfer
/// needs. Introduced in chapter 13.
MemoryLimit memory_limit();

}  // namespace NST_PRECISION
}  // namespace nst
