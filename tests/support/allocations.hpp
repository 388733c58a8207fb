// Counts the memory from operator new, in a test program that is linked with allocations.cpp.
//
// All C++ allocations go through operator new: std::vector, xtensor, std::function. The count
// excludes memory that C libraries take with malloc, such as OpenBLAS, which keeps its buffers for
// the whole process.
#pragma once

#include <cstddef>

namespace nst_test {

struct Allocations {
    std::size_t count;       ///< calls of operator new
    std::size_t peak_bytes;  ///< peak in use, beyond the amount at the start
};

/// Restarts the count, and measures from the amount in use now.
void start_counting_allocations();

/// The counts since then, over all threads.
Allocations counted_allocations();

}  // namespace nst_test
