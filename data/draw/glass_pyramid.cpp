// A glass pyramid before a palace, against the sun: rays are followed from the camera to what they
// meet, through the panes, and over the water.

#include <optional>

#include "palace.hpp"
#include "random.hpp"
#include "sample_pictures.hpp"
#include "scene.hpp"
#include "sky.hpp"

namespace draw {
namespace {

constexpr int samples = 4;  // rays for each pixel, in each direction
constexpr Vec3 camera{0, 2.6, 0};
constexpr double pixel_angle = 0.003375;
constexpr double horizon_row = 222;

constexpr Vec3 pyramid_middle{6.5, 0, 62};
constexpr double pyramid_half = 15.5;
constexpr double pyramid_height = 19.5;
constexpr int panes = 16;

// The basin, with a rim of stone around it.
constexpr double basin_left = -34, basin_right = 7.5, basin_near = 6.0, basin_far = 31;
constexpr double rim_width = 0.9, rim_height = 0.32, water_level = 0.12;

// What one pixel's rays leave to chance. The directions of its scattered light are spread evenly
// (by the additive recurrence of the plastic number), which leaves less grain than chance alone.
struct Lottery {
    Random random;
    Vec2 shift;
    int drawn = 0;

    Vec2 unit_square() {
        ++drawn;
        const double u = shift.x + drawn * 0.7548776662466927;
        const double v = shift.y + drawn * 0.5698402909980532;
        return {u - std::floor(u), v - std::floor(v)};
    }
};

struct World {
    Scene scene;
    Sky sky;
};

constexpr double no_hit = std::numeric_limits<double>::max();

// ---- The pyramid ------------------------------------------------------------------------------

// One side: its corners on the ground, as one looks at it from outside, and its outward normal.
struct Side {
    Vec3 left;
    Vec3 right;
    Vec3 normal;
};

const Vec3 apex = pyramid_middle + Vec3{0, pyramid_height, 0};

Side side(int i) {
    const double sign_x[4] = {-1, 1, 1, -1};
    const double sign_z[4] = {-1, -1, 1, 1};
    const int j = (i + 1) % 4;
    const Vec3 left = pyramid_middle + Vec3{sign_x[i], 0, sign_z[i]} * pyramid_half;
    const Vec3 right = pyramid_middle + Vec3{sign_x[j], 0, sign_z[j]} * pyramid_half;
    return {left, right, normalized(cross(apex - left, right - left))};
}

struct Passage {
    double enter = no_hit;
    double leave = no_hit;
    int enter_side = 0;
    int leave_side = 0;
};

Passage through_pyramid(const Ray& ray) {
    static const Side sides[4] = {side(0), side(1), side(2), side(3)};
    double enter = 0;
    double leave = no_hit;
    int enter_side = -1;
    int leave_side = -1;
    for (int i = 0; i < 4; ++i) {
        const double speed = dot(ray.direction, sides[i].normal);
        const double distance = dot(sides[i].left - ray.origin, sides[i].normal);
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

// What a ray meets where it passes a side: a bar or a pane.
struct Glazing {
    bool bar;
    double pane_number;  // 0 to 1, the same all over one pane
};

Glazing glazing_at(int i, Vec3 p) {
    const Side s = side(i);
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
    const double edge = std::min({a, b}) * base;
    const bool bar = edge < 0.16 || c * pyramid_height < 0.25 || near_line(a * panes, 0.062) ||
                     near_line(b * panes, 0.062);
    const auto ia = static_cast<std::int32_t>(std::floor(a * panes));
    const auto ib = static_cast<std::int32_t>(std::floor(b * panes));
    return {bar, hash_fraction(ia, ib, i, 77)};
}

// ---- Light on surfaces ------------------------------------------------------------------------

Vec3 reflect(Vec3 d, Vec3 normal) {
    return d - normal * (2 * dot(d, normal));
}

double fresnel(double cosine, double at_right_angle) {
    return at_right_angle + (1 - at_right_angle) * std::pow(1 - clamp01(cosine), 5);
}

// The sun is not a point: shadows have soft edges.
double sun_reaches(const World& world, Vec3 p, Lottery& lottery) {
    const Vec3 blur{lottery.random.between(-1, 1), lottery.random.between(-1, 1),
                    lottery.random.between(-1, 1)};
    const Ray to_sun{p, normalized(sun_direction + blur * 0.006)};
    if (world.scene.blocked(to_sun)) return 0;
    const Passage passage = through_pyramid(to_sun);
    return passage.leave < no_hit ? 0.62 : 1;
}

// A direction about the normal, more often near it: as a matt surface sends light away.
Vec3 around_normal(Vec3 normal, Vec2 unit_square) {
    const double z = 1 - 2 * unit_square.x;
    const double angle = 2 * pi * unit_square.y;
    const double r = std::sqrt(std::max(0.0, 1 - z * z));
    return normalized(normal * 1.0001 + Vec3{r * std::cos(angle), r * std::sin(angle), z});
}

bool in_basin(Vec3 p, double margin) {
    return p.x > basin_left - margin && p.x < basin_right + margin && p.z > basin_near - margin &&
           p.z < basin_far + margin;
}

// The ground with its basin, as far as the horizon.
Hit ground_hit(const Ray& ray) {
    Hit hit;
    if (ray.direction.y > -1e-6) return hit;
    for (const double level : {water_level, 0.0}) {
        const double distance = (level - ray.origin.y) / ray.direction.y;
        const Vec3 p = ray.origin + ray.direction * distance;
        if (distance < 1e-4 || (level > 0) != in_basin(p, 0)) continue;
        hit.distance = distance;
        hit.point = p;
        hit.normal = {0, 1, 0};
        hit.material = level > 0 ? Material::water : Material::paving;
        return hit;
    }
    return hit;
}

Hit nearest(const World& world, const Ray& ray) {
    const Hit ground = ground_hit(ray);
    const Hit solid = world.scene.first_hit(ray, ground.distance);
    return solid.distance < no_hit ? solid : ground;
}

// ---- Materials --------------------------------------------------------------------------------

// Position on a surface in metres: along it and up, or on the ground.
Vec2 on_surface(const Hit& hit) {
    if (std::abs(hit.normal.y) > 0.7) return {hit.point.x, hit.point.z};
    const bool faces_x = std::abs(hit.normal.x) > std::abs(hit.normal.z);
    return {faces_x ? hit.point.z : hit.point.x, hit.point.y};
}

// Blocks laid in courses: a number for each block, and how near its joint is.
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

// What comes to a surface along one path that is not the sun's.
Vec3 scattered_light(const World& world, const Hit& hit, Lottery& lottery) {
    const Ray out{hit.point + hit.normal * 1e-3, around_normal(hit.normal, lottery.unit_square())};
    const Hit other = nearest(world, out);
    if (other.distance == no_hit) return shade_light(out.direction);
    const Vec3 there = other.point + other.normal * 1e-3;
    const double facing = dot(other.normal, sun_direction);
    Vec3 bounced{0.24, 0.28, 0.36};
    if (facing > 0) {
        bounced = bounced + sunlight * (facing / pi * sun_reaches(world, there, lottery));
    }
    return bounced * surface_colour(other) * 1.5;  // for the bounces that are not followed
}

// Light that a matt surface sends back.
Vec3 matt_light(const World& world, const Hit& hit, int depth, Lottery& lottery) {
    const double facing = dot(hit.normal, sun_direction);
    Vec3 light;
    if (facing > 0) {
        const Vec3 p = hit.point + hit.normal * 1e-3;
        light = sunlight * (facing / pi * sun_reaches(world, p, lottery));
    }
    const int paths = depth < 2 ? 2 : 1;
    for (int i = 0; i < paths; ++i) {
        light = light + scattered_light(world, hit, lottery) * (1.0 / paths);
    }
    return light * surface_colour(hit);
}

Vec3 radiance(const World& world, const Ray& ray, int depth, Lottery& lottery);

Vec3 window_light(const World& world, const Ray& ray, const Hit& hit) {
    const Vec2 p = on_surface(hit);
    const double s = p.x / 0.55;
    const double y = p.y / 0.8;
    const bool wood = std::abs(s - std::round(s)) < 0.10 || std::abs(y - std::round(y)) < 0.07;
    if (wood) return Vec3{0.10, 0.10, 0.10};
    const auto column = static_cast<std::int32_t>(std::floor(p.x / bay_width));
    const auto row = static_cast<std::int32_t>(std::floor(p.y / 7.4));
    const double curtain = hash_fraction(column, row, static_cast<int>(hit.normal.x), 3);
    const Vec3 inside =
        mix(Vec3{0.012, 0.014, 0.018}, Vec3{0.14, 0.12, 0.10}, std::pow(curtain, 4));
    const Vec3 mirror = world.sky.light(reflect(ray.direction, hit.normal));
    return mix(inside, mirror, fresnel(-dot(ray.direction, hit.normal), 0.04));
}

Vec3 water_light(const World& world, const Ray& ray, const Hit& hit, int depth, Lottery& lottery) {
    const Vec2 p{hit.point.x, hit.point.z};
    const auto wave = [](Vec2 q) {
        return 0.0042 * fractal_noise(Vec2{q.x * 1.0, q.y * 1.5}, 3, 70) +
               0.0040 * noise({q.x * 0.35, q.y * 0.5, 2.5}, 71);
    };
    const double e = 0.02;
    const Vec3 normal = normalized({-(wave(p + Vec2{e, 0}) - wave(p - Vec2{e, 0})) / (2 * e), 1,
                                    -(wave(p + Vec2{0, e}) - wave(p - Vec2{0, e})) / (2 * e)});
    Vec3 mirrored = reflect(ray.direction, normal);
    mirrored.y = std::max(0.01, mirrored.y);
    const double share = fresnel(-dot(ray.direction, normal), 0.04);
    const Vec3 deep{0.03, 0.075, 0.09};
    return mix(deep, radiance(world, {hit.point, normalized(mirrored)}, depth + 1, lottery),
               mix(share, 1, 0.38));
}

Vec3 paving_light(const World& world, const Ray& ray, const Hit& hit, int depth, Lottery& lottery) {
    const Vec3 rough = matt_light(world, hit, depth, lottery);
    const Vec3 half = normalized(sun_direction - ray.direction);
    const double gloss =
        std::pow(std::max(0.0, half.y), 55) * fresnel(dot(half, sun_direction), 0.04) * 1.6;
    const double smooth =
        0.6 + 0.8 * hash_fraction(static_cast<int>(std::floor(hit.point.x / 1.6)),
                                  static_cast<int>(std::floor(hit.point.z / 1.6)), 0, 15);
    if (gloss < 1e-3) return rough;
    return rough +
           sunlight * (gloss * smooth * sun_reaches(world, hit.point + hit.normal * 1e-3, lottery));
}

Vec3 surface_light(const World& world, const Ray& ray, const Hit& hit, int depth,
                   Lottery& lottery) {
    Vec3 light;
    switch (hit.material) {
        case Material::window:
            light = window_light(world, ray, hit);
            break;
        case Material::water:
            light = water_light(world, ray, hit, depth, lottery);
            break;
        case Material::paving:
            light = paving_light(world, ray, hit, depth, lottery);
            break;
        default:
            light = matt_light(world, hit, depth, lottery);
    }
    const double haze = 1 - std::exp(-hit.distance / 900);
    return mix(light, Vec3{0.80, 0.84, 0.90}, haze);
}

Vec3 bar_light(const World& world, Vec3 p, Vec3 normal) {
    const double facing = std::abs(dot(normal, sun_direction));
    const bool sunny = !world.scene.blocked({p + normal * 0.01, sun_direction});
    return Vec3{0.20, 0.22, 0.25} + sunlight * (sunny ? 0.07 * facing : 0.0);
}

// Light through a side of the pyramid: mirrored, or passed on with a tint.
Vec3 glass_light(const World& world, const Ray& ray, double distance, int i, Vec3 behind, int depth,
                 Lottery& lottery) {
    const Vec3 p = ray.origin + ray.direction * distance;
    const Vec3 outward = side(i).normal;
    const Glazing glazing = glazing_at(i, p);
    const Vec3 normal = dot(outward, ray.direction) < 0 ? outward : -outward;
    if (glazing.bar) return bar_light(world, p, normal);
    const double share = fresnel(-dot(ray.direction, normal), 0.12);
    const Vec3 tint = mix(Vec3{0.78, 0.84, 0.82}, Vec3{0.88, 0.92, 0.90}, glazing.pane_number);
    // No pane is set quite like its neighbour, so each mirrors another piece of the sky.
    const double tilt = (glazing.pane_number - 0.5) * 0.05;
    const Vec3 set = normalized(normal + Vec3{tilt, -tilt, tilt * 0.5});
    Vec3 mirrored = world.sky.light(reflect(ray.direction, set));
    if (depth == 0 && dot(outward, ray.direction) < 0) {
        mirrored = radiance(world, {p + normal * 1e-3, reflect(ray.direction, set)}, 2, lottery);
    }
    return mix(behind * tint, mirrored, share);
}

Vec3 radiance(const World& world, const Ray& ray, int depth, Lottery& lottery) {
    const Hit hit = nearest(world, ray);
    const Vec3 open = hit.distance < no_hit ? surface_light(world, ray, hit, depth, lottery)
                                            : world.sky.light(ray.direction);
    const Passage passage = through_pyramid(ray);
    Vec3 light = open;
    if (passage.leave < hit.distance && passage.leave < no_hit) {
        light = glass_light(world, ray, passage.leave, passage.leave_side, light, depth, lottery);
    }
    if (passage.enter < hit.distance) {
        light = glass_light(world, ray, passage.enter, passage.enter_side, light, depth, lottery);
    }
    return light;
}

// ---- The courtyard ----------------------------------------------------------------------------

void add_basin(Scene& scene) {
    const double left = basin_left, right = basin_right, near = basin_near, far = basin_far;
    const double w = rim_width, h = rim_height;
    scene.add_box({left - w, 0, far}, {right + w, h, far + w}, Material::stone);
    scene.add_box({left - w, 0, near - w}, {right + w, h, near}, Material::stone);
    scene.add_box({right, 0, near}, {right + w, h, far}, Material::stone);
    scene.add_box({left - w, 0, near}, {left, h, far}, Material::stone);
}

void add_walker(Scene& scene, Vec2 at, double size, std::uint32_t mark) {
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

void add_walkers(Scene& scene) {
    Random random(64);
    for (std::uint32_t i = 0; i < 26; ++i) {
        const Vec2 at{random.between(-38, 40), random.between(36, 108)};
        const bool in_glass = std::abs(at.x - pyramid_middle.x) < pyramid_half + 1 &&
                              std::abs(at.y - pyramid_middle.z) < pyramid_half + 1;
        if (!in_glass) add_walker(scene, at, random.between(0.92, 1.05), i);
    }
}

// ---- The camera -------------------------------------------------------------------------------

Picture exposed(const World& world) {
    Picture film(picture_width, picture_height);
    for (int y = 0; y < film.height; ++y) {
        for (int x = 0; x < film.width; ++x) {
            Lottery lottery{Random(hash(x, y, 1, 1989)),
                            {hash_fraction(x, y, 2, 1989), hash_fraction(x, y, 3, 1989)}};
            Vec3 sum;
            for (int k = 0; k < samples * samples; ++k) {
                const double dx = (k % samples + lottery.random.fraction()) / samples;
                const double dy = (k / samples + lottery.random.fraction()) / samples;
                const Vec3 d{(x + dx - picture_width / 2) * pixel_angle,
                             (horizon_row - y - dy) * pixel_angle, 1};
                const Vec3 light = radiance(world, {camera, normalized(d)}, 0, lottery);
                // One very bright sample must not outshine its neighbours.
                sum = sum + light * (1 / std::max(1.0, std::max({light.x, light.y, light.z}) / 12));
            }
            film.at(x, y) = sum * (1.0 / (samples * samples));
        }
    }
    return film;
}

// A blur of a horizontal and a vertical pass, three times, which comes near to a bell.
Picture blurred(Picture picture, int radius) {
    for (int pass = 0; pass < 6; ++pass) {
        Picture next(picture.width, picture.height);
        for (int y = 0; y < picture.height; ++y) {
            for (int x = 0; x < picture.width; ++x) {
                Vec3 sum;
                for (int k = -radius; k <= radius; ++k) {
                    const int i = pass % 2 == 0 ? std::clamp(x + k, 0, picture.width - 1) : x;
                    const int j = pass % 2 == 1 ? std::clamp(y + k, 0, picture.height - 1) : y;
                    sum = sum + picture.at(i, j);
                }
                next.at(x, y) = sum * (1.0 / (2 * radius + 1));
            }
        }
        picture = next;
    }
    return picture;
}

// The disc of the sun is far brighter than the sky; what the lens scatters of it veils its
// surroundings.
void add_glare(Picture& film) {
    Picture bright(film.width, film.height);
    for (std::size_t i = 0; i < film.pixels.size(); ++i) {
        const Vec3 p = film.pixels[i];
        const double over = std::max(0.0, std::max({p.x, p.y, p.z}) - 2.2);
        bright.pixels[i] = Vec3{1.0, 0.93, 0.82} * over;
    }
    const Picture narrow = blurred(bright, 3);
    const Picture wide = blurred(bright, 18);
    for (std::size_t i = 0; i < film.pixels.size(); ++i) {
        film.pixels[i] = film.pixels[i] + narrow.pixels[i] * 0.25 + wide.pixels[i] * 0.14;
    }
}

// The response of film: a toe and a soft shoulder, then the display's own curve.
double response(double light) {
    const double v = light * 0.52;
    const double film = v * (2.51 * v + 0.03) / (v * (2.43 * v + 0.59) + 0.14);
    const double c = clamp01(film);
    return c <= 0.0031308 ? 12.92 * c : 1.055 * std::pow(c, 1 / 2.4) - 0.055;
}

// Darker shadows, brighter lights: what a printer would choose for this negative.
double contrast(double grey) {
    return mix(grey, grey * grey * (3 - 2 * grey), 0.45);
}

Picture developed(const Picture& film) {
    Picture print(film.width, film.height);
    Random grain(7);
    for (int y = 0; y < film.height; ++y) {
        for (int x = 0; x < film.width; ++x) {
            const Vec2 from_middle{(x - 200) / 250.0, (y - 150) / 250.0};
            const Vec3 p = film.at(x, y) * (1 - 0.22 * dot(from_middle, from_middle));
            const Vec3 tone{response(p.x), response(p.y), response(p.z)};
            const double grey = 0.3 * tone.x + 0.59 * tone.y + 0.11 * tone.z;
            const double speck = 0.005 * grain.normal();
            const Vec3 rich = mix(Vec3{grey, grey, grey}, tone, 1.25);
            const double lift = contrast(grey) / std::max(1e-6, grey);
            print.at(x, y) = rich * lift + Vec3{speck, speck, speck};
        }
    }
    return print;
}

}  // namespace

Picture glass_pyramid() {
    World world;
    add_palace(world.scene);
    add_basin(world.scene);
    add_walkers(world.scene);
    world.scene.build();
    Picture film = exposed(world);
    add_glare(film);
    return developed(film);
}

}  // namespace draw
