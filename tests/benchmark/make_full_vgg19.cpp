// Writes a file as large as the published VGG-19, with the same shapes and random weights:
// make_full_vgg19 FOLDER. Prints the path and size of the file.
#include <cmath>
#include <exception>
#include <filesystem>
#include <iostream>
#include <memory>
#include <random>

#include "support/vgg19_mat.hpp"

namespace {

constexpr double published_bytes = 534904783;

/// Normal random numbers. Their signs and exponents repeat and their fractions do not, as in
/// learned weights, so they deflate to about the same size.
std::function<double(std::size_t)> normal_numbers(std::size_t layer, bool is_bias) {
    const auto seed = static_cast<std::uint32_t>(2 * layer + (is_bias ? 1 : 0));
    const auto random = std::make_shared<std::mt19937>(seed);
    const auto normal = std::make_shared<std::normal_distribution<float>>(0.f, 0.02f);
    return [random, normal](std::size_t) { return (*normal)(*random); };
}

void make(const std::filesystem::path& folder) {
    nst_test::Vgg19Mat options;
    options.channels = {64, 128, 256, 512, 512};
    options.fully_connected = true;
    options.fully_connected_outputs = {4096, 4096, 1000};
    const std::filesystem::path file = folder / "full-vgg19.mat";
    const std::uint64_t bytes =
        nst_test::mat5::stream_file(file, nst_test::vgg19_variables(options, normal_numbers), true);
    std::cout << file.string() << '\n'
              << bytes << " bytes, "
              << std::round(1000 * static_cast<double>(bytes) / published_bytes) / 10
              << " % of the published file\n";
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: make_full_vgg19 FOLDER\n";
        return 2;
    }
    try {
        make(argv[1]);
    } catch (const std::exception& error) {
        std::cerr << "make_full_vgg19: " << error.what() << '\n';
        return 2;
    }
    return 0;
}
