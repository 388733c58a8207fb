// System limits, a disk that is really full, and signals that end the command.
#include <unistd.h>

#include <csignal>
#include <random>

#include "faults/scene.hpp"

using namespace nst_test;

namespace {

// Runs a command under a limit of the shell's ulimit: "-v 100000", "-f 8".
CommandResult run_limited(const std::string& limit, const std::vector<std::string>& words) {
    std::vector<std::string> shell = {"sh", "-c", "ulimit " + limit + "; exec \"$@\"", "sh"};
    shell.insert(shell.end(), words.begin(), words.end());
    return run(shell);
}

// Errors before main are not this project's: the dynamic linker and the constructors of the
// libraries report in their own words that address space is short.
bool did_not_reach_main(const CommandResult& result) {
    return result.exit_code != 2 &&
           (result.err.find("error while loading shared libraries") != std::string::npos ||
            result.err.find("OpenBLAS blas_thread_init") != std::string::npos);
}

// Whether main is reached at all: Debian 13's OpenBLAS, while being loaded, waits forever for
// missing address space.
bool reaches_main(const std::string& limit) {
    const int code = run_limited(limit, {"timeout", "5", NST_COMMAND, "--version"}).exit_code;
    return code == 0 || code == 2;
}

// A file system of a few kilobytes, if the user may mount one.
class SmallDisk {
  public:
    explicit SmallDisk(const std::filesystem::path& folder) : folder_(folder.string()) {
        std::filesystem::create_directory(folder);
        is_there_ =
            run({"mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder_}).exit_code == 0;
    }
    ~SmallDisk() {
        if (is_there_) run({"umount", folder_});
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    bool is_there() const { return is_there_; }

  private:
    std::string folder_;
    bool is_there_;
};

}  // namespace

TEST_CASE("nst: a limit of the address space gives one line and exit code 2, or suffices") {
    const Workplace work;
    const Scene transfer = transfer_scene(work, "2");
    const Scene inspect(work, {NST_COMMAND, "inspect", work.weights});
    const Scene verify(work, {NST_COMMAND, "verify", "--threads", "2"});
    int ran = 0;
    bool reached = false;
    for (int megabytes = 60; megabytes <= 700; megabytes += every_call() ? 5 : 40) {
        const std::string limit = "-v " + std::to_string(1000 * megabytes);
        reached = reached || reaches_main(limit);
        if (!reached) continue;
        for (const Scene* scene : {&transfer, &inspect, &verify}) {
            scene->reset();
            const CommandResult result = run_limited(limit, scene->words());
            INFO("ulimit " << limit << ", " << scene->words()[1]);
            if (did_not_reach_main(result)) continue;
            scene->check_result(result);
            ++ran;
        }
    }
    CHECK(ran > 20);
}

TEST_CASE("nst transfer: a limit of the file size gives an error, not a crash") {
    const Workplace work;
    const Scene scene = transfer_scene(work, "1", {"--size", "300x200"});
    const std::set<std::string> before = names_in(work.folder.path());
    for (const char* blocks : {"1", "8", "120"}) {  // of 512 bytes; the last allows the weights
        INFO("ulimit -f " << blocks);
        const CommandResult result = run_limited(std::string("-f ") + blocks, scene.words());
        CHECK(result.exit_code == 2);
        CHECK(result.err.find("File too large") != std::string::npos);
        scene.check_result(result);
        CHECK(names_in(work.folder.path()) == before);
    }
}

TEST_CASE("nst transfer: a full disk keeps the old file") {
    const Workplace work;
    const SmallDisk disk(work.folder / "disk");
    if (!disk.is_there()) {
        WARN("skipped: mounting a tmpfs is not permitted here");
        return;
    }
    std::vector<std::string> words =
        work.transfer({"--iterations", "0", "--quiet", "--size", "300x200"});
    const std::string output = (work.folder / "disk" / "out.png").string();
    std::ofstream(output) << "the old file";
    words[5] = output;
    const CommandResult result = run(words);
    CHECK(result.exit_code == 2);
    CHECK(result.err == "nst: save_image: cannot write " + output + ": No space left on device\n");
    CHECK(bytes_of(output) == "the old file");
    CHECK(names_in(work.folder / "disk") == std::set<std::string>{"out.png"});
}

TEST_CASE("nst transfer: SIGKILL at any moment leaves the old file or a new one") {
    const Workplace work;
    const Scene scene = transfer_scene(work, "1");
    const std::set<std::string> before = names_in(work.folder.path());
    std::mt19937 random(1);
    // From start to end; at this speed, writing the output takes most of the time.
    std::uniform_int_distribution<useconds_t> moment(0, 400000);
    int in_the_middle = 0;
    for (int time = 0; time < (every_call() ? 500 : 20); ++time) {
        scene.reset();
        Command command(scene.words(), {"LD_PRELOAD=" NST_FAULTS, "NST_FAULT=slow:32"});
        usleep(moment(random));
        command.send(SIGKILL);
        const CommandResult result = command.finish();
        scene.check_output(result.exit_code == 0);
        for (const std::string& name : names_in(work.folder.path())) {
            if (before.count(name) == 0) {
                CHECK(name.substr(0, 5) == ".nst-");
                ++in_the_middle;
            }
        }
    }
    CHECK(in_the_middle > 0);
    scene.reset();
    scene.check_result(run(scene.words()));  // leftover files do no harm
}

TEST_CASE("nst transfer: a second signal of either kind ends the command at once") {
    const Workplace work;
    // At one byte per millisecond, saving takes seconds.
    Command command(work.transfer({"--iterations", "1000000", "--print-every", "1"}),
                    {"LD_PRELOAD=" NST_FAULTS, "NST_FAULT=slow:1"});
    command.wait_for("Iteration 3 :");
    command.send(SIGINT);
    usleep(300000);
    command.send(SIGTERM);
    const CommandResult result = command.finish();
    CHECK(result.exit_code == 128 + SIGTERM);  // the first signal would have given 130
    CHECK_FALSE(std::filesystem::exists(work.output));
}
