// Arguments and output shared by the benchmarks of one iteration.
#pragma once

#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>

namespace nst_benchmark {

/// The size of the image, the number of iterations and the number of threads.
struct Work {
    int width;
    int height;
    int iterations;
    int threads;
};

/// Reads WIDTH HEIGHT ITERATIONS THREADS; prints the usage and returns nothing when they are
/// missing.
inline std::optional<Work> read_work(int argc, char** argv) {
    if (argc != 5) {
        std::cerr << "usage: " << argv[0] << " WIDTH HEIGHT ITERATIONS THREADS\n";
        return std::nullopt;
    }
    return Work{std::atoi(argv[1]), std::atoi(argv[2]), std::atoi(argv[3]), std::atoi(argv[4])};
}

/// Prints the seconds of each iteration, then the largest resident set of the process.
template <class Iteration>
void time_each(const Work& work, const Iteration& iteration) {
    for (int i = 0; i < work.iterations; ++i) {
        const auto start = std::chrono::steady_clock::now();
        iteration();
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
        std::cout << "seconds " << passed.count() << std::endl;
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::cout << "peak_kilobytes " << usage.ru_maxrss << '\n';
}

}  // namespace nst_benchmark
