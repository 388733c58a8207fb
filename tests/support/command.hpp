// Runs a program and keeps what it printed, for the tests of the `nst` command.
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

/// A program on its way. One that hangs is ended after five minutes, by SIGALRM.
class Command {
  public:
    /// @param words        the program and its arguments
    /// @param environment  "NAME=VALUE" each, added to this process's environment
    /// @param out_file     where standard output goes instead of being kept
    explicit Command(const std::vector<std::string>& words,
                     const std::vector<std::string>& environment = {},
                     const std::string& out_file = {});
    Command(const Command&) = delete;
    Command& operator=(const Command&) = delete;
    ~Command();

    /// Reads standard output until it holds the text, or ends.
    void wait_for(const std::string& text);
    void send(int signal);
    /// How many threads it has now.
    long threads() const;
    CommandResult finish();

  private:
    bool read_some();

    pid_t process_ = -1;
    int out_pipe_ = -1;
    int err_file_ = -1;
    std::string out_;
};

/// Runs a program to its end.
CommandResult run(const std::vector<std::string>& words,
                  const std::vector<std::string>& environment = {},
                  const std::string& out_file = {});

}  // namespace nst_test
