// The main function of every test program.
// On a signal Catch2 would report, which takes memory: where the heap is damaged it then hangs.
#define CATCH_CONFIG_NO_POSIX_SIGNALS
#define CATCH_CONFIG_RUNNER
#include "support/catch.hpp"

int main(int count, char** words) {
    return Catch::Session().run(count, words);
}
