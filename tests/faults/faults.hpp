// What faults.cpp does to a program that is linked with it.
#pragma once

#include <cstdlib>

namespace nst_test {

/// Whether every call is to fail in its turn, or a sample of them.
inline bool every_call() {
    return std::getenv("NST_EVERY_CALL") != nullptr;
}

/// Counts calls anew and fails one of them, as NST_FAULT would say; "none:0" ends that.
void set_fault(const char* fault);

/// How often calls of a kind, such as "malloc", came since then.
long counted_calls(const char* kind);

/// How many blocks malloc and its sisters have given out and not got back.
long allocated_blocks();

}  // namespace nst_test
