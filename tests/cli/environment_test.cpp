// How the environment sets the command's threads and OpenBLAS' kernels.
#include <sys/wait.h>

#include <csignal>

#include "cli/fixture.hpp"
#include "nst/build_info.hpp"
#include "nst/threads.hpp"
#include "support/catch.hpp"

using namespace nst_test;

namespace {

// The text after a label in the output of `nst --version`.
std::string said(const std::string& key, const std::vector<std::string>& environment = {},
                 std::vector<std::string> words = {NST_COMMAND, "--version"}) {
    const CommandResult result = run(words, environment);
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) {
        if (line.rfind(key + ": ", 0) == 0) return line.substr(key.size() + 2);
    }
    return "(not said) " + result.out;
}

}  // namespace

TEST_CASE("nst --version: prints what a report of a slow run needs") {
    const nst::BuildInfo info = nst::build_info();
    CHECK(run({NST_COMMAND, "--version"}).out.rfind("nst " + info.version + "\n", 0) == 0);
    CHECK(said("compiler") == info.compiler);
    CHECK(said("inner loops", {"NST_SIMD=baseline"}) == "baseline");
    CHECK_THAT(said("OpenBLAS"), Contains("0.") && Contains(", core "));
    CHECK(said("precision") == "single");
}

TEST_CASE("nst: OMP_NUM_THREADS sets the number of threads, as in OpenMP") {
    const std::string unset = std::to_string(nst::thread_count());
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"1", "1"},        {"3", "3"},    {"5,2", "5"},   {" 4 ", "4"},
        {"99999", "1024"}, {"0", unset},  {"-2", unset},  {"", unset},
        {"two", unset},    {"2x", unset}, {"1e3", unset}, {",4", unset}};
    for (const auto& [value, threads] : cases) {
        CAPTURE(value);
        CHECK(said("threads", {"OMP_NUM_THREADS=" + value}) == threads);
    }
}

TEST_CASE("nst: uses one thread per available processor by default") {
    CHECK(said("threads", {"OMP_NUM_THREADS="}, {"taskset", "1", NST_COMMAND, "--version"}) == "1");
}

TEST_CASE("nst: with OMP_NUM_THREADS=1 the process has one thread") {
    const Workplace work;
    Command command(work.transfer({"--iterations", "1000000", "--print-every", "1"}),
                    {"OMP_NUM_THREADS=1"});
    command.wait_for("Iteration 3 :");
    CHECK(command.threads() == 1);
    command.send(SIGTERM);
    CHECK(command.finish().exit_code == 128 + SIGTERM);
}

TEST_CASE("nst: ignores OpenMP's settings other than the number of threads") {
    const Workplace work;
    const CommandResult result =
        run(work.transfer({"--iterations", "1", "--quiet", "--threads", "2"}),
            {"OMP_STACKSIZE=64k", "OMP_THREAD_LIMIT=1", "OMP_WAIT_POLICY=active"});
    CHECK(result.exit_code == 0);
    CHECK(result.err.empty());
}

// The tests below preload a library, which does not work with the sanitizers.
#ifdef NST_OPENBLAS_GUESS

namespace {

// The environment that makes OpenBLAS see an unknown processor.
const std::vector<std::string> unknown = {"LD_PRELOAD=" NST_OPENBLAS_GUESS, "OPENBLAS_CORETYPE="};

std::vector<std::string> unknown_and(const std::string& variable) {
    std::vector<std::string> environment = unknown;
    environment.push_back(variable);
    return environment;
}

// The OpenBLAS core that `nst --version` prints.
std::string core(const std::vector<std::string>& environment) {
    const std::string openblas = said("OpenBLAS", environment);
    return openblas.substr(openblas.find(", core ") + 7);
}

bool has_avx2() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0) return true;
#endif
    WARN("skipped: this processor has no better kernels than the oldest");
    return false;
}

}  // namespace

TEST_CASE("nst: selects better kernels when OpenBLAS does not know the processor") {
    if (!has_avx2()) return;
    const std::string best = core(unknown);
    CHECK((best == "Haswell" || best == "SkylakeX"));
    CHECK(core(unknown_and("NST_KEEP_OPENBLAS_CORE=1")) == "Prescott");
}

TEST_CASE("nst: respects the user's OPENBLAS_CORETYPE") {
    CHECK(core(unknown_and("OPENBLAS_CORETYPE=Nehalem")) == "Nehalem");
}

TEST_CASE("nst: restarts only once, even if that does not help") {
    CHECK(core(unknown_and("NST_GUESS=always")) == "Prescott");
}

TEST_CASE("nst: a restart preserves arguments, exit codes, the process ID and signals") {
    if (!has_avx2()) return;
    const Workplace work;
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{NST_COMMAND, "inspect", "no such file.mat"},
          std::vector<std::string>{NST_COMMAND, "transfer", "a b", "", "-o", "*.png"},
          std::vector<std::string>{NST_COMMAND}}) {
        const CommandResult usual = run(words);
        const CommandResult again = run(words, unknown);
        CHECK(again.exit_code == usual.exit_code);
        CHECK(again.out == usual.out);
        CHECK(again.err == usual.err);
    }
    Command command(work.transfer({"--iterations", "1000000", "--print-every", "1"}), unknown);
    command.wait_for("Iteration 3 :");
    command.send(SIGINT);  // to the original process
    CHECK(command.finish().exit_code == 128 + SIGINT);
    CHECK(std::filesystem::exists(work.output));
}

TEST_CASE("chapters: select better kernels when OpenBLAS does not know the processor") {
    if (!has_avx2()) return;
    const Workplace work;
    const CommandResult result =
        run({NST_CHAPTER, "--smoke", "--output", work.folder.path().string()},
            unknown_and("OPENBLAS_VERBOSE=2"));
    CHECK(result.exit_code == 0);
    const std::size_t first = result.err.find("Core: Prescott");
    REQUIRE(first != std::string::npos);
    const std::string then = result.err.substr(first + 1);
    CHECK((then.find("Core: Haswell") != std::string::npos ||
           then.find("Core: SkylakeX") != std::string::npos));
}

#endif
