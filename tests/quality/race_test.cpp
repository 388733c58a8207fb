// A deliberate race: blocks that add to one number. ThreadSanitizer has to report it.
#include <iostream>

#include "nst/threads.hpp"
#include "parallel.hpp"

int main() {
    nst::set_thread_count(2);
    std::size_t sum = 0;
    nst::parallel_blocks(1000, [&](std::size_t block, std::size_t) { sum += block; });
    std::cout << sum << '\n';
}
