#include "random.hpp"

namespace draw {
namespace {

double fade(double t) {
    return t * t * t * (t * (t * 6 - 15) + 10);
}

// The directions to the midpoints of a cube's edges; four of them occur twice, to make sixteen.
constexpr Vec3 directions[16] = {
    {1, 1, 0}, {-1, 1, 0}, {1, -1, 0}, {-1, -1, 0}, {1, 0, 1}, {-1, 0, 1}, {1, 0, -1}, {-1, 0, -1},
    {0, 1, 1}, {0, -1, 1}, {0, 1, -1}, {0, -1, -1}, {0, 1, 1}, {0, -1, 1}, {0, 1, -1}, {0, -1, -1},
};

}  // namespace

double noise(Vec3 p, std::uint32_t seed) {
    const Vec3 cell{std::floor(p.x), std::floor(p.y), std::floor(p.z)};
    const auto ix = static_cast<std::int32_t>(cell.x);
    const auto iy = static_cast<std::int32_t>(cell.y);
    const auto iz = static_cast<std::int32_t>(cell.z);
    const Vec3 d = p - cell;
    // At each corner of the cell: the dot product of the corner's gradient and the offset to the
    // point.
    double slope[8];
    for (int i = 0; i < 8; ++i) {
        const int x = i & 1;
        const int y = (i >> 1) & 1;
        const int z = i >> 2;
        const std::uint32_t h = hash(ix + x, iy + y, iz + z, seed);
        slope[i] = dot(directions[(h >> 8) & 15], d - Vec3{double(x), double(y), double(z)});
    }
    const Vec3 t{fade(d.x), fade(d.y), fade(d.z)};
    const double near = mix(mix(slope[0], slope[1], t.x), mix(slope[2], slope[3], t.x), t.y);
    const double far = mix(mix(slope[4], slope[5], t.x), mix(slope[6], slope[7], t.x), t.y);
    return mix(near, far, t.z);
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
