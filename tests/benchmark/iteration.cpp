// iteration WIDTH HEIGHT ITERATIONS THREADS: runs the tutorial's iteration (forward, losses,
// backward, Adam) on VGG-19 at its real widths and prints the seconds of each, then the peak
// memory. compare_peers.py runs it.
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <iostream>

#include "benchmark/random_network.hpp"
#include "nst/nst.hpp"

int main(int argc, char** argv) {
    if (argc != 5) {
        std::cerr << "usage: iteration WIDTH HEIGHT ITERATIONS THREADS\n";
        return 2;
    }
    const auto width = static_cast<std::size_t>(std::atoi(argv[1]));
    const auto height = static_cast<std::size_t>(std::atoi(argv[2]));
    const int iterations = std::atoi(argv[3]);
    nst::set_thread_count(std::atoi(argv[4]));

    const nst::Network network = nst_benchmark::random_network();
    const nst::Image content = nst_benchmark::random_image(height, width, 1);
    const nst::Image style = nst_benchmark::random_image(height, width, 2);
    nst::Tensor3 input = nst::subtract_mean(content, network.mean);
    nst::Objective objective(network, content, style);
    nst::Adam adam;
    for (int i = 0; i < iterations; ++i) {
        const auto start = std::chrono::steady_clock::now();
        adam.step(input, objective(input).gradient);
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
        std::cout << "seconds " << passed.count() << std::endl;
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::cout << "peak_kilobytes " << usage.ru_maxrss << '\n';
}
