#include "support/command.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace nst_test {

namespace {

constexpr unsigned longest_seconds = 300;

[[noreturn]] void become(const std::vector<std::string>& words,
                         const std::vector<std::string>& environment) {
    for (const std::string& variable : environment) {
        const std::size_t sign = variable.find('=');
        setenv(variable.substr(0, sign).c_str(), variable.substr(sign + 1).c_str(), 1);
    }
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    alarm(longest_seconds);  // survives exec
    execvp(arguments[0], arguments.data());
    _exit(127);
}

}  // namespace

Command::Command(const std::vector<std::string>& words, const std::vector<std::string>& environment,
                 const std::string& out_file) {
    std::array<int, 2> pipe_ends{};
    // A file instead of a second pipe, which would have to be read at the same time.
    err_file_ = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (err_file_ < 0 || pipe2(pipe_ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipe for a command");
    }
    out_pipe_ = pipe_ends[0];
    process_ = fork();
    if (process_ == 0) {
        const int out = out_file.empty() ? pipe_ends[1] : open(out_file.c_str(), O_WRONLY);
        dup2(out, STDOUT_FILENO);
        dup2(err_file_, STDERR_FILENO);
        become(words, environment);
    }
    close(pipe_ends[1]);
    if (process_ < 0) throw std::runtime_error("no process for a command");
}

Command::~Command() {
    if (process_ > 0) {
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
    }
    close(out_pipe_);
    close(err_file_);
}

bool Command::read_some() {
    std::array<char, 4096> piece{};
    const ssize_t count = read(out_pipe_, piece.data(), piece.size());
    if (count <= 0) return false;
    out_.append(piece.data(), static_cast<std::size_t>(count));
    return true;
}

void Command::wait_for(const std::string& text) {
    while (out_.find(text) == std::string::npos && read_some()) {
    }
}

void Command::send(int signal) {
    kill(process_, signal);
}

long Command::threads() const {
    const std::filesystem::directory_iterator tasks("/proc/" + std::to_string(process_) + "/task");
    return std::distance(begin(tasks), end(tasks));
}

CommandResult Command::finish() {
    while (read_some()) {
    }
    int status = 0;
    rusage usage{};
    wait4(process_, &status, 0, &usage);
    process_ = -1;
    std::string err(static_cast<std::size_t>(lseek(err_file_, 0, SEEK_END)), '\0');
    if (pread(err_file_, err.data(), err.size(), 0) < 0) err = "(unreadable)";
    const int exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return {exit_code, out_, err, static_cast<std::uint64_t>(usage.ru_maxrss) * 1024};
}

CommandResult run(const std::vector<std::string>& words,
                  const std::vector<std::string>& environment, const std::string& out_file) {
    return Command(words, environment, out_file).finish();
}

}  // namespace nst_test
