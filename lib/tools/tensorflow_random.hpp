// Reproduces TensorFlow's random normal numbers on the CPU, for the tensors that the course's cells
// draw.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

namespace nst::tools {

using PhiloxCounter = std::array<std::uint32_t, 4>;
using PhiloxKey = std::array<std::uint32_t, 2>;

/// Computes Philox4x32-10 (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2,
/// 3", 2011).
inline PhiloxCounter philox(PhiloxCounter counter, PhiloxKey key) {
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t first = std::uint64_t{0xD2511F53} * counter[0];
        const std::uint64_t second = std::uint64_t{0xCD9E8D57} * counter[2];
        counter = {static_cast<std::uint32_t>(second >> 32) ^ counter[1] ^ key[0],
                   static_cast<std::uint32_t>(second),
                   static_cast<std::uint32_t>(first >> 32) ^ counter[3] ^ key[1],
                   static_cast<std::uint32_t>(first)};
        key = {key[0] + 0x9E3779B9, key[1] + 0xBB67AE85};
    }
    return counter;
}

/// Returns a float in [0, 1) from 23 bits, as TensorFlow does: the mantissa of a float in [1, 2),
/// less 1.
inline double tensorflow_fraction(std::uint32_t word) {
    const std::uint32_t bits = 0x3F800000 | (word & 0x7FFFFF);
    float value = 0;
    std::memcpy(&value, &bits, sizeof value);
    return static_cast<double>(value) - 1;
}

/// Returns the result of `tf.set_random_seed(1)`, then `tf.random_normal(shape, mean=1, stddev=4)`,
/// for an operation with seed `op_seed` and a shape of `count` numbers, row-major: the Box-Muller
/// method on pairs of Philox words. TensorFlow 1 uses the operation's number in the graph as
/// op_seed, TensorFlow 2 draws it.
inline std::vector<double> tensorflow_random_normal(std::size_t count, std::uint32_t op_seed) {
    std::vector<double> values;
    for (std::uint32_t block = 0; values.size() < count; ++block) {
        const PhiloxCounter words = philox({block, 0, op_seed, 0}, {1, 0});
        for (const std::size_t first : {0u, 2u}) {  // first word of each of the two pairs
            const double u = std::max(tensorflow_fraction(words[first]), 1e-7);
            const double angle = 2 * std::acos(-1.0) * tensorflow_fraction(words[first + 1]);
            const double radius = std::sqrt(-2 * std::log(u));
            values.push_back(1 + 4 * radius * std::sin(angle));
            values.push_back(1 + 4 * radius * std::cos(angle));
        }
    }
    values.resize(count);
    return values;
}

}  // namespace nst::tools
