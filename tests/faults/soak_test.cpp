// A long run: memory stops growing after the first tenth.
#include <unistd.h>

#include <cstdio>

#include "cli/fixture.hpp"
#include "nst/transfer.hpp"
#include "support/catch.hpp"

using namespace nst_test;

namespace {

constexpr int iterations = 2000;
constexpr int settled = 200;

// The kernel counts pages per thread and adds them up only now and then, at most 64 pages late per
// thread, here two; a leak of one 256-byte block per iteration would amount to as much.
constexpr double tolerance_bytes = 512 * 1024;

double resident_bytes() {
    std::ifstream file("/proc/self/statm");
    double all = 0;
    double resident = 0;
    file >> all >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

}  // namespace

TEST_CASE("transfer: 2000 iterations at 128x96 take no more memory than 200") {
    const nst::Network network = nst::load_vgg19(nst::bundled_vgg19_file());
    nst::TransferOptions options;
    options.iterations = iterations;
    double after_settling = 0;
    double highest = 0;
    nst::transfer(network, waves(96, 128, 1), waves(96, 128, 3), options,
                  [&](const nst::Progress& progress) {
                      const double now = resident_bytes();
                      if (progress.iteration == settled) after_settling = now;
                      if (progress.iteration >= settled) highest = std::max(highest, now);
                      if (progress.iteration % settled == 0) {
                          std::printf("iteration %4d: %.0f KiB\n", progress.iteration, now / 1024);
                      }
                      return true;
                  });
    std::printf("growth after iteration %d: %.0f KiB\n", settled,
                (highest - after_settling) / 1024);
    CHECK(highest - after_settling <= tolerance_bytes);
}
