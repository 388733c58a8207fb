// Measures the time and the peak memory of loading and of inspecting a VGG-19 file, each in its own
// process: measure_load_vgg19 FILE [REPEATS]. Fails when the peak exceeds what the convolutions of
// the published network need.
#include <algorithm>
#include <chrono>
#include <exception>
#include <fstream>
#include <functional>
#include <iomanip>
#include <iostream>
#include <vector>

#include "nst/vgg19.hpp"
#include "support/child.hpp"

namespace {

using nst_test::ChildResult;

constexpr double mib = 1 << 20;
constexpr std::uint64_t convolutions = 20024384 * sizeof(nst::Real);
// The program and its libraries take 10 MiB; a layer being loaded takes three times 9 MiB.
constexpr std::uint64_t at_most = convolutions + (40 << 20);

/// Reads the file once, so that every run finds it in the page cache.
void warm(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    std::vector<char> block(1 << 20);
    while (in.read(block.data(), static_cast<std::streamsize>(block.size()))) {
    }
}

/// Prints the median time and the largest peak of several runs. @return the peak
std::uint64_t measure(const char* what, int repeats, const std::function<int()>& run) {
    std::vector<double> seconds;
    std::uint64_t peak = 0;
    for (int i = 0; i < repeats; ++i) {
        const auto start = std::chrono::steady_clock::now();
        const ChildResult result = nst_test::run_in_child(run);
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - start;
        if (result.exit_code != 0) throw std::runtime_error("the run failed");
        seconds.push_back(passed.count());
        peak = std::max(peak, result.peak_bytes);
    }
    std::sort(seconds.begin(), seconds.end());
    std::cout << std::left << std::setw(14) << what << std::right << std::setw(7)
              << seconds[seconds.size() / 2] << " s (median of " << repeats << ", "
              << seconds.front() << " to " << seconds.back() << "), peak "
              << static_cast<double>(peak) / mib << " MiB\n";
    return peak;
}

bool measure_all(const std::string& path, int repeats) {
    std::cout << std::fixed << std::setprecision(1);
    warm(path);
    measure("nothing", repeats, [] { return 0; });
    const std::uint64_t peak = measure("load_vgg19", repeats, [&] {
        nst::load_vgg19(path);
        return 0;
    });
    measure("inspect_vgg19", repeats, [&] {
        nst::inspect_vgg19(path, 300, 400);
        return 0;
    });
    if (peak <= at_most) return true;
    std::cout << "too much: expected at most " << static_cast<double>(at_most) / mib << " MiB\n";
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2 || argc > 3) {
        std::cerr << "usage: measure_load_vgg19 FILE [REPEATS]\n";
        return 2;
    }
    try {
        return measure_all(argv[1], argc == 3 ? std::max(1, std::stoi(argv[2])) : 5) ? 0 : 1;
    } catch (const std::exception& error) {
        std::cerr << "measure_load_vgg19: " << error.what() << '\n';
        return 2;
    }
}
