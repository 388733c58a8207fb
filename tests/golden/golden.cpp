#include "golden/golden.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <sstream>
#include <utility>

#include "support/npy.hpp"

namespace nst_test {

namespace {

// The same as in make_golden.py.
constexpr std::size_t complete_up_to = 1000;
constexpr std::size_t sample_stride = 11;
constexpr std::array<int, 5> convolutions_in_block = {2, 2, 4, 4, 4};
constexpr std::array<nst::Real, 3> mean = {nst::Real(123.68), nst::Real(116.779),
                                           nst::Real(103.939)};

nst::Image read_image(const std::string& name) {
    return read_npy<std::uint8_t, 3, nst::Real>(golden_file(name));
}

nst::Layer read_convolution(const std::string& folder, const std::string& name) {
    const std::string file = folder + "/weights/" + name;
    return {nst::LayerKind::conv, name, read_npy<double, 4, nst::Real>(golden_file(file)),
            read_npy<double, 1, nst::Real>(golden_file(file + "_bias"))};
}

nst::Network read_network(const std::string& folder) {
    nst::Network network{{}, mean, {}};
    for (std::size_t block = 0; block < convolutions_in_block.size(); ++block) {
        const std::string number = std::to_string(block + 1);
        for (int c = 1; c <= convolutions_in_block[block]; ++c) {
            const std::string suffix = number + "_" + std::to_string(c);
            network.layers.push_back(read_convolution(folder, "conv" + suffix));
            network.layers.push_back({nst::LayerKind::relu, "relu" + suffix, {}, {}});
        }
        network.layers.push_back({nst::LayerKind::pool, "pool" + number, {}, {}});
    }
    return network;
}

// The mean over one axis for every index of the other two.
Numbers mean_over(const nst::Tensor3& values, std::size_t axis) {
    const std::size_t channels = values.shape(2);
    Numbers sums(values.shape(1 - axis) * channels);
    for (std::size_t i = 0; i < values.shape(0); ++i) {
        for (std::size_t j = 0; j < values.shape(1); ++j) {
            for (std::size_t c = 0; c < channels; ++c) {
                sums[(axis == 0 ? j : i) * channels + c] += static_cast<double>(values(i, j, c));
            }
        }
    }
    for (double& sum : sums) sum /= static_cast<double>(values.shape(axis));
    return sums;
}

// The largest measure(ours, golden) over all elements.
template <class Measure>
double worst(const Numbers& ours, const Numbers& golden, const Measure& measure) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    if (ours.size() != golden.size()) return infinite;
    double largest = 0;
    for (std::size_t k = 0; k < ours.size(); ++k) {
        const double value = measure(ours[k], golden[k]);
        largest = std::isnan(value) ? infinite : std::max(largest, value);
    }
    return largest;
}

double length(const Numbers& numbers) {
    double squares = 0;
    for (const double number : numbers) squares += number * number;
    return std::sqrt(squares);
}

}  // namespace

Golden::Golden(nst::Pooling pooling_in)
    : pooling(pooling_in),
      folder(pooling == nst::Pooling::average ? "average" : "max"),
      network(read_network(folder)),
      content(read_image("content")),
      style(read_image("style")),
      start(read_image("start")),
      input(nst::subtract_mean(start, network.mean)) {
    options.style_layers = {
        {"relu1_1", 0.25}, {"relu2_1", 0.3}, {"relu3_1", 0.2}, {"relu4_1", 0.15}, {"relu5_1", 0.1}};
    options.pooling = pooling;
}

Numbers Golden::numbers(const std::string& name) const {
    return read_numbers(folder + "/" + name);
}

Numbers Golden::costs_after(std::size_t steps) const {
    const auto all = read_npy<double, 2>(golden_file(folder + "/costs"));
    const double* row = all.data() + steps * all.shape(1);
    return Numbers(row, row + all.shape(1));
}

std::filesystem::path golden_file(const std::string& name) {
    return std::filesystem::path(NST_GOLDEN_DATA) / (name + ".npy");
}

Numbers read_numbers(const std::string& name) {
    std::ifstream stream(golden_file(name), std::ios::binary);
    if (!stream)
        throw std::runtime_error("read_numbers: cannot open " + golden_file(name).string());
    const auto stored = xt::load_npy<double, xt::layout_type::row_major>(stream);
    return Numbers(stored.data(), stored.data() + stored.size());
}

Numbers numbers_of(const nst::Tensor3& values) {
    return Numbers(values.data(), values.data() + values.size());
}

Numbers digest(const nst::Tensor3& values) {
    const Numbers all = numbers_of(values);
    if (all.size() <= complete_up_to) return all;
    Numbers kept;
    for (std::size_t k = 0; k < all.size(); k += sample_stride) kept.push_back(all[k]);
    for (const std::size_t axis : {std::size_t(1), std::size_t(0)}) {
        const Numbers means = mean_over(values, axis);
        kept.insert(kept.end(), means.begin(), means.end());
    }
    return kept;
}

Numbers costs_of(const nst::Evaluation& evaluation) {
    Numbers costs = {evaluation.total, evaluation.content, evaluation.style};
    costs.insert(costs.end(), evaluation.style_losses.begin(), evaluation.style_losses.end());
    return costs;
}

double largest_error(const Numbers& ours, const Numbers& golden) {
    double largest = 0;
    for (const double value : golden) largest = std::max(largest, std::abs(value));
    return worst(ours, golden, [=](double a, double b) { return std::abs(a - b) / largest; });
}

double relative_error(const Numbers& ours, const Numbers& golden) {
    return worst(ours, golden, [](double a, double b) { return std::abs(a / b - 1); });
}

double distance(const Numbers& ours, const Numbers& golden) {
    if (ours.size() != golden.size()) return std::numeric_limits<double>::infinity();
    Numbers difference(ours.size());
    for (std::size_t k = 0; k < ours.size(); ++k) difference[k] = ours[k] - golden[k];
    return length(difference) / length(golden);
}

std::string beyond(double error, double allowed) {
    if (error < allowed) return {};
    std::ostringstream words;
    words << "error " << error << ", allowed " << allowed;
    return words.str();
}

}  // namespace nst_test
