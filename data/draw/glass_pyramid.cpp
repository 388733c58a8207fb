// A glass pyramid in front of a palace, against the sun. Rays are traced from the camera to the
// first surface that they meet, through the panes, and to the water.

#include "courtyard.hpp"
#include "film.hpp"
#include "glazing.hpp"
#include "palace.hpp"
#include "random.hpp"
#include "sample_pictures.hpp"
#include "scene.hpp"
#include "sky.hpp"
#include "surface.hpp"

namespace draw {
namespace {

constexpr int samples = 4;  // rays per pixel, along each axis
constexpr Vec3 camera{0, 2.6, 0};
constexpr double pixel_angle = 0.003375;
constexpr double horizon_row = 222;

// The random part of one pixel's rays. The directions of scattered light are spread evenly (by the
// additive recurrence of the plastic number), which leaves less grain than independent draws.
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

// A random direction around the normal, more often near it: the way a matt surface scatters light.
Vec3 around_normal(Vec3 normal, Vec2 unit_square) {
    const double z = 1 - 2 * unit_square.x;
    const double angle = 2 * pi * unit_square.y;
    const double r = std::sqrt(std::max(0.0, 1 - z * z));
    return normalized(normal * 1.0001 + Vec3{r * std::cos(angle), r * std::sin(angle), z});
}

Hit nearest(const World& world, const Ray& ray) {
    const Hit ground = ground_hit(ray);
    const Hit solid = world.scene.first_hit(ray, ground.distance);
    return solid.distance < no_hit ? solid : ground;
}

// The indirect light that reaches a surface along one path.
Vec3 scattered_light(const World& world, const Hit& hit, Lottery& lottery) {
    const Ray out{hit.point + hit.normal * 1e-3, around_normal(hit.normal, lottery.unit_square())};
    const Hit other = nearest(world, out);
    if (other.distance == no_hit) return shade_light(out.direction);
    const Vec3 there = other.point + other.normal * 1e-3;
    const double facing = dot(other.normal, sun_direction);
    Vec3 bounced{0.28, 0.30, 0.35};
    if (facing > 0) {
        bounced = bounced + sunlight * (facing / pi * sun_reaches(world, there, lottery));
    }
    return bounced * surface_colour(other) * 1.5;  // for the bounces that are not traced
}

// Light reflected by a matt surface.
Vec3 matt_light(const World& world, const Hit& hit, int depth, Lottery& lottery) {
    const double facing = dot(hit.normal, sun_direction);
    Vec3 light;
    if (facing > 0) {
        const Vec3 p = hit.point + hit.normal * 1e-3;
        light = sunlight * (facing / pi * sun_reaches(world, p, lottery));
    }
    const int paths = depth == 0 ? 4 : 2;
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

// Light at a side of the pyramid: reflected, or transmitted with a tint.
Vec3 glass_light(const World& world, const Ray& ray, double distance, int side, Vec3 behind,
                 int depth, Lottery& lottery) {
    const Vec3 p = ray.origin + ray.direction * distance;
    const Vec3 outward = pyramid_normal(side);
    const Glazing glazing = glazing_at(side, p);
    const Vec3 normal = dot(outward, ray.direction) < 0 ? outward : -outward;
    if (glazing.bar) return bar_light(world, p, normal);
    const double share = fresnel(-dot(ray.direction, normal), 0.12);
    const Vec3 tint = mix(Vec3{0.78, 0.84, 0.82}, Vec3{0.88, 0.92, 0.90}, glazing.pane_number);
    // No two panes are set at quite the same angle, so each reflects a different piece of the sky.
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

// ---- The camera -------------------------------------------------------------------------------

Picture exposed(const World& world) {
    Picture film(picture_width, picture_height);
    for (int y = 0; y < film.height; ++y) {
        for (int x = 0; x < film.width; ++x) {
            Lottery lottery{Random(hash(x, y, 1, 1989)),
                            {hash_fraction(x, y, 2, 1989), hash_fraction(x, y, 3, 1989)}};
            Vec3 sum;
            for (int k = 0; k < samples * samples; ++k) {
                const int column = k % samples;
                const int row = k / samples;
                const double dx = (column + lottery.random.fraction()) / samples;
                const double dy = (row + lottery.random.fraction()) / samples;
                const Vec3 d{(x + dx - picture_width / 2.0) * pixel_angle,
                             (horizon_row - y - dy) * pixel_angle, 1};
                const Vec3 light = radiance(world, {camera, normalized(d)}, 0, lottery);
                // Limits one very bright sample, which would outshine its neighbours.
                sum = sum + light * (1 / std::max(1.0, std::max({light.x, light.y, light.z}) / 12));
            }
            film.at(x, y) = sum * (1.0 / (samples * samples));
        }
    }
    return film;
}

}  // namespace

Picture glass_pyramid() {
    World world;
    add_palace(world.scene);
    add_basin(world.scene);
    add_people(world.scene);
    world.scene.build();
    Picture film = exposed(world);
    add_glare(film);
    return developed(film);
}

}  // namespace draw
