// Sets the number of threads for the duration of a scope.
#pragma once

#include "nst/threads.hpp"

namespace nst_test {

class ThreadCount {
  public:
    explicit ThreadCount(int count) { nst::set_thread_count(count); }
    ThreadCount(const ThreadCount&) = delete;
    ThreadCount& operator=(const ThreadCount&) = delete;
    ~ThreadCount() { nst::set_thread_count(0); }
};

}  // namespace nst_test
