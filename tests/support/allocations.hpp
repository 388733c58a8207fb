// Counts what operator new gives out, in a test program that is linked with allocations.cpp.
//
// Everything of the C++ side passes there: std::vector, xtensor, std::function. Not counted is what
// the C libraries below take with malloc, OpenBLAS for one: it keeps its buffers for the whole
// process and answers to nobody here.
#pragma once

#include <cstddef>

namespace nst_test {

struct Allocations {
    std::size_t count;       ///< calls of operator new
    std::size_t peak_bytes;  ///< the most that was in use at once, beyond what was at the beginning
};

/// Begins to count anew, and to measure from what is in use now.
void start_counting_allocations();

/// What happened since then, in all threads.
Allocations counted_allocations();

}  // namespace nst_test
