// The main function of every test program.
#define CATCH_CONFIG_RUNNER
#include "support/catch.hpp"

int main(int count, char** words) {
    return Catch::Session().run(count, words);
}
