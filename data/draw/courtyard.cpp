#include "courtyard.hpp"

#include "glazing.hpp"
#include "random.hpp"

namespace draw {
namespace {

// The basin, with a rim of stone around it.
constexpr double basin_left = -34, basin_right = 7.5, basin_near = 6.0, basin_far = 31;
constexpr double rim_width = 0.9, rim_height = 0.32, water_level = 0.12;

bool in_basin(Vec3 p) {
    return p.x > basin_left && p.x < basin_right && p.z > basin_near && p.z < basin_far;
}

void add_person(Scene& scene, Vec2 at, double size, std::uint32_t mark) {
    const Vec3 foot{at.x, 0, at.y};
    const auto part = [&](double x0, double x1, double y0, double y1, double deep,
                          std::uint32_t m) {
        scene.add_box(foot + Vec3{x0, y0, -deep} * size, foot + Vec3{x1, y1, deep} * size,
                      Material::cloth, m);
    };
    part(-0.19, -0.03, 0.0, 0.85, 0.11, mark * 31 + 5);
    part(0.03, 0.19, 0.0, 0.85, 0.16, mark * 31 + 5);
    part(-0.25, 0.25, 0.8, 1.45, 0.14, mark * 17 + 40);
    part(-0.11, 0.11, 1.5, 1.78, 0.12, 60);
}

}  // namespace

Hit ground_hit(const Ray& ray) {
    Hit hit;
    if (ray.direction.y > -1e-6) return hit;
    for (const double level : {water_level, 0.0}) {
        const double distance = (level - ray.origin.y) / ray.direction.y;
        const Vec3 p = ray.origin + ray.direction * distance;
        if (distance < 1e-4 || (level > 0) != in_basin(p)) continue;
        hit.distance = distance;
        hit.point = p;
        hit.normal = {0, 1, 0};
        hit.material = level > 0 ? Material::water : Material::paving;
        return hit;
    }
    return hit;
}

void add_basin(Scene& scene) {
    const double left = basin_left;
    const double right = basin_right;
    const double near = basin_near;
    const double far = basin_far;
    const double w = rim_width;
    const double h = rim_height;
    scene.add_box({left - w, 0, far}, {right + w, h, far + w}, Material::stone);
    scene.add_box({left - w, 0, near - w}, {right + w, h, near}, Material::stone);
    scene.add_box({right, 0, near}, {right + w, h, far}, Material::stone);
    scene.add_box({left - w, 0, near}, {left, h, far}, Material::stone);
}

void add_people(Scene& scene) {
    Random random(64);
    for (std::uint32_t i = 0; i < 26; ++i) {
        const Vec2 at{random.between(-38, 40), random.between(36, 108)};
        const bool in_glass = std::abs(at.x - pyramid_middle.x) < pyramid_half + 1 &&
                              std::abs(at.y - pyramid_middle.z) < pyramid_half + 1;
        if (!in_glass) add_person(scene, at, random.between(0.92, 1.05), i);
    }
}

}  // namespace draw
