// Runs a function in its own process, where it may set limits and be measured.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <stdexcept>

namespace nst_test {

struct ChildResult {
    int exit_code;             ///< the function's result; 128 + signal when a signal ended it
    std::uint64_t peak_bytes;  ///< largest resident set
};

/// @param function  returns 0 to 127; an exception counts as 127
inline ChildResult run_in_child(const std::function<int()>& function) {
    const pid_t process = fork();
    if (process < 0) throw std::runtime_error("no process for a test");
    if (process == 0) {
        int code = 127;
        try {
            code = function();
        } catch (...) {
        }
        _exit(code);
    }
    int status = 0;
    rusage usage{};
    if (wait4(process, &status, 0, &usage) != process) throw std::runtime_error("no child");
    return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
            static_cast<std::uint64_t>(usage.ru_maxrss) * 1024};
}

}  // namespace nst_test
