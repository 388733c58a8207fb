// Controls faults.cpp in a program that is linked with it.
#pragma once

#include <cstdlib>

namespace nst_test {

/// Whether every call fails in turn, or only a sample of them.
inline bool every_call() {
    return std::getenv("NST_EVERY_CALL") != nullptr;
}

/// Resets the counts and makes one call fail, in the syntax of NST_FAULT; "none:0" ends that.
void set_fault(const char* fault);

/// The number of calls of a kind, such as "malloc", since then.
long counted_calls(const char* kind);

/// The number of blocks allocated by malloc and its relatives and not yet freed.
long allocated_blocks();

}  // namespace nst_test
