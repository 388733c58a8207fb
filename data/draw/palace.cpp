#include "palace.hpp"

namespace draw {
namespace {

// A vertical plane to build on. A point is given by its distance along the wall, its height, and
// how far it stands out.
struct Wall {
    Vec3 corner;
    Vec3 along;
    Vec3 out;

    Vec3 point(double s, double y, double d) const {
        return corner + along * s + Vec3{0, y, 0} + out * d;
    }
};

struct Builder {
    Scene& scene;
    Wall wall;

    void box(double s0, double s1, double y0, double y1, double d0, double d1,
             Material material = Material::stone) const {
        scene.add_box(wall.point(s0, y0, d0), wall.point(s1, y1, d1), material);
    }
    void gable(double s0, double s1, double y0, double y1, double d0, double d1) const {
        const double middle = (s0 + s1) / 2;
        scene.add_triangle(wall.point(s0, y0, d1), wall.point(s1, y0, d1),
                           wall.point(middle, y1, d1), Material::stone);
        scene.add_quad(wall.point(s0, y0, d0), wall.point(s0, y0, d1), wall.point(middle, y1, d1),
                       wall.point(middle, y1, d0), Material::stone);
        scene.add_quad(wall.point(s1, y0, d0), wall.point(s1, y0, d1), wall.point(middle, y1, d1),
                       wall.point(middle, y1, d0), Material::stone);
    }
};

// The heights of a storey's openings and of the band of wall above them.
struct Storey {
    double sill;
    double lintel;
    double next_sill;
};

constexpr Storey ground{0, 6.0, 8.5};
constexpr Storey noble{8.5, 13.4, 15.9};
constexpr Storey attic{15.9, 18.4, 20.4};
constexpr double eaves = 20.4;
constexpr double recess = 0.75;       // depth of the panes behind the wall
constexpr double half_opening = 1.1;  // half the width of a window

// All panes of a front are one sheet of glass behind the wall.
void add_panes(const Builder& to, double length) {
    const double end = 0.3;
    to.box(end, length - end, 0, eaves, -recess - 0.3, -recess, Material::window);
    to.box(0, end, 0, eaves, -recess - 0.3, -recess);
    to.box(length - end, length, 0, eaves, -recess - 0.3, -recess);
}

void add_openings(const Builder& to, double s) {
    const double left = s + bay_width / 2 - half_opening;
    const double right = left + 2 * half_opening;
    to.box(s, left, 0, eaves, -recess, 0);
    to.box(right, s + bay_width, 0, eaves, -recess, 0);
    for (const Storey& storey : {ground, noble, attic}) {
        to.box(left, right, storey.lintel, storey.next_sill, -recess, 0);
    }
    const Wall& wall = to.wall;
    to.scene.add_arch(wall.point(left, ground.lintel - 3, -0.02),
                      wall.point(right, ground.lintel, -0.02), Material::stone);
    to.scene.add_arch(wall.point(left, ground.lintel - 3, -recess + 0.05),
                      wall.point(right, ground.lintel, -recess + 0.05), Material::stone);
}

void add_frame(const Builder& to, double s, const Storey& storey, bool pointed) {
    const double left = s + bay_width / 2 - half_opening;
    const double right = left + 2 * half_opening;
    to.box(left - 0.3, left, storey.sill, storey.lintel + 0.3, 0, 0.14);
    to.box(right, right + 0.3, storey.sill, storey.lintel + 0.3, 0, 0.14);
    to.box(left, right, storey.lintel, storey.lintel + 0.3, 0, 0.14);
    to.box(left - 0.4, right + 0.4, storey.sill - 0.3, storey.sill, 0, 0.35);
    if (!pointed) return;
    to.box(left - 0.5, right + 0.5, storey.lintel + 0.45, storey.lintel + 0.7, 0, 0.5);
    to.gable(left - 0.5, right + 0.5, storey.lintel + 0.7, storey.lintel + 1.5, 0, 0.45);
}

void add_pilaster(const Builder& to, double s) {
    to.box(s - 0.5, s + 0.5, 0, 6.9, 0, 0.3);
    to.box(s - 0.42, s + 0.42, 7.9, 14.0, 0, 0.32);
    to.box(s - 0.55, s + 0.55, 13.5, 14.1, 0, 0.45);
    to.box(s - 0.55, s + 0.55, 7.9, 8.3, 0, 0.42);
    to.box(s - 0.36, s + 0.36, 15.0, 18.9, 0, 0.24);
    to.box(s - 0.45, s + 0.45, 18.5, 18.9, 0, 0.34);
}

void add_cornices(const Builder& to, double length) {
    to.box(0, length, 0, 0.9, 0, 0.35);
    to.box(0, length, 6.9, 7.5, 0, 0.40);
    to.box(0, length, 7.5, 7.9, 0, 0.65);
    to.box(0, length, 14.1, 14.6, 0, 0.40);
    to.box(0, length, 14.6, 15.0, 0, 0.70);
    to.box(0, length, 18.9, 19.5, 0, 0.35);
    to.box(0, length, 19.8, 20.1, 0, 0.95);
    to.box(0, length, 20.1, 20.5, 0, 1.20);
    for (double s = 0.3; s < length; s += 1.1) to.box(s, s + 0.5, 19.5, 19.8, 0, 0.8);
}

void add_balustrade(const Builder& to, double length) {
    to.box(0, length, eaves, eaves + 0.3, 0.1, 0.6);
    to.box(0, length, eaves + 1.15, eaves + 1.4, 0.1, 0.6);
    for (double s = 0; s < length; s += bay_width) {
        to.box(s - 0.4, s + 0.4, eaves, eaves + 1.55, 0.05, 0.65);
        for (double t = 0.75; t < bay_width - 0.5; t += 0.55) {
            to.box(s + t, s + t + 0.22, eaves + 0.3, eaves + 1.15, 0.22, 0.5);
        }
    }
}

void add_dormer(const Builder& to, double middle) {
    const double base = eaves + 0.6;
    to.box(middle - 1.0, middle + 1.0, base, base + 3.4, -4, -1.1);
    to.box(middle - 0.6, middle + 0.6, base + 0.7, base + 2.9, -1.1, -1.05, Material::window);
    to.box(middle - 1.2, middle + 1.2, base + 3.3, base + 3.6, -4, -0.9);
    to.gable(middle - 1.2, middle + 1.2, base + 3.6, base + 4.5, -4, -0.95);
}

void add_mansard(const Builder& to, double length, double top, double depth) {
    const Wall& wall = to.wall;
    const double setback = 3.6;
    to.scene.add_quad(wall.point(0, eaves, -0.4), wall.point(length, eaves, -0.4),
                      wall.point(length, top, -setback), wall.point(0, top, -setback),
                      Material::slate);
    to.scene.add_quad(wall.point(0, top, -setback), wall.point(length, top, -setback),
                      wall.point(length, top + 1.4, -depth / 2),
                      wall.point(0, top + 1.4, -depth / 2), Material::lead);
    to.box(0, length, top - 0.15, top + 0.25, -setback - 0.2, -setback + 0.25, Material::lead);
    for (double s = bay_width * 1.5; s < length; s += 3 * bay_width) {
        to.box(s - 0.9, s + 0.9, top - 4, top + 3.2, -depth / 2, -depth / 2 + 1.6);
        to.box(s - 1.1, s + 1.1, top + 2.7, top + 3.0, -depth / 2 - 0.2, -depth / 2 + 1.8);
    }
}

// A front of whole bays with windows, orders and cornices, and the roof behind.
void add_front(Scene& scene, const Wall& wall, int bays) {
    const Builder to{scene, wall};
    const double length = bays * bay_width;
    add_panes(to, length);
    for (int bay = 0; bay < bays; ++bay) {
        const double s = bay * bay_width;
        add_openings(to, s);
        add_frame(to, s, noble, bay % 2 == 0);
        add_frame(to, s, attic, false);
        add_pilaster(to, s);
        if (bay % 2 == 1) add_dormer(to, s + bay_width / 2);
    }
    add_pilaster(to, length);
    add_cornices(to, length);
    add_balustrade(to, length);
    add_mansard(to, length, eaves + 6.2, 16);
    to.box(0, length, 0, eaves, -16, -recess - 0.3);
}

// A steep roof with a flat top over a rectangular plan.
void add_hipped_roof(Scene& scene, Vec3 low, Vec3 high, double inset) {
    const auto at = [&](int i, bool top) {
        const double dx = top ? inset : 0;
        const double dz = top ? std::min(inset, 0.42 * (high.z - low.z)) : 0;
        const double y = top ? high.y : low.y;
        const bool right = i == 1 || i == 2;
        return Vec3{right ? high.x - dx : low.x + dx, y, i >= 2 ? high.z - dz : low.z + dz};
    };
    for (int i = 0; i < 4; ++i) {
        const int next = (i + 1) % 4;
        scene.add_quad(at(i, false), at(next, false), at(next, true), at(i, true), Material::slate);
    }
    scene.add_box(at(0, true) - Vec3{0.3, 0.2, 0.3}, at(2, true) + Vec3{0.3, 0.5, 0.3},
                  Material::lead);
}

// A pavilion in front of the main building, one storey higher, with a steep roof.
void add_pavilion(Scene& scene, const Wall& front, double from, int bays, double roof) {
    const double projection = 2.2;
    const double length = bays * bay_width;
    const Wall wall{front.point(from, 0, projection), front.along, front.out};
    const Builder to{scene, wall};
    add_panes(to, length);
    for (int bay = 0; bay < bays; ++bay) {
        add_openings(to, bay * bay_width);
        add_frame(to, bay * bay_width, noble, true);
        add_frame(to, bay * bay_width, attic, false);
        add_pilaster(to, bay * bay_width + 0.3);
        add_pilaster(to, (bay + 1) * bay_width - 0.3);
    }
    add_cornices(to, length);
    to.box(0, length, 0, eaves, -14, -recess - 0.3);
    const double top = eaves + 5.5;
    to.box(0, length, eaves, top, -13, -0.2);
    for (int bay = 0; bay < bays; ++bay) {
        const double middle = (bay + 0.5) * bay_width;
        to.box(middle - 0.9, middle + 0.9, eaves + 1.2, eaves + 4.2, -0.2, -0.15, Material::window);
        to.box(middle - 1.2, middle + 1.2, eaves + 4.2, eaves + 4.5, -0.2, 0.2);
        to.box(middle - 2.1, middle - 1.6, eaves, top, -0.2, 0.1);
        to.box(middle + 1.6, middle + 2.1, eaves, top, -0.2, 0.1);
    }
    to.box(0, length, top - 0.4, top, -13.2, 0.5);
    to.box(0, length, top, top + 0.4, -13.4, 0.8);
    if (bays >= 3)
        to.gable(bay_width * 0.25, length - bay_width * 0.25, top + 0.4, top + 3.4, -1, 0.6);
    const Vec3 a = wall.point(0.2, top + 0.4, 0);
    const Vec3 b = wall.point(length - 0.2, top + roof, -13);
    add_hipped_roof(scene, {std::min(a.x, b.x), a.y, std::min(a.z, b.z)},
                    {std::max(a.x, b.x), b.y, std::max(a.z, b.z)}, 3.4);
}

}  // namespace

void add_palace(Scene& scene) {
    const Wall main_front{{-62, 0, 118}, {1, 0, 0}, {0, 0, -1}};
    add_front(scene, main_front, 24);
    add_pavilion(scene, main_front, 5 * bay_width, 3, 11.5);
    add_pavilion(scene, main_front, 15 * bay_width, 3, 11.5);

    const Wall right_wing{{44, 0, 16}, {0, 0, 1}, {-1, 0, 0}};
    add_front(scene, right_wing, 23);
    add_pavilion(scene, right_wing, 15 * bay_width, 3, 10);

    const Wall left_wing{{-62, 0, 52}, {0, 0, 1}, {1, 0, 0}};
    add_front(scene, left_wing, 15);
    add_pavilion(scene, left_wing, 9 * bay_width, 2, 10);
}

}  // namespace draw
