// A night sky in motion over a village by a lake: long, thick strokes along a field of vortices.

#include <array>

#include "brush.hpp"
#include "sample_pictures.hpp"

namespace draw {
namespace {

constexpr Vec3 ink{0.035, 0.055, 0.17};
constexpr Vec3 ultramarine{0.08, 0.13, 0.44};
constexpr Vec3 cobalt{0.13, 0.29, 0.66};
constexpr Vec3 azure{0.36, 0.60, 0.84};
constexpr Vec3 turquoise{0.42, 0.74, 0.74};
constexpr Vec3 straw{0.96, 0.89, 0.55};
constexpr Vec3 gold{0.98, 0.77, 0.20};
constexpr Vec3 orange{0.93, 0.52, 0.13};
constexpr Vec3 cream{1.0, 0.97, 0.80};

// A vortex in the flow of the sky.
struct Vortex {
    Vec2 centre;
    double radius = 0;  // of its influence
    double turn = 0;    // positive: clockwise in the picture
};

constexpr Vortex moon{{76, 62}, 58, 1};
constexpr double moon_disc = 17;
constexpr Vortex spiral{{226, 104}, 62, -1};
constexpr std::array<Vortex, 9> stars = {{
    {{24, 128}, 21, -1},
    {{138, 24}, 24, 1},
    {{148, 142}, 19, 1},
    {{206, 22}, 17, -1},
    {{276, 34}, 27, 1},
    {{318, 98}, 22, -1},
    {{352, 40}, 20, 1},
    {{384, 112}, 16, 1},
    {{72, 160}, 15, 1},
}};

double far_hills(double x) {
    return 190 + 13 * std::sin(x * 0.017 + 0.6) + 6 * std::sin(x * 0.051);
}
double near_hills(double x) {
    return 217 - 17 * std::sin(x * 0.0115 + 0.2) + 4 * std::sin(x * 0.06);
}
constexpr double shore = 251;

Vec2 around(const Vortex& vortex, Vec2 p) {
    const Vec2 offset = p - vortex.centre;
    const double r = std::max(1e-6, length(offset));
    const double sway = std::exp(-dot(offset, offset) / (vortex.radius * vortex.radius));
    return Vec2{-offset.y, offset.x} * (vortex.turn * 3.2 * sway / r);
}

Vec2 wind(Vec2 p) {
    Vec2 sum{1, 0.42 * std::cos(p.x * 0.021 + p.y * 0.012) + 0.25 * std::sin(p.y * 0.05)};
    sum = sum + around(moon, p) + around(spiral, p);
    for (const Vortex& star : stars) sum = sum + around(star, p);
    return sum;
}

// Bands of light and dark along the flow, 0 to 1.
double band(Vec2 p) {
    const Vec2 offset = p - spiral.centre;
    const double r = std::max(1.0, length(offset));
    const double inside = std::exp(-r * r / (1.5 * spiral.radius * spiral.radius));
    const double curl = std::sin(std::atan2(offset.y, offset.x) * 2 + std::log(r) * 5.2);
    const double drift = std::sin(p.y * 0.16 - 3.2 * std::sin(p.x * 0.021 + 0.4) +
                                  2.0 * fractal_noise(p * 0.012, 2, 401));
    return 0.5 + 0.5 * mix(drift, curl, clamp01(1.3 * inside));
}

Vec3 glow(Vec3 sky, Vec2 p, Vec2 centre, double radius) {
    const double r = length(p - centre) / radius;
    const double rings = 0.10 * std::sin(r * 17);
    const double light = std::exp(-2.2 * r * r) + rings * std::exp(-1.2 * r);
    Vec3 colour = mix(sky, turquoise, smoothstep(0.05, 0.35, light));
    colour = mix(colour, straw, smoothstep(0.28, 0.55, light));
    colour = mix(colour, gold, smoothstep(0.5, 0.72, light));
    return mix(colour, cream, smoothstep(0.74, 0.92, light));
}

Vec3 sky_colour(Vec2 p) {
    const double b = band(p);
    const double height = clamp01(p.y / 200);
    Vec3 colour = mix(mix(ink, ultramarine, 0.7), cobalt, smoothstep(0.1, 0.6, b));
    colour = mix(colour, azure, smoothstep(0.62, 0.95, b) * mix(0.75, 1.0, height));
    const double to_spiral = length(p - spiral.centre) / spiral.radius;
    colour = mix(colour, mix(turquoise, cream, 0.45),
                 smoothstep(0.6, 1.0, b) * std::exp(-0.9 * to_spiral * to_spiral));
    colour = mix(colour, straw, 0.8 * std::exp(-45 * to_spiral * to_spiral));
    colour = mix(colour, mix(azure, straw, 0.35), 0.55 * smoothstep(158, 196, p.y));
    colour = glow(colour, p, moon.centre, moon.radius);
    for (const Vortex& star : stars) colour = glow(colour, p, star.centre, star.radius);
    return colour;
}

void paint_sky(Painting& painting, Random& random) {
    const std::array<std::pair<double, Manner>, 3> passes = {{
        {6.0, {9.5, 36, 7, 0.10, 0.8}},
        {5.4, {6.4, 27, 9, 0.13, 1.1}},
        {7.5, {4.2, 22, 11, 0.16, 1.3}},
    }};
    for (const auto& [spacing, manner] : passes) {
        for (const Vec2& p : scattered_points(spacing, random)) {
            if (p.y > far_hills(p.x) + 6) continue;
            dab(painting, random, manner, wind, p, sky_colour(p));
        }
    }
}

// A disc painted in rings from the outside in, brightest at the middle.
void paint_light(Painting& painting, Random& random, const Vortex& light, double disc, Vec3 rim,
                 Vec3 heart) {
    const Flow turning = [&](Vec2 p) {
        const Vec2 offset = p - light.centre;
        return Vec2{-offset.y, offset.x + 1e-6};
    };
    for (double r = disc; r > 0.5; r -= 2.2) {
        const int count = std::max(3, static_cast<int>(2 * pi * r / 6));
        for (int i = 0; i < count; ++i) {
            const double angle = 2 * pi * (i + random.fraction()) / count;
            const Vec2 p = light.centre + Vec2{std::cos(angle), std::sin(angle)} * r;
            const Manner manner{3.6, std::min(12.0, 2 + 2 * r), 4, 0.05, 1.6};
            dab(painting, random, manner, turning, p, mix(heart, rim, r / disc));
        }
    }
}

void paint_lights_of_the_sky(Painting& painting, Random& random) {
    for (const Vortex& star : stars) {
        paint_light(painting, random, star, star.radius * 0.24, gold, cream);
    }
    paint_light(painting, random, moon, moon_disc, orange, mix(gold, cream, 0.35));
    const Vortex crescent{moon.centre + Vec2{5, -4}, moon.radius, 1};
    paint_light(painting, random, crescent, moon_disc * 0.62, gold, cream);
}

void paint_hills(Painting& painting, Random& random) {
    const Flow far_slope = [](Vec2 p) {
        return Vec2{1, far_hills(p.x + 0.5) - far_hills(p.x - 0.5)};
    };
    const Flow near_slope = [](Vec2 p) {
        return Vec2{1, near_hills(p.x + 0.5) - near_hills(p.x - 0.5) + 0.15 * std::sin(p.y * 0.3)};
    };
    for (const Vec2& p : scattered_points(4.2, random)) {
        const double depth = p.y - far_hills(p.x);
        if (depth < 0 || p.y > shore) continue;
        const double fold = 0.5 + 0.5 * std::sin(depth * 0.42 + p.x * 0.03);
        const Vec3 colour = mix(mix(ultramarine, cobalt, fold), azure, 0.35 * std::exp(-depth / 5));
        dab(painting, random, {4.6, 22, 9, 0.12, 0.9}, far_slope, p, colour);
    }
    for (const Vec2& p : scattered_points(3.8, random)) {
        const double depth = p.y - near_hills(p.x);
        if (depth < 0 || p.y > shore) continue;
        const double fold = 0.5 + 0.5 * std::sin(depth * 0.5 + p.x * 0.045 + 1);
        const Vec3 shade = mix(ink, Vec3{0.06, 0.20, 0.30}, fold);
        const Vec3 colour = mix(shade, Vec3{0.22, 0.42, 0.44}, 0.6 * std::exp(-depth / 4));
        dab(painting, random, {4.2, 18, 12, 0.15, 0.9}, near_slope, p, colour);
    }
}

struct House {
    double x;
    double up;  // height of its foot above the shore
    double width;
    double height;
    bool lit;
};

// The upper lane first: it lies behind the lower one.
constexpr std::array<House, 19> village = {{
    {48, 12, 13, 11, true},   {84, 13, 14, 10, false}, {122, 15, 13, 12, true},
    {148, 13, 13, 11, false}, {196, 14, 14, 12, true}, {234, 12, 13, 11, false},
    {30, 0, 16, 12, true},    {57, 1, 17, 13, true},   {76, 0, 15, 15, false},
    {93, 0, 19, 12, true},    {112, 1, 16, 16, true},  {131, 0, 18, 13, false},
    {151, 0, 15, 16, true},   {189, 0, 17, 15, true},  {207, 1, 19, 12, false},
    {227, 0, 16, 16, true},   {246, 0, 18, 12, true},  {263, 1, 15, 13, false},
    {282, 0, 17, 11, true},
}};
constexpr Vec2 steeple{170, 196};

void paint_house(Painting& painting, Random& random, const House& house) {
    const double foot = shore - house.up;
    const double top = foot - house.height;
    const Vec3 wall = mix(Vec3{0.22, 0.30, 0.50}, Vec3{0.48, 0.52, 0.58}, random.fraction());
    for (double x = house.x - house.width / 2 + 1.5; x < house.x + house.width / 2; x += 2.6) {
        dab(painting, random, {3.2, house.height, 8, 0.10, 0.8}, upright,
            {x, foot - house.height / 2}, wall);
    }
    const Flow left = [](Vec2) { return Vec2{1, -0.65}; };
    const Flow right = [](Vec2) { return Vec2{1, 0.65}; };
    const Vec3 tiles = mix(Vec3{0.26, 0.13, 0.20}, Vec3{0.56, 0.27, 0.16}, random.fraction());
    for (double k = 0; k < 3; ++k) {
        dab(painting, random, {3.0, house.width * 0.6, 9, 0.12, 0.9}, left,
            {house.x - house.width * 0.25, top - house.width * 0.12 + 1.5 * k}, tiles);
        dab(painting, random, {3.0, house.width * 0.6, 9, 0.12, 0.9}, right,
            {house.x + house.width * 0.25, top - house.width * 0.12 + 1.5 * k}, tiles * 0.8);
    }
    if (!house.lit) return;
    for (const double side : {-0.22, 0.22}) {
        const Vec2 window{house.x + side * house.width, foot - house.height * 0.45};
        dab(painting, random, {3.6, 4.2, 6, 0.05, 1.5}, upright, window, gold);
        dab(painting, random, {1.9, 2.6, 4, 0.03, 1.5}, upright, window, cream);
    }
}

void draw_line(Painting& painting, Random& random, Vec2 from, Vec2 to, double width, Vec3 colour) {
    Stroke stroke;
    for (double t = 0; t <= 1; t += 0.25) stroke.path.push_back(mix(from, to, t));
    stroke.width = width;
    // One at a time: the evaluation order of a call's arguments is unspecified.
    const double value = random.between(0.92, 1.08);
    stroke.colour = varied(colour, 6 * random.normal(), 1, value);
    const double second_value = random.between(0.8, 1.2);
    stroke.second_colour = varied(colour, 9 * random.normal(), 0.9, second_value);
    stroke.load = 1.3;
    stroke.seed = random.bits();
    paint(painting, stroke);
}

void paint_church(Painting& painting, Random& random) {
    const double roof = shore - 25;
    for (const double x : {3.2, -3.2, 0.0}) {
        const Vec3 stone = x > 0 ? Vec3{0.24, 0.28, 0.46} : Vec3{0.42, 0.47, 0.60};
        const Vec2 foot{steeple.x + x, shore};
        draw_line(painting, random, {foot.x, roof}, foot, 4.0, stone);
    }
    // The spire: strokes from the tip to its foot, the shaded side first.
    for (const double x : {4.0, 2.4, -3.8, -2.0}) {
        const Vec3 slate = x > 0 ? Vec3{0.10, 0.11, 0.28} : Vec3{0.30, 0.34, 0.56};
        draw_line(painting, random, steeple, {steeple.x + x, roof + 1}, 2.6, slate);
    }
    dab(painting, random, {3.0, 4.0, 5, 0.05, 1.5}, upright, {steeple.x, shore - 16}, gold);
}

void paint_village(Painting& painting, Random& random) {
    for (const House& house : village) paint_house(painting, random, house);
    paint_church(painting, random);
    for (const Vec2& p : scattered_points(4, random)) {
        if (p.y < shore - 5 || p.y > shore + 3) continue;
        dab(painting, random, {4, 12, 14, 0.18, 0.9}, sideways, p, Vec3{0.05, 0.12, 0.17});
    }
}

Vec3 lake_colour(Vec2 p) {
    const double wave = 0.5 + 0.5 * std::sin(p.y * 1.1 + 2.5 * fractal_noise(p * 0.03, 2, 77));
    const double near = clamp01((p.y - shore) / (picture_height - shore));
    Vec3 colour = mix(mix(cobalt, ultramarine, near), mix(azure, cobalt, near), 0.9 * wave);
    colour = mix(colour, ink, 0.55 * std::exp(-(p.y - shore) / 7));
    for (const Vortex& star : stars) {
        const double off = (p.x - star.centre.x) / 7;
        colour = mix(colour, turquoise, 0.5 * std::exp(-off * off) * wave * star.radius / 27);
    }
    const double moonlight = std::abs(p.x - moon.centre.x) / (9 + 20 * near);
    return mix(colour, straw, 0.85 * std::exp(-moonlight * moonlight) * wave);
}

void paint_lake(Painting& painting, Random& random) {
    const Flow ripple = [](Vec2 p) { return Vec2{1, 0.18 * std::sin(p.x * 0.11 + p.y * 0.5)}; };
    for (const auto& [spacing, width] : {std::pair{4.4, 4.6}, std::pair{5.2, 3.0}}) {
        for (const Vec2& p : scattered_points(spacing, random)) {
            if (p.y < shore + 2) continue;
            dab(painting, random, {width, 19, 8, 0.12, 1.0}, ripple, p, lake_colour(p));
        }
    }
    for (const House& house : village) {
        if (!house.lit || house.up > 2) continue;
        for (double y = shore + 4; y < shore + 42; y += 3.2) {
            const double fade = (y - shore) / 42;
            const Vec2 p{house.x + 1.6 * random.normal(), y + 0.5 * random.normal()};
            if (random.fraction() < fade * 0.8) continue;
            dab(painting, random, {2.6, mix(5, 11, fade), 8, 0.06, 1.4}, ripple, p,
                mix(gold, orange, random.fraction() * fade));
        }
    }
}

// Dark green flames: strokes that rise and converge towards the tip.
void paint_cypress(Painting& painting, Random& random, Vec2 foot, double height, double width) {
    for (int i = 0; i < static_cast<int>(height * width * 0.11); ++i) {
        const double up = std::pow(random.fraction(), 0.85);
        const double across = random.between(-1, 1);
        const double profile = std::pow(std::sin(pi * mix(0.16, 1.0, up)), 0.8);
        const double sway = 5 * std::sin(up * 5.2 + foot.x);
        const Vec2 p{foot.x + sway + across * profile * width / 2, foot.y - up * height};
        const Flow flame = [&](Vec2 q) {
            return Vec2{0.5 * std::sin(q.y * 0.075 + foot.x) - 0.35 * across * (up - 0.25), -1};
        };
        const double lit = smoothstep(0.2, 1.0, -across) * random.fraction();
        Vec3 colour = mix(Vec3{0.03, 0.075, 0.11}, Vec3{0.10, 0.25, 0.17}, random.fraction());
        colour = mix(colour, Vec3{0.58, 0.62, 0.26}, 0.8 * lit);
        if (random.fraction() < 0.10) colour = Vec3{0.24, 0.13, 0.12};
        dab(painting, random, {3.8, 24 * mix(1.0, 0.6, up), 10, 0.14, 1.1}, flame, p, colour);
    }
}

}  // namespace

Picture swirling_night() {
    Random random(1889);
    Painting painting(mix(ink, ultramarine, 0.5));
    paint_sky(painting, random);
    paint_lights_of_the_sky(painting, random);
    paint_hills(painting, random);
    paint_village(painting, random);
    paint_lake(painting, random);
    paint_cypress(painting, random, {352, 304}, 196, 44);
    paint_cypress(painting, random, {386, 304}, 132, 34);
    paint_cypress(painting, random, {320, 304}, 74, 24);
    return varnished(painting);
}

}  // namespace draw
