// A harbour town at the end of a clear day: gabled houses along a quay, two towers, boats, and all
// of it again in the water. Rays are traced from the camera to the first surface that they meet.

#include <array>
#include <utility>
#include <vector>

#include "random.hpp"
#include "sample_pictures.hpp"
#include "scene.hpp"

namespace draw {
namespace {

constexpr Vec3 camera{1.5, 4.2, -4};
constexpr double pixel_angle = 0.00142;
constexpr double horizon_row = 292;
const Vec3 sun = normalized({-0.80, 0.42, -0.50});
constexpr Vec3 sun_colour{3.9, 2.75, 1.55};
constexpr double quay_height = 1.3;

// ---- The town ----------------------------------------------------------------------------------

// What the marks of solids stand for: a house's number, or one of these colours.
enum Paint : std::uint32_t {
    white_paint = 1000,
    dark_wood,
    red_sail,
    blue_hull,
    green_hull,
    red_hull,
    pale_deck,
    copper,
    gilt,
    black_iron
};

// What other stone belongs to.
constexpr std::uint32_t church = 900;
constexpr std::uint32_t town_hall = 901;
constexpr std::uint32_t lantern = 902;

struct House {
    double begin = 0;  // along the wall
    double width = 6;
    double height = 12;  // of the eaves, above the quay
    Vec3 colour;
    int columns = 3;
    bool brick = false;
    bool faces_x = false;  // on the left quay
};

struct Town {
    Scene scene;
    std::vector<House> houses;
};

// The front of a house, at a distance along the wall, at a height, and standing out.
struct Front {
    bool faces_x;
    double plane;

    Vec3 point(double s, double y, double out) const {
        return faces_x ? Vec3{plane + out, y, s} : Vec3{s, y, plane - out};
    }
};

void box(Scene& scene, Vec3 a, Vec3 b, Material material, std::uint32_t mark) {
    scene.add_box({std::min(a.x, b.x), std::min(a.y, b.y), std::min(a.z, b.z)},
                  {std::max(a.x, b.x), std::max(a.y, b.y), std::max(a.z, b.z)}, material, mark);
}

void add_gable(Town& town, const Front& front, const House& house, std::uint32_t number, int kind) {
    Scene& scene = town.scene;
    const double eaves = quay_height + house.height;
    const double middle = house.begin + house.width / 2;
    const double rise = house.width * (kind == 0 ? 0.62 : 0.72);
    const double deep = -11;
    const auto p = [&](double s, double y, double out) { return front.point(s, y, out); };
    // The roof behind: two slopes with the ridge at right angles to the front.
    for (const double side : {house.begin, house.begin + house.width}) {
        scene.add_quad(p(side, eaves, 0), p(middle, eaves + rise, 0), p(middle, eaves + rise, deep),
                       p(side, eaves, deep), Material::slate, number);
    }
    if (kind == 0) {
        scene.add_triangle(p(house.begin, eaves, 0), p(house.begin + house.width, eaves, 0),
                           p(middle, eaves + rise, 0), Material::stone, number);
        return;
    }
    // Steps, each with a coping.
    const int steps = kind == 1 ? 5 : 3;
    for (int k = 0; k < steps; ++k) {
        const double half = house.width / 2 * (1 - (k + 0.0) / steps) + 0.12;
        const double low = eaves + rise * k / steps;
        const double high = eaves + rise * (k + 1) / steps + 0.15;
        box(scene, p(middle - half, low, -0.5), p(middle + half, high, 0.02), Material::stone,
            number);
        box(scene, p(middle - half - 0.12, high, -0.55), p(middle + half + 0.12, high + 0.14, 0.12),
            Material::cloth, white_paint);
    }
    box(scene, p(middle - 0.35, eaves + rise, -0.5), p(middle + 0.35, eaves + rise + 0.9, 0.02),
        Material::stone, number);
}

void add_house(Town& town, const Front& front, House house, int kind) {
    const auto number = static_cast<std::uint32_t>(town.houses.size());
    house.faces_x = front.faces_x;
    town.houses.push_back(house);
    Scene& scene = town.scene;
    const double end = house.begin + house.width;
    const double eaves = quay_height + house.height;
    const auto p = [&](double s, double y, double out) { return front.point(s, y, out); };
    box(scene, p(house.begin, quay_height, 0), p(end, eaves, -11), Material::stone, number);
    // Cornice, plinth, sills and a door with steps: they cast the small shadows.
    box(scene, p(house.begin, eaves - 0.25, 0), p(end, eaves + 0.1, 0.28), Material::cloth,
        white_paint);
    box(scene, p(house.begin, quay_height + 3.6, 0), p(end, quay_height + 3.8, 0.14),
        Material::cloth, white_paint);
    const double pitch = house.width / house.columns;
    for (double y = quay_height + 4.6; y < eaves - 1.8; y += 3.0) {
        for (int k = 0; k < house.columns; ++k) {
            const double s = house.begin + (k + 0.5) * pitch;
            box(scene, p(s - 0.68, y - 0.14, 0), p(s + 0.68, y, 0.2), Material::cloth, white_paint);
            box(scene, p(s - 0.66, y + 1.72, 0), p(s + 0.66, y + 1.88, 0.12), Material::cloth,
                white_paint);
        }
    }
    add_gable(town, front, house, number, kind);
    const double chimney = house.begin + house.width * (0.2 + 0.1 * (number % 3));
    box(scene, p(chimney, eaves, -4), p(chimney + 0.8, eaves + house.width * 0.55, -4.9),
        Material::cloth, red_hull);
}

void add_rows(Town& town, Random& random) {
    const std::array<Vec3, 8> colours = {{{0.60, 0.22, 0.15},
                                          {0.78, 0.56, 0.26},
                                          {0.74, 0.68, 0.56},
                                          {0.70, 0.38, 0.27},
                                          {0.36, 0.46, 0.52},
                                          {0.50, 0.54, 0.38},
                                          {0.82, 0.64, 0.50},
                                          {0.48, 0.17, 0.13}}};
    std::size_t last = 0;
    const auto row = [&](const Front& front, double from, double to, double low, double high) {
        for (double s = from; s < to;) {
            House house;
            house.begin = s;
            house.width = random.between(5.2, 8.0);
            house.height = random.between(low, high);
            last = (last + 1 + static_cast<std::size_t>(random.fraction() * 6.99)) % colours.size();
            house.colour = colours[last] * random.between(0.85, 1.1);
            house.columns = house.width > 6.8 ? 3 : 2;
            house.brick = last == 0 || last == 3 || last == 7;
            const int kind = static_cast<int>(random.fraction() * 2.99);
            add_house(town, front, house, kind);
            s += house.width;
        }
    };
    row({false, 66}, -34, 52, 8.5, 14.5);
    row({true, -19}, 18, 62, 9, 14);
    // A second row looks over the first one.
    row({false, 84}, -50, 70, 13, 17.5);
}

// A prism or a cone with eight sides, from one height and radius to another.
void add_ring(Scene& scene, Vec3 foot, double y0, double r0, double y1, double r1,
              Material material, std::uint32_t mark) {
    for (int k = 0; k < 8; ++k) {
        const double a = (k + 0.5) * pi / 4;
        const double b = (k + 1.5) * pi / 4;
        const auto at = [&](double angle, double r, double y) {
            return foot + Vec3{r * std::cos(angle), y, r * std::sin(angle)};
        };
        scene.add_quad(at(a, r0, y0), at(b, r0, y0), at(b, r1, y1), at(a, r1, y1), material, mark);
    }
}

void add_church(Town& town) {
    Scene& scene = town.scene;
    const Vec3 foot{-6, 3.5, 96};
    scene.add_box(foot + Vec3{-4, 0, -4}, foot + Vec3{4, 25, 4}, Material::stone, church);
    for (const double y : {9.0, 17.0, 24.6})
        scene.add_box(foot + Vec3{-4.4, y, -4.4}, foot + Vec3{4.4, y + 0.6, 4.4}, Material::cloth,
                      white_paint);
    for (const double x : {-4.0, 3.2})
        scene.add_box(foot + Vec3{x, 0, -4.5}, foot + Vec3{x + 0.8, 24, -4}, Material::stone,
                      church);
    for (const double x : {-4.2, 4.2}) {
        for (const double z : {-4.2, 4.2})
            add_ring(scene, foot + Vec3{x, 0, z}, 25, 0.55, 29, 0.02, Material::cloth, copper);
    }
    add_ring(scene, foot, 25.2, 4.3, 28, 3.0, Material::cloth, copper);
    add_ring(scene, foot, 28, 3.0, 44, 0.06, Material::cloth, copper);
    add_ring(scene, foot, 44, 0.1, 46.5, 0.05, Material::cloth, gilt);
    // The nave.
    scene.add_box(foot + Vec3{4, 0, -3}, foot + Vec3{28, 15, 9}, Material::stone, church);
    scene.add_quad(foot + Vec3{4, 15, -3.4}, foot + Vec3{28.4, 15, -3.4}, foot + Vec3{28.4, 22, 3},
                   foot + Vec3{4, 22, 3}, Material::slate, church);
}

void add_town_hall(Town& town) {
    Scene& scene = town.scene;
    const Vec3 foot{25, 4, 92};
    scene.add_box(foot + Vec3{-3, 0, -3}, foot + Vec3{3, 21, 3}, Material::stone, town_hall);
    for (const double y : {14.0, 20.8})
        scene.add_box(foot + Vec3{-3.4, y, -3.4}, foot + Vec3{3.4, y + 0.5, 3.4}, Material::cloth,
                      white_paint);
    add_ring(scene, foot, 21.3, 2.9, 25, 2.9, Material::stone, lantern);
    add_ring(scene, foot, 25, 3.3, 25.5, 3.3, Material::cloth, white_paint);
    // An onion, a lantern and a smaller onion.
    double y = 25.5;
    double r = 2.7;
    for (const auto& [dy, next] :
         {std::pair{0.6, 3.2}, {0.8, 3.35}, {0.9, 2.9}, {0.8, 2.0}, {0.7, 1.2}, {0.6, 0.95}}) {
        add_ring(scene, foot, y, r, y + dy, next, Material::cloth, copper);
        y += dy;
        r = next;
    }
    add_ring(scene, foot, y, 0.8, y + 2.0, 0.8, Material::stone, lantern);
    y += 2.0;
    r = 0.9;
    for (const auto& [dy, next] : {std::pair{0.4, 1.25}, {0.5, 1.1}, {0.5, 0.5}, {2.6, 0.05}}) {
        add_ring(scene, foot, y, r, y + dy, next, Material::cloth, copper);
        y += dy;
        r = next;
    }
    add_ring(scene, foot, y - 0.3, 0.3, y + 0.3, 0.3, Material::cloth, gilt);
}

// ---- Boats -------------------------------------------------------------------------------------

struct Boat {
    Vec3 middle;
    double turn = 0;  // of the bow, from the direction of z
    double length = 9;
    double width = 3;
    std::uint32_t hull = blue_hull;
    double mast = 9;  // 0: a rowing boat
    bool sail = false;
};

// The height of the rim at a station t, from -1 at the stern to 1 at the bow.
double sheer(double t) {
    return 0.95 + 0.75 * t * t * (t > 0 ? 1.2 : 0.5);
}

// The shape of a hull.
struct Hull {
    explicit Hull(const Boat& of) : boat(of), c(std::cos(of.turn)), s(std::sin(of.turn)) {}

    Vec3 at(double side, double y, double along) const {
        return boat.middle + Vec3{c * side + s * along, y, -s * side + c * along};
    }
    double half_width(double t) const {
        const double slender = std::pow(std::abs(t), t > 0 ? 2.2 : 5.0);
        return 0.5 * boat.width * std::pow(std::max(0.0, 1 - slender), 0.75) + 0.02;
    }

    const Boat& boat;
    double c;
    double s;
};

void add_planks(Scene& scene, const Hull& hull) {
    constexpr int stations = 14;
    for (int k = 0; k < stations; ++k) {
        const double t = -1 + 2.0 * k / stations;
        const double u = -1 + 2.0 * (k + 1) / stations;
        const double a = 0.5 * hull.boat.length * t;
        const double b = 0.5 * hull.boat.length * u;
        for (const double side : {-1.0, 1.0}) {
            const double here = side * hull.half_width(t);
            const double next = side * hull.half_width(u);
            const auto rim = [&](double half, double w, double along, double drop) {
                return hull.at(half, sheer(w) - drop, along);
            };
            scene.add_quad(rim(here, t, a, 0.22), rim(next, u, b, 0.22),
                           hull.at(next * 0.72, -0.3, b * 0.93),
                           hull.at(here * 0.72, -0.3, a * 0.93), Material::cloth, hull.boat.hull);
            scene.add_quad(rim(here, t, a, 0), rim(next, u, b, 0), rim(next, u, b, 0.22),
                           rim(here, t, a, 0.22), Material::cloth, white_paint);
            scene.add_quad(rim(0, t, a, 0.25), rim(0, u, b, 0.25), rim(next, u, b, 0.25),
                           rim(here, t, a, 0.25), Material::cloth, pale_deck);
        }
    }
}

void add_thwarts(Scene& scene, const Hull& hull) {
    for (const double t : {-0.4, 0.1, 0.5}) {
        const auto corner = [&](double side, double along) {
            return hull.at(side * hull.half_width(t), sheer(t) - 0.1,
                           0.5 * hull.boat.length * t + along);
        };
        scene.add_quad(corner(-1, -0.15), corner(1, -0.15), corner(1, 0.15), corner(-1, 0.15),
                       Material::cloth, dark_wood);
    }
}

void add_pole(Scene& scene, Vec3 from, Vec3 to, double r, std::uint32_t paint) {
    const Vec3 d = normalized(to - from);
    const Vec3 side = normalized(cross(d, std::abs(d.y) > 0.9 ? Vec3{1, 0, 0} : Vec3{0, 1, 0})) * r;
    const Vec3 other = normalized(cross(d, side)) * r;
    const std::array<Vec3, 4> corner = {side, other, -side, -other};
    for (std::size_t k = 0; k < 4; ++k) {
        const Vec3 p = corner[k];
        const Vec3 q = corner[(k + 1) % 4];
        scene.add_quad(from + p, from + q, to + q, to + p, Material::cloth, paint);
    }
}

void add_rigging(Scene& scene, const Hull& hull) {
    const double mast = hull.boat.mast;
    const double bow = hull.boat.length * 0.49;
    const double foot = hull.boat.length * 0.10;
    const Vec3 top = hull.at(0, mast * 0.97, foot);
    add_pole(scene, hull.at(0, 0.6, foot), hull.at(0, mast, foot), 0.10, dark_wood);
    add_pole(scene, hull.at(0, 2.0, foot), hull.at(0, 2.3, -hull.boat.length * 0.48), 0.07,
             dark_wood);
    add_pole(scene, top, hull.at(0, sheer(0.95), bow), 0.022, black_iron);
    add_pole(scene, top, hull.at(0, sheer(-0.95), -bow), 0.022, black_iron);
    for (const double side : {-1.0, 1.0}) {
        add_pole(scene, hull.at(0, mast * 0.8, foot),
                 hull.at(side * hull.half_width(0), sheer(0), foot - 0.6), 0.022, black_iron);
    }
}

// Set, with a belly, or rolled up on the boom.
void add_sails(Scene& scene, const Hull& hull) {
    const double mast = hull.boat.mast;
    const double stern = -hull.boat.length;
    const double foot = hull.boat.length * 0.10;
    if (!hull.boat.sail) {
        add_pole(scene, hull.at(0, 2.25, foot - 0.2), hull.at(0, 2.5, stern * 0.44), 0.24,
                 red_sail);
        return;
    }
    const Vec3 top = hull.at(0, mast * 0.93, foot - 0.12);
    const Vec3 tack = hull.at(0, 2.1, foot - 0.12);
    const Vec3 clew = hull.at(0.75, 2.3, stern * 0.46);
    const Vec3 belly = hull.at(0.55, 0.45 * mast, stern * 0.10);
    scene.add_triangle(top, tack, belly, Material::cloth, red_sail);
    scene.add_triangle(tack, clew, belly, Material::cloth, red_sail);
    scene.add_triangle(clew, top, belly, Material::cloth, red_sail);
    scene.add_triangle(hull.at(0, mast * 0.88, foot + 0.2), hull.at(0.5, 1.9, foot + 0.5),
                       hull.at(0, sheer(0.9), hull.boat.length * 0.47), Material::cloth,
                       white_paint);
}

// With a band of dark windows.
void add_cabin(Scene& scene, const Hull& hull) {
    const double back = -hull.boat.length * 0.30;
    const Vec3 a = hull.at(-hull.boat.width * 0.22, 0.7, back);
    const Vec3 b = hull.at(hull.boat.width * 0.22, 1.9, back + hull.boat.length * 0.17);
    box(scene, a, b, Material::cloth, white_paint);
    box(scene, {std::min(a.x, b.x) - 0.03, 1.35, std::min(a.z, b.z) - 0.03},
        {std::max(a.x, b.x) + 0.03, 1.7, std::max(a.z, b.z) + 0.03}, Material::cloth, black_iron);
}

void add_boat(Scene& scene, const Boat& boat) {
    const Hull hull(boat);
    add_planks(scene, hull);
    if (boat.mast == 0) {
        add_thwarts(scene, hull);
        return;
    }
    add_rigging(scene, hull);
    add_sails(scene, hull);
    add_cabin(scene, hull);
}

void add_quays(Scene& scene, Random& random) {
    scene.add_box({-80, -2, 56}, {90, quay_height, 120}, Material::paving, 0);
    scene.add_box({-80, -2, -10}, {-13, quay_height, 120}, Material::paving, 0);
    for (double x = -12; x < 40; x += 4.2)
        scene.add_box({x, quay_height, 56.2}, {x + 0.35, quay_height + 0.7, 56.55}, Material::cloth,
                      black_iron);
    for (double z = 10; z < 56; z += 4.2)
        scene.add_box({-13.55, quay_height, z}, {-13.2, quay_height + 0.7, z + 0.35},
                      Material::cloth, black_iron);
    for (int k = 0; k < 46; ++k) {
        const bool left = k % 3 == 0;
        const double x = left ? random.between(-18, -14) : random.between(-12, 40);
        const double z = left ? random.between(16, 54) : random.between(57.5, 64);
        const double tall = random.between(1.55, 1.8);
        const Vec3 foot{x, quay_height, z};
        const std::uint32_t coat = 2000 + random.bits() % 40;
        scene.add_box(foot + Vec3{-0.22, 0, -0.14}, foot + Vec3{0.22, tall - 0.30, 0.14},
                      Material::cloth, coat);
        scene.add_box(foot + Vec3{-0.11, tall - 0.26, -0.11}, foot + Vec3{0.11, tall, 0.11},
                      Material::cloth, pale_deck);
    }
    // Barrels and crates, in heaps.
    for (int k = 0; k < 40; ++k) {
        const double heap = std::floor(random.between(0, 6));
        const double x = -9 + 9 * heap + random.between(-1.6, 1.6);
        const double size = random.between(0.5, 1.0);
        const double z = 57.2 + random.between(0, 1.2);
        scene.add_box({x, quay_height, z}, {x + size, quay_height + size, z + size},
                      Material::cloth, k % 2 == 0 ? pale_deck : dark_wood);
    }
    for (double x = -8; x < 40; x += 12) {
        scene.add_box({x - 0.07, quay_height, 57}, {x + 0.07, quay_height + 4.6, 57.14},
                      Material::cloth, black_iron);
        add_ring(scene, {x, 0, 57.07}, quay_height + 4.6, 0.18, quay_height + 5.2, 0.32,
                 Material::cloth, gilt);
    }
}

Town built() {
    Town town;
    Random random(1672);
    add_rows(town, random);
    add_church(town);
    add_town_hall(town);
    add_quays(town.scene, random);
    add_boat(town.scene, {{7.6, 0, 22}, -0.9, 9.5, 3.1, blue_hull, 10.5, true});
    add_boat(town.scene, {{-8.6, 0, 30}, 0.12, 9.0, 3.0, green_hull, 9.5, false});
    add_boat(town.scene, {{-9.8, 0, 43}, 0.05, 8.0, 2.8, red_hull, 8.8, false});
    add_boat(town.scene, {{2.0, 0, 51.5}, 1.62, 11.0, 3.4, dark_wood, 12.5, false});
    add_boat(town.scene, {{15.5, 0, 52}, 1.5, 9.0, 3.0, red_hull, 10, false});
    add_boat(town.scene, {{25, 0, 46}, 1.1, 10.0, 3.2, white_paint, 11, true});
    add_boat(town.scene, {{-0.6, -0.25, 16.5}, 0.9, 4.0, 1.5, red_hull, 0, false});
    town.scene.build();
    return town;
}

// ---- Colours of surfaces -----------------------------------------------------------------------

Vec3 flat_paint(std::uint32_t mark, Vec3 p) {
    const double worn = 1 + 0.25 * fractal_noise(p * 1.3, 3, 41);
    switch (mark) {
        case white_paint:
            return Vec3{0.80, 0.77, 0.70} * worn;
        case dark_wood:
            return Vec3{0.16, 0.095, 0.055} * worn;
        case red_sail:
            return Vec3{0.52, 0.15, 0.085} * (worn * (0.92 + 0.08 * std::sin(p.y * 9)));
        case blue_hull:
            return Vec3{0.055, 0.17, 0.33} * worn;
        case green_hull:
            return Vec3{0.07, 0.25, 0.17} * worn;
        case red_hull:
            return Vec3{0.44, 0.11, 0.075} * worn;
        case pale_deck:
            return Vec3{0.52, 0.38, 0.24} * worn;
        case copper:
            return mix(Vec3{0.20, 0.42, 0.34}, Vec3{0.32, 0.52, 0.42},
                       0.5 + fractal_noise(Vec3{p.x * 2, p.y * 0.5, p.z * 2}, 3, 42));
        case gilt:
            return {0.95, 0.68, 0.22};
        case black_iron:
            return {0.03, 0.032, 0.036};
        default:
            return from_hsv(hash_fraction(static_cast<int>(mark), 0, 0, 3) * 360, 0.5,
                            0.08 + 0.3 * hash_fraction(static_cast<int>(mark), 1, 0, 3));
    }
}

Vec3 brickwork(Vec2 p, Vec3 colour) {
    const double row = std::floor(p.y / 0.17);
    const double x = p.x / 0.46 + 0.5 * std::fmod(std::abs(row), 2.0);
    const double shade =
        hash_fraction(static_cast<int>(std::floor(x)), static_cast<int>(row), 0, 12);
    return colour * (0.78 + 0.42 * shade);
}

// A window of small panes: the sky in most of them, and lamps lit here and there.
Vec3 window_colour(Vec2 local, std::uint32_t seed, double sky) {
    const double bar = std::min(std::abs(local.x), std::abs(std::abs(local.y) - 0.3));
    if (bar < 0.055 || std::abs(local.x) > 0.48 || std::abs(local.y) > 0.80)
        return {0.74, 0.71, 0.64};
    const double lamp = hash_fraction(static_cast<int>(seed), 5, 0, 17);
    if (lamp > 0.80) return Vec3{1.15, 0.72, 0.28} * (0.8 + 0.4 * local.y);
    return mix(Vec3{0.035, 0.045, 0.06}, Vec3{0.32, 0.36, 0.42}, sky * (0.3 + 0.7 * lamp));
}

// A gilt clock on the town hall.
bool clock_colour(Vec2 d, Vec3& colour) {
    const double r = length(d);
    if (r > 1.7) return false;
    const double upright = std::abs(d.x + 0.3 * d.y) + (d.y < 0 ? 1 : 0);
    const double level = std::abs(d.y) + (d.x > 0 ? 1 : 0);
    const bool gold = r > 1.45 || std::min(upright, level) < 0.14;
    colour = gold ? Vec3{0.80, 0.58, 0.20} : Vec3{0.06, 0.09, 0.16};
    return true;
}

// Stone with round-headed openings in the church, and a clock on the town hall.
Vec3 tower_colour(std::uint32_t mark, Vec2 p, bool faces_x) {
    const bool brick = mark == church;
    const Vec3 stone = brickwork(p, brick ? Vec3{0.50, 0.27, 0.19} : Vec3{0.62, 0.54, 0.42});
    Vec3 colour;
    if (mark == town_hall && clock_colour({p.x - (faces_x ? 0 : 25), p.y - 22.2}, colour))
        return colour;
    if (!brick || p.y < 12) return stone;
    const double x = std::abs(std::abs(p.x - (faces_x ? 0 : -6)) - 1.7);
    const double y = std::fmod(p.y - 3.5, 8.0) - 3.2;
    const bool open =
        x < 0.75 && std::abs(y) < 2.0 && length(Vec2{x, std::max(0.0, y - 1.2)}) < 0.78;
    return open ? Vec3{0.055, 0.05, 0.05} : stone;
}

// A door among shop windows. `across` is the distance from the middle of the column.
Vec3 ground_floor_colour(std::uint32_t number, const House& house, double column, double across,
                         double above, Vec3 wall) {
    const bool door =
        static_cast<int>(column) == static_cast<int>(number % static_cast<unsigned>(house.columns));
    if (door && std::abs(across) < 0.6 && above < 2.5) {
        return std::abs(across) > 0.5 ? Vec3{0.7, 0.67, 0.6} : Vec3{0.10, 0.16, 0.13};
    }
    if (!door && std::abs(across) < 0.72 && above > 0.8 && above < 2.9) {
        return window_colour({across * 0.7, (above - 1.85) * 0.78},
                             number * 31U + static_cast<unsigned>(column + 50), 0.6);
    }
    return wall * (above < 0.6 ? 0.6 : 0.92);
}

// Storeys of three metres, and one window in the gable.
Vec3 front_colour(std::uint32_t number, const House& house, Vec2 p, Vec3 wall) {
    const double pitch = house.width / house.columns;
    const double s = p.x - house.begin;
    const double column = std::floor(s / pitch);
    const double across = s - (column + 0.5) * pitch;
    const double above = p.y - quay_height;
    if (above < 3.4) return ground_floor_colour(number, house, column, across, above, wall);
    if (above > house.height - 0.4) {
        const Vec2 loft{s - house.width / 2, above - house.height - 1.65};
        if (std::abs(loft.x) > 0.6 || std::abs(loft.y) > 0.75) return wall;
        return window_colour({loft.x * 0.8, loft.y * 1.05}, number * 77U + 3, 0.8);
    }
    const double floor = std::floor((above - 4.6) / 3.0);
    const double up = above - 4.6 - floor * 3.0;  // 0 at the sill
    const bool glass = above - up + 2.0 < house.height && std::abs(across) < 0.55 && up < 1.72;
    if (!glass) return wall;
    const std::uint32_t seed =
        number * 131U + static_cast<unsigned>(column + 50) * 17U + static_cast<unsigned>(floor + 5);
    return window_colour({across, up - 0.86}, seed, 0.9);
}

Vec3 facade_colour(const Town& town, const Hit& hit) {
    const bool faces_x = std::abs(hit.normal.x) > 0.5;
    const Vec2 p{faces_x ? hit.point.z : hit.point.x, hit.point.y};
    const double stain = 1 + 0.16 * fractal_noise(Vec2{p.x * 0.8, p.y * 0.25}, 4, 43) +
                         0.06 * noise({p.x * 6, p.y * 6, 1}, 44);
    if (hit.mark >= church) return tower_colour(hit.mark, p, faces_x) * stain;
    const House& house = town.houses[hit.mark];
    const Vec3 wall = (house.brick ? brickwork(p, house.colour) : house.colour) * stain;
    return faces_x == house.faces_x ? front_colour(hit.mark, house, p, wall) : wall;
}

Vec3 roof_colour(Vec3 p, std::uint32_t mark) {
    const double row = std::floor(p.y / 0.34);
    const double column = std::floor((p.x + p.z) / 0.4 + 0.5 * std::fmod(std::abs(row), 2.0));
    const double tile = hash_fraction(static_cast<int>(column), static_cast<int>(row), 0, 14);
    const double lip = p.y / 0.34 - row < 0.22 ? 0.72 : 1.0;
    const Vec3 base = mark % 4 == 3 ? Vec3{0.15, 0.16, 0.20} : Vec3{0.42, 0.17, 0.10};
    return base * (lip * (0.75 + 0.5 * tile) * (1 + 0.2 * fractal_noise(p * 0.5, 3, 45)));
}

Vec3 quay_colour(Vec3 p, Vec3 normal) {
    const Vec2 q = normal.y > 0.5 ? Vec2{p.x, p.z} : Vec2{p.x + p.z, p.y};
    const double row = std::floor(q.y / 0.55);
    const double column = std::floor(q.x / 1.1 + 0.5 * std::fmod(std::abs(row), 2.0));
    const double block = hash_fraction(static_cast<int>(column), static_cast<int>(row), 0, 15);
    const double wet =
        normal.y > 0.5 ? 1.0 : smoothstep(0.1, 0.75, p.y + 0.15 * fractal_noise(q, 2, 46));
    return mix(Vec3{0.07, 0.085, 0.055}, mix(Vec3{0.36, 0.32, 0.27}, Vec3{0.50, 0.45, 0.37}, block),
               wet) *
           (1 + 0.2 * fractal_noise(q * 0.7, 3, 47));
}

Vec3 surface_of(const Town& town, const Hit& hit) {
    switch (hit.material) {
        case Material::stone:
            return facade_colour(town, hit);
        case Material::slate:
            return roof_colour(hit.point, hit.mark);
        case Material::paving:
            return quay_colour(hit.point, hit.normal);
        default:
            return flat_paint(hit.mark, hit.point);
    }
}

// ---- Sky, light and water ----------------------------------------------------------------------

double cloud(Vec2 p) {
    const Vec2 q{p.x * 2.4, p.y * 6.5};
    const Vec2 moved{q.x + 0.5 * fractal_noise(q * 0.7, 3, 21),
                     q.y + 0.4 * fractal_noise(q * 0.7, 3, 22)};
    return fractal_noise(moved, 5, 23) + 0.35 * fractal_noise(q * 0.3, 2, 24);
}

Vec3 sky_light(Vec3 d) {
    const double up = std::max(0.012, d.y);
    const Vec2 p{d.x / (up + 0.35), std::log(up + 0.10) * 0.62};
    Vec3 colour =
        mix(Vec3{1.15, 0.80, 0.46}, Vec3{0.13, 0.33, 0.66}, std::pow(clamp01(up * 2.3), 0.55));
    colour =
        mix(colour, Vec3{1.15, 0.62, 0.40}, 0.45 * std::exp(-up * 9) * clamp01(0.6 - 1.2 * d.x));
    const double here = cloud(p);
    const double cover = smoothstep(0.06, 0.46, here);
    const double lit = clamp01(0.55 + 1.6 * (here - cloud(p + Vec2{-0.06, 0.035})));
    const Vec3 shade = mix(Vec3{0.50, 0.42, 0.50}, Vec3{0.44, 0.46, 0.58}, clamp01(up * 2));
    return mix(colour, mix(shade, Vec3{1.35, 1.02, 0.74}, lit), 0.90 * cover);
}

Vec3 ambient(Vec3 n) {
    return mix(Vec3{0.17, 0.15, 0.14}, Vec3{0.30, 0.37, 0.52}, 0.5 + 0.5 * n.y);
}

Vec3 solid_light(const Town& town, const Hit& hit, bool in_water, Random& random) {
    const Vec3 colour = surface_of(town, hit);
    const Vec3 p = hit.point + hit.normal * 2e-3;
    Vec3 light;
    const double facing = dot(hit.normal, sun);
    const Vec3 blur{random.between(-1, 1), random.between(-1, 1), random.between(-1, 1)};
    if (facing > 0 && !town.scene.blocked({p, normalized(sun + blur * 0.012)}))
        light = sun_colour * (facing * 0.62);
    // One scattered ray tells open places from corners.
    double open = 0.75;
    if (!in_water) {
        const Vec3 around = normalized(Vec3{random.normal(), random.normal(), random.normal()});
        const Hit other = town.scene.first_hit({p, normalized(hit.normal * 1.05 + around)}, 14);
        open = other.distance < no_hit ? 0.35 + 0.5 * other.distance / 14 : 1.0;
    }
    light = light + ambient(hit.normal) * open;
    const double haze = 1 - std::exp(-std::max(0.0, hit.distance - 40) / 700);
    return mix(colour * light, Vec3{0.98, 0.76, 0.54}, haze);
}

Vec3 seen(const Town& town, const Ray& ray, bool in_water, Random& random);

Vec3 water_light(const Town& town, Vec3 origin, Vec3 direction, double distance, Random& random) {
    const Vec3 p = origin + direction * distance;
    const auto wave = [](Vec2 q) {
        return 0.020 * noise({q.x * 0.55, q.y * 0.85, 0.5}, 31) +
               0.012 * noise({q.x * 1.5, q.y * 2.3, 1.5}, 32) +
               0.0045 * noise({q.x * 4.0, q.y * 6.0, 2.5}, 33);
    };
    const double e = 0.03;
    const Vec3 normal = normalized({-(wave({p.x + e, p.z}) - wave({p.x - e, p.z})) / (2 * e), 1,
                                    -(wave({p.x, p.z + e}) - wave({p.x, p.z - e})) / (2 * e)});
    Vec3 mirrored = direction - normal * (2 * dot(direction, normal));
    mirrored.y = std::max(0.015, mirrored.y);
    const double cosine = clamp01(-dot(direction, normal));
    const double share = 0.06 + 0.94 * std::pow(1 - cosine, 4);
    const Vec3 deep{0.030, 0.085, 0.095};
    return mix(deep, seen(town, {p, normalized(mirrored)}, true, random) * 0.92, share);
}

Vec3 seen(const Town& town, const Ray& ray, bool in_water, Random& random) {
    const Hit hit = town.scene.first_hit(ray);
    const double to_water = ray.direction.y < -1e-6 ? -ray.origin.y / ray.direction.y : no_hit;
    if (!in_water && to_water < hit.distance)
        return water_light(town, ray.origin, ray.direction, to_water, random);
    if (hit.distance == no_hit) return sky_light(ray.direction);
    return solid_light(town, hit, in_water, random);
}

double toned(double v) {
    const double film = v * (2.51 * v + 0.03) / (v * (2.43 * v + 0.59) + 0.14);
    const double grey = std::pow(clamp01(film), 1 / 2.2);
    return mix(grey, grey * grey * (3 - 2 * grey), 0.35);
}

}  // namespace

Picture harbour() {
    const Town town = built();
    constexpr int rays = 3;  // per pixel, along each axis
    Picture picture(large_width, large_height);
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            Random random(hash(x, y, 0, 1672));
            Vec3 sum;
            for (int k = 0; k < rays * rays; ++k) {
                const int column = k % rays;
                const int row = k / rays;
                const double dx = (column + random.fraction()) / rays;
                const double dy = (row + random.fraction()) / rays;
                const Vec3 d{(x + dx - 0.5 * large_width) * pixel_angle,
                             (horizon_row - y - dy) * pixel_angle, 1};
                const Vec3 c = seen(town, {camera, normalized(d)}, false, random) * 0.60;
                sum = sum + Vec3{toned(c.x), toned(c.y), toned(c.z)};
            }
            picture.at(x, y) = sum * (1.0 / (rays * rays));
        }
    }
    return picture;
}

}  // namespace draw
