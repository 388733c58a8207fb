#include "surface.hpp"

#include "picture.hpp"
#include "random.hpp"

namespace draw {
namespace {

// Blocks laid in courses: a number for each block, and the distance to its joint.
struct Block {
    double number;
    double joint;  // metres
};

Block block_at(Vec2 p, double wide, double high, std::uint32_t seed) {
    const double row = std::floor(p.y / high);
    const double shifted = p.x / wide + 0.5 * (row - 2 * std::floor(row / 2));
    const double column = std::floor(shifted);
    const double dx = std::min(shifted - column, column + 1 - shifted) * wide;
    const double dy = std::min(p.y / high - row, row + 1 - p.y / high) * high;
    return {
        hash_fraction(static_cast<std::int32_t>(column), static_cast<std::int32_t>(row), 0, seed),
        std::min(dx, dy)};
}

Vec3 stone_colour(const Hit& hit) {
    const Vec2 p = on_surface(hit);
    const Block block = block_at(p, 1.3, 0.62, 5);
    const double stain = fractal_noise(Vec2{p.x * 0.9, p.y * 0.16}, 3, 61);
    const double weather = fractal_noise(p * 0.35, 3, 62);
    Vec3 colour = mix(Vec3{0.63, 0.55, 0.42}, Vec3{0.71, 0.63, 0.50}, block.number);
    colour = colour * (1 + 0.16 * weather + 0.10 * stain);
    return colour * (block.joint < 0.03 ? 0.72 : 1.0);
}

Vec3 paving_colour(Vec3 p) {
    const Block block = block_at({p.x, p.z}, 1.6, 1.6, 8);
    const double worn = fractal_noise(Vec2{p.x, p.z} * 0.12, 4, 63);
    const double grit = noise(p * 9.0, 64);
    Vec3 colour = mix(Vec3{0.33, 0.31, 0.29}, Vec3{0.47, 0.44, 0.40}, block.number);
    colour = colour * (1 + 0.28 * worn + 0.08 * grit);
    const bool band = std::abs(p.x - std::round(p.x / 12.8) * 12.8) < 0.4 ||
                      std::abs(p.z - std::round(p.z / 12.8) * 12.8) < 0.4;
    if (band) colour = colour * 1.45;
    return colour * (block.joint < 0.035 ? 0.6 : 1.0);
}

}  // namespace

Vec2 on_surface(const Hit& hit) {
    if (std::abs(hit.normal.y) > 0.7) return {hit.point.x, hit.point.z};
    const bool faces_x = std::abs(hit.normal.x) > std::abs(hit.normal.z);
    return {faces_x ? hit.point.z : hit.point.x, hit.point.y};
}

Vec3 surface_colour(const Hit& hit) {
    switch (hit.material) {
        case Material::stone:
            return stone_colour(hit);
        case Material::slate: {
            const Block block = block_at(on_surface(hit), 0.5, 0.3, 6);
            return mix(Vec3{0.10, 0.12, 0.16}, Vec3{0.17, 0.19, 0.24}, block.number);
        }
        case Material::lead:
            return {0.30, 0.32, 0.34};
        case Material::paving:
            return paving_colour(hit.point);
        case Material::cloth: {
            const double h = (hit.mark % 97) / 97.0;
            return from_hsv(360 * h, 0.35, 0.05 + 0.22 * h * h);
        }
        default:
            return {0.03, 0.035, 0.04};
    }
}

}  // namespace draw
