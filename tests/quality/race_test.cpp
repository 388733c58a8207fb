// A deliberate race: blocks that add to one number. ThreadSanitizer must report the race.
#include <chrono>
#include <iostream>
#include <thread>

#include "nst/threads.hpp"
#include "parallel/parallel.hpp"

int main() {
    nst::set_thread_count(2);
    std::size_t sum = 0;
    nst::parallel_blocks(100, [&](std::size_t block, std::size_t) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));  // so that both threads get some
        sum += block;
    });
    std::cout << sum << '\n';
}
