// Random numbers and noise that are the same on every machine. The standard leaves the
// distributions of <random> to the library, so only its engine is used and fractions are made here.
#pragma once

#include <cstdint>
#include <random>

#include "geometry.hpp"

namespace draw {

/// A sequence of numbers that the seed determines.
class Random {
  public:
    explicit Random(std::uint32_t seed) : bits_(seed) {}

    std::uint32_t bits() { return static_cast<std::uint32_t>(bits_()); }

    /// Uniform in [0, 1).
    double fraction() { return bits() * 0x1p-32; }

    /// Uniform in [low, high).
    double between(double low, double high) { return low + (high - low) * fraction(); }

    /// Nearly normal, mean 0, variance 1, magnitude below 3.5: a sum of four uniform numbers.
    double normal() {
        double sum = 0;
        for (int i = 0; i < 4; ++i) sum += fraction();
        return (sum - 2) * 1.7320508075688772;
    }

  private:
    std::mt19937 bits_;
};

/// Hashes integers to 32 bits.
inline std::uint32_t hash(std::int32_t x, std::int32_t y, std::int32_t z, std::uint32_t seed) {
    std::uint32_t h = seed * 0x9E3779B1U;
    for (const std::int32_t v : {x, y, z}) {
        h = (h ^ static_cast<std::uint32_t>(v)) * 0x85EBCA6BU;
        h ^= h >> 15;
    }
    h *= 0xC2B2AE35U;
    return h ^ (h >> 16);
}

/// A fixed number in [0, 1) for each integer point.
inline double hash_fraction(std::int32_t x, std::int32_t y, std::int32_t z, std::uint32_t seed) {
    return hash(x, y, z, seed) * 0x1p-32;
}

/// Gradient noise in 3D: smooth, mean 0, about -1 to 1, features of size one.
double noise(Vec3 p, std::uint32_t seed);

/// Value noise in 2D: smooth, 0 to 1, features of size one.
double value_noise(Vec2 p, std::uint32_t seed);

/// Gradient noise summed over octaves, each with twice the frequency and half the amplitude.
double fractal_noise(Vec3 p, int octaves, std::uint32_t seed);

inline double fractal_noise(Vec2 p, int octaves, std::uint32_t seed) {
    return fractal_noise(Vec3{p.x, p.y, 0.5}, octaves, seed);
}

}  // namespace draw
