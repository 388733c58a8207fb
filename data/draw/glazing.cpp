#include "glazing.hpp"

#include <array>

#include "random.hpp"

namespace draw {
namespace {

constexpr int panes = 16;  // along the foot of a side

// One side: its corners on the ground, seen from outside, and its outward normal.
struct Side {
    Vec3 left;
    Vec3 right;
    Vec3 normal;
};

const Vec3 apex = pyramid_middle + Vec3{0, pyramid_height, 0};

Side measured_side(int i) {
    const double sign_x[4] = {-1, 1, 1, -1};
    const double sign_z[4] = {-1, -1, 1, 1};
    const int j = (i + 1) % 4;
    const Vec3 left = pyramid_middle + Vec3{sign_x[i], 0, sign_z[i]} * pyramid_half;
    const Vec3 right = pyramid_middle + Vec3{sign_x[j], 0, sign_z[j]} * pyramid_half;
    return {left, right, normalized(cross(apex - left, right - left))};
}

const Side& side_of_pyramid(int i) {
    static const std::array<Side, 4> sides = {measured_side(0), measured_side(1), measured_side(2),
                                              measured_side(3)};
    return sides[static_cast<std::size_t>(i)];
}

}  // namespace

Vec3 pyramid_normal(int side) {
    return side_of_pyramid(side).normal;
}

Passage through_pyramid(const Ray& ray) {
    double enter = 0;
    double leave = no_hit;
    int enter_side = -1;
    int leave_side = -1;
    for (int i = 0; i < 4; ++i) {
        const Side& side = side_of_pyramid(i);
        const double speed = dot(ray.direction, side.normal);
        const double distance = dot(side.left - ray.origin, side.normal);
        const double t = distance / (std::abs(speed) > 1e-12 ? speed : 1e-12);
        if (speed < 0 && t > enter) {
            enter = t;
            enter_side = i;
        }
        if (speed >= 0 && t < leave) {
            leave = t;
            leave_side = i;
        }
    }
    if (enter >= leave) return {};
    if (enter_side < 0) enter = no_hit;  // the ray starts inside
    return {enter, leave, enter_side, leave_side};
}

Glazing glazing_at(int side, Vec3 p) {
    const Side& s = side_of_pyramid(side);
    const Vec3 normal = cross(s.right - s.left, apex - s.left);
    const double area = dot(normal, normal);
    const double b = dot(cross(p - s.left, apex - s.left), normal) / area;  // 1 at the right corner
    const double c = dot(cross(s.right - s.left, p - s.left), normal) / area;  // 1 at the apex
    const double a = 1 - b - c;
    const double base = 2 * pyramid_half;
    const double spacing = base / panes * 0.80;  // between two parallel bars
    const auto near_line = [&](double t, double half_width) {
        return std::abs(t - std::round(t)) * spacing < half_width;
    };
    const double edge = std::min(a, b) * base;
    const bool bar = edge < 0.16 || c * pyramid_height < 0.25 || near_line(a * panes, 0.062) ||
                     near_line(b * panes, 0.062);
    const auto ia = static_cast<std::int32_t>(std::floor(a * panes));
    const auto ib = static_cast<std::int32_t>(std::floor(b * panes));
    return {bar, hash_fraction(ia, ib, side, 77)};
}

}  // namespace draw
