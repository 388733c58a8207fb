// Runs work in fixed blocks on the library's threads: the result is bit-identical for any number of
// threads.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "nst/threads.hpp"
#include "parallel/thread_pool.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// Returns how many blocks of that size cover the items.
inline std::size_t block_count(std::size_t items, std::size_t block_size) {
    return (items + block_size - 1) / block_size;
}

/// Runs body(block, worker) once for every block in 0..blocks-1, on thread_count() threads. Any
/// thread may run a block, so a body writes only to what belongs to its block, or to its worker's
/// scratch memory (worker < thread_count()). The first exception of a body is rethrown.
/// @throws Error when a thread cannot be started
template <class Body>
void parallel_blocks(std::size_t blocks, const Body& body) {
    const std::size_t workers = std::min(blocks, static_cast<std::size_t>(thread_count()));
    if (workers <= 1) {
        for (std::size_t block = 0; block < blocks; ++block) body(block, std::size_t{0});
        return;
    }
    const auto call = [](const void* any, std::size_t block, std::size_t worker) {
        (*static_cast<const Body*>(any))(block, worker);
    };
    run_blocks({blocks, &body, call}, workers - 1);
}

/// How parallel_ranges and parallel_sum divide items: into at most max_ranges equal ranges of at
/// least min_range items, for any number of threads.
struct Ranges {
    static constexpr std::size_t max_ranges = 256;
    static constexpr std::size_t min_range = 16384;  // about 12 microseconds of work

    explicit Ranges(std::size_t item_count)
        : items(item_count), size(std::max(min_range, block_count(item_count, max_ranges))) {}

    std::size_t count() const { return block_count(items, size); }
    std::size_t first(std::size_t range) const { return range * size; }
    std::size_t last(std::size_t range) const { return std::min(items, (range + 1) * size); }

    std::size_t items;
    std::size_t size;
};

/// Runs body(first, last) over ranges that cover the items.
template <class Body>
void parallel_ranges(std::size_t items, const Body& body) {
    const Ranges ranges(items);
    parallel_blocks(ranges.count(), [&](std::size_t range, std::size_t) {
        body(ranges.first(range), ranges.last(range));
    });
}

/// Returns the sum of part(first, last), a double, over the ranges, in their order: the same sum
/// for any number of threads.
template <class Part>
double parallel_sum(std::size_t items, const Part& part) {
    const Ranges ranges(items);
    std::array<double, Ranges::max_ranges> sums{};
    parallel_blocks(ranges.count(), [&](std::size_t range, std::size_t) {
        sums[range] = part(ranges.first(range), ranges.last(range));
    });
    double total = 0;
    for (std::size_t range = 0; range < ranges.count(); ++range) total += sums[range];
    return total;
}

}  // namespace NST_PRECISION
}  // namespace nst
