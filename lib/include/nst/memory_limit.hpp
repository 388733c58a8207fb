#pragma once

#include <cstdint>
#include <string>

#include "nst/api.hpp"
#include "nst/precision.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// How much more memory this process may use, and what sets that limit.
/// Introduced in chapter 13.
struct MemoryLimit {
    std::uint64_t bytes;
    std::string reason;  ///< "the control group's limit", to put into a sentence
};

/// Returns the smallest of the machine's available memory, the control group's limit and the
/// address space's limit, each less what is already in use. Compare it with transfer_memory.
/// Introduced in chapter 13.
NST_API MemoryLimit memory_limit();

}  // namespace NST_PRECISION
}  // namespace nst
