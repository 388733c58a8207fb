#include "random.hpp"

namespace draw {
namespace {

double fade(double t) {
    return t * t * t * (t * (t * 6 - 15) + 10);
}

// One of twelve directions, the middles of a cube's edges, times the offset from that corner.
double corner(std::uint32_t h, Vec3 d) {
    const double u = (h & 8) != 0 ? d.y : d.x;
    const double v = (h & 12) == 12 || (h & 12) == 0 ? d.y : d.z;
    const double w = (h & 8) != 0 ? d.z : v;
    return ((h & 1) != 0 ? -u : u) + ((h & 2) != 0 ? -w : w);
}

}  // namespace

double noise(Vec3 p, std::uint32_t seed) {
    const double fx = std::floor(p.x);
    const double fy = std::floor(p.y);
    const double fz = std::floor(p.z);
    const auto ix = static_cast<std::int32_t>(fx);
    const auto iy = static_cast<std::int32_t>(fy);
    const auto iz = static_cast<std::int32_t>(fz);
    const Vec3 d{p.x - fx, p.y - fy, p.z - fz};
    double plane[2];
    for (int k = 0; k < 2; ++k) {
        double row[2];
        for (int j = 0; j < 2; ++j) {
            const double a = corner(hash(ix, iy + j, iz + k, seed) >> 8, {d.x, d.y - j, d.z - k});
            const double b =
                corner(hash(ix + 1, iy + j, iz + k, seed) >> 8, {d.x - 1, d.y - j, d.z - k});
            row[j] = mix(a, b, fade(d.x));
        }
        plane[k] = mix(row[0], row[1], fade(d.y));
    }
    return mix(plane[0], plane[1], fade(d.z));
}

double value_noise(Vec2 p, std::uint32_t seed) {
    const double fx = std::floor(p.x);
    const double fy = std::floor(p.y);
    const auto ix = static_cast<std::int32_t>(fx);
    const auto iy = static_cast<std::int32_t>(fy);
    const double u = fade(p.x - fx);
    const double top = mix(hash_fraction(ix, iy, 0, seed), hash_fraction(ix + 1, iy, 0, seed), u);
    const double bottom =
        mix(hash_fraction(ix, iy + 1, 0, seed), hash_fraction(ix + 1, iy + 1, 0, seed), u);
    return mix(top, bottom, fade(p.y - fy));
}

double fractal_noise(Vec3 p, int octaves, std::uint32_t seed) {
    double sum = 0;
    double height = 1;
    for (int octave = 0; octave < octaves; ++octave) {
        sum += height * noise(p, seed + static_cast<std::uint32_t>(octave));
        height *= 0.5;
        p = p * 2.03;  // not exactly 2, so that the lattices of two octaves do not coincide
    }
    return sum;
}

}  // namespace draw
