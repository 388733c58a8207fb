#pragma once

#include <cstdint>
#include <string>

namespace nst {

/// How much more memory this process may take, and what sets that limit.
struct MemoryLimit {
    std::uint64_t bytes;
    std::string reason;
};

/// The smallest of the machine's available memory, the control group's limit and the limit of the
/// address space, each less what is used already.
MemoryLimit memory_limit();

/// "3.1 GB", "870 MB": decimal units, two or three digits.
std::string memory_text(std::uint64_t bytes);

}  // namespace nst
