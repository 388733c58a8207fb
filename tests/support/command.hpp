// Runs a program and captures its output, for the tests of the `nst` command.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace nst_test {

struct CommandResult {
    int exit_code;  ///< 128 + signal when a signal ended it
    std::string out;
    std::string err;
    std::uint64_t peak_bytes;  ///< largest resident set
};

/// A running program. SIGALRM ends a program that hangs for five minutes.
class Command {
  public:
    /// @param words        the program and its arguments
    /// @param environment  "NAME=VALUE" each, added to this process's environment
    /// @param out_file     file for standard output, which is then not captured
    explicit Command(const std::vector<std::string>& words,
                     const std::vector<std::string>& environment = {},
                     const std::string& out_file = {});
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;
    ~Command();

    /// Reads standard output until the text appears or the output ends.
    void wait_for(const std::string& text);
    void send(int signal);
    /// The current number of threads of the program.
    long threads() const;
    CommandResult finish();

  private:
    bool read_some();

    pid_t process_ = -1;
    int out_pipe_ = -1;
    int err_file_ = -1;
    std::string out_;
};

/// Runs a program to completion.
CommandResult run(const std::vector<std::string>& words,
                  const std::vector<std::string>& environment = {},
                  const std::string& out_file = {});

}  // namespace nst_test
