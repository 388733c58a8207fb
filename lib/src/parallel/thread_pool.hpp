// The library's own threads. The rest of the library calls parallel_blocks (parallel.hpp).
#pragma once

#include <cstddef>

namespace nst {
inline namespace NST_PRECISION {

/// The blocks 0..count-1 of a loop, and the function to run for each: body(block, worker) of any
/// type.
struct Blocks {
    std::size_t count;
    const void* body;
    void (*call)(const void* body, std::size_t block, std::size_t worker);
};

/// Runs every block once, on the calling thread, which is worker 0, and on up to `helpers` threads
/// of the pool, workers 1 to `helpers`. Never waits for a helper that has not started: if the other
/// processors are busy, the calling thread runs all blocks. The first exception of a block is
/// rethrown after all started blocks have finished.
/// @throws Error when a thread cannot be started; no block has run then
void run_blocks(const Blocks& blocks, std::size_t helpers);

}  // namespace NST_PRECISION
}  // namespace nst
