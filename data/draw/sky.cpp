#include "sky.hpp"

#include "random.hpp"

namespace draw {
namespace {

constexpr int map_width = 900;   // azimuth -90 to 90 degrees
constexpr int map_height = 420;  // elevation 0 to 90 degrees, denser towards the horizon

constexpr double cloud_base = 1000;  // metres above the ground
constexpr double cloud_top = 1900;

// Chosen among many seeds: here the sun is just clear of a large cloud.
constexpr Vec3 wind{21.9, 0, 9.3};
constexpr double cover = 0.93;  // higher: fewer clouds

Vec3 clear_sky(Vec3 d) {
    const double up = std::max(0.0, d.y);
    const double to_sun = std::max(0.0, dot(d, sun_direction));
    Vec3 colour = mix(Vec3{0.70, 0.82, 0.95}, Vec3{0.045, 0.15, 0.46}, std::pow(up, 0.50));
    colour = mix(colour, Vec3{1.0, 0.93, 0.80}, 0.35 * std::exp(-up * 9));
    const Vec3 halo =
        Vec3{1.0, 0.93, 0.80} *
        (0.14 * std::pow(to_sun, 10) + 0.7 * std::pow(to_sun, 120) + 14.0 * std::pow(to_sun, 2200));
    return colour + halo;
}

// Height of a point in the cloud layer, 0 at the base, 1 at the top.
double layer_height(Vec3 p) {
    return (p.y - cloud_base) / (cloud_top - cloud_base);
}

double coarse_density(Vec3 p) {
    const double h = layer_height(p);
    if (h < 0 || h > 1) return -1;
    const Vec3 q = Vec3{p.x, p.y * 1.25, p.z} * (1.0 / 1000) + wind;
    const double shape = smoothstep(0.0, 0.10, h) * smoothstep(1.0, 0.25, h);
    return fractal_noise(q, 2, 2024) + 0.62 * shape - cover;
}

double fine_density(Vec3 p, double coarse) {
    if (coarse < -0.35) return 0;
    const Vec3 q = Vec3{p.x, p.y * 1.25, p.z} * (1.0 / 190) + wind;
    return std::max(0.0, coarse + 0.34 * fractal_noise(q, 3, 515));
}

// The fraction of sunlight that reaches a point through the surrounding cloud.
double sun_through_cloud(Vec3 p) {
    double depth = 0;
    double step = 40;
    for (int i = 0; i < 5; ++i) {
        p = p + sun_direction * step;
        depth += std::max(0.0, coarse_density(p) + 0.03) * step;
        step *= 1.6;
    }
    return 0.75 * std::exp(-depth * 0.020) + 0.25 * std::exp(-depth * 0.004);
}

Vec3 with_clouds(Vec3 d, double jitter) {
    const Vec3 behind = clear_sky(d);
    if (d.y < 0.02) return behind;
    const int steps = 40;
    const double first = cloud_base / d.y;
    const double step = (cloud_top / d.y - first) / steps;
    const double to_sun = dot(d, sun_direction);
    const double forward =
        0.72 + 1.2 * std::pow(std::max(0.0, to_sun), 30) + 0.25 * to_sun * to_sun;
    double clear = 1;
    Vec3 light;
    for (int i = 0; i < steps && clear > 0.02; ++i) {
        const Vec3 p = d * (first + (i + jitter) * step);
        const double density = fine_density(p, coarse_density(p));
        if (density <= 0) continue;
        const double thin = std::exp(-density * std::min(step, 120.0) * 0.045);
        const Vec3 ambient = mix(Vec3{0.24, 0.29, 0.40}, Vec3{0.52, 0.62, 0.80}, layer_height(p));
        const Vec3 lit = Vec3{2.1, 1.92, 1.66} * (forward * sun_through_cloud(p));
        light = light + (ambient + lit) * (clear * (1 - thin));
        clear *= thin;
    }
    const double haze = std::exp(-first / 9000);
    return mix(behind, behind * clear + light, haze);
}

}  // namespace

Vec3 shade_light(Vec3 direction) {
    const double up = std::max(0.0, direction.y);
    const double to_sun = std::max(0.0, dot(direction, sun_direction));
    return mix(Vec3{0.86, 0.86, 0.86}, Vec3{0.36, 0.48, 0.78}, std::sqrt(up)) * 0.8 +
           Vec3{0.9, 0.82, 0.68} * (to_sun * to_sun * to_sun);
}

Sky::Sky() : map_(map_width, map_height) {
    for (int y = 0; y < map_height; ++y) {
        const double v = (y + 0.5) / map_height;
        const double elevation = v * v * pi / 2;
        for (int x = 0; x < map_width; ++x) {
            const double azimuth = ((x + 0.5) / map_width - 0.5) * pi;
            const Vec3 d{std::sin(azimuth) * std::cos(elevation), std::sin(elevation),
                         std::cos(azimuth) * std::cos(elevation)};
            map_.at(x, y) = with_clouds(d, hash_fraction(x, y, 0, 9));
        }
    }
}

Vec3 Sky::light(Vec3 direction) const {
    const double elevation = std::asin(std::clamp(direction.y, 0.0, 1.0));
    const double azimuth = std::atan2(direction.x, std::abs(direction.z));
    const double x = std::clamp((azimuth / pi + 0.5) * map_width - 0.5, 0.0, map_width - 1.001);
    const double y =
        std::clamp(std::sqrt(elevation / (pi / 2)) * map_height - 0.5, 0.0, map_height - 1.001);
    const int i = static_cast<int>(x);
    const int j = static_cast<int>(y);
    return mix(mix(map_.at(i, j), map_.at(i + 1, j), x - i),
               mix(map_.at(i, j + 1), map_.at(i + 1, j + 1), x - i), y - j);
}

}  // namespace draw
