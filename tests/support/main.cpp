// The main function of every test program. Disables Catch2's signal handler: its report allocates
// memory and hangs when the heap is corrupted.
#define CATCH_CONFIG_NO_POSIX_SIGNALS
#define CATCH_CONFIG_RUNNER
#include "support/catch.hpp"

int main(int count, char** words) {
    return Catch::Session().run(count, words);
}
