// The `nst` command under system failures: the output is the old file or a complete new one, and
// the message is one line.
#include "faults/scene.hpp"

using namespace nst_test;

TEST_CASE("nst transfer: a failed allocation gives one line and exit code 2") {
    const Workplace work;
    for (const char* threads : {"1", "2"}) {
        const Scene scene = transfer_scene(work, threads);
        scene.fail_calls("malloc");
        scene.fail_calls("malloc", true);
        scene.fail_calls("mmap");
    }
}

TEST_CASE("nst transfer: failure to start threads gives one line and exit code 2") {
    const Workplace work;
    transfer_scene(work, "3").fail_calls("thread");
    transfer_scene(work, "3").fail_calls("thread", true);
}

TEST_CASE("nst transfer: failed file operations leave the old output or a new one") {
    const Workplace work;
    const Scene scene = transfer_scene(work, "1");
    for (const char* kind : {"open", "read", "write", "short", "fsync", "rename"}) {
        scene.fail_calls(kind);
        scene.fail_calls(kind, true);
    }
}

TEST_CASE("nst transfer: JPEG output is equally safe") {
    const Workplace work;
    std::vector<std::string> words = work.transfer({"--iterations", "1", "--quiet"});
    words[5] = (work.folder / "out.jpg").string();
    const Scene scene(work, words, words[5]);
    scene.fail_calls("malloc");
    scene.fail_calls("write");
}

TEST_CASE("nst transfer: two scales, total variation and preserved colours are equally safe") {
    const Workplace work;
    const Scene scene(work,
                      work.transfer({"--iterations", "1", "--quiet", "--threads", "1", "--scales",
                                     "2", "--tv-weight", "1", "--keep-colour"}),
                      work.output);
    scene.fail_calls("malloc");
}

TEST_CASE("nst inspect: reports the failure or prints the whole table") {
    const Workplace work;
    const Scene scene(work, {NST_COMMAND, "inspect", work.weights});
    for (const char* kind : {"malloc", "mmap", "open", "read", "write"}) scene.fail_calls(kind);
    scene.fail_calls("malloc", true);
}

TEST_CASE("nst verify: reports the failure or prints all numbers") {
    const Workplace work;
    const Scene scene(work, {NST_COMMAND, "verify", "--threads", "1"});
    for (const char* kind : {"malloc", "mmap", "write"}) scene.fail_calls(kind);
    scene.fail_calls("malloc", true);
}
