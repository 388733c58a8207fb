// A meadow in flower by a stream on a bright day: short strokes of broken colour, painted from the
// sky forward to the flowers in the foreground.

#include <array>

#include "brush.hpp"
#include "sample_pictures.hpp"

namespace draw {
namespace {

constexpr double horizon = 118;

// Everywhere a warm colour lies beside its cool neighbour: this picks one of a few.
template <std::size_t N>
Vec3 pick(const std::array<Vec3, N>& palette, Random& random) {
    return palette[static_cast<std::size_t>(random.fraction() * static_cast<double>(N))];
}

double hill_line(double x) {
    return 101 - 9 * std::sin(x * 0.012 + 0.9) - 3 * std::sin(x * 0.043);
}

// The density of the clouds, 0 to 1.
double cloud(Vec2 p) {
    const Vec2 q{p.x * 0.011, p.y * 0.024};
    const double n = fractal_noise(q + Vec2{0.35 * fractal_noise(q * 2, 2, 12), 0}, 4, 31);
    return smoothstep(-0.02, 0.30, n + 0.10 - 0.25 * std::abs(p.y - 52) / 60);
}

Vec3 sky_colour(Vec2 p, Random& random) {
    const double low = clamp01(p.y / horizon);
    Vec3 colour = mix(Vec3{0.27, 0.50, 0.80}, Vec3{0.66, 0.82, 0.88}, std::pow(low, 0.9));
    colour = mix(colour, Vec3{0.97, 0.86, 0.76}, 0.7 * smoothstep(0.66, 1.0, low));
    // Clouds are cream on the side of the sun, at the upper left, and lilac on the other side.
    const double here = cloud(p);
    const double side = clamp01(0.62 + 1.5 * (here - cloud(p + Vec2{-9, -11})) -
                                0.5 * fractal_noise(p * 0.03, 2, 88));
    const Vec3 shaded = mix(Vec3{0.62, 0.66, 0.84}, Vec3{0.84, 0.74, 0.82}, random.fraction());
    const Vec3 bright = mix(Vec3{1.0, 0.99, 0.94}, Vec3{1.0, 0.92, 0.80}, random.fraction());
    return mix(colour, mix(shaded, bright, side), 0.95 * here);
}

void paint_sky(Painting& painting, Random& random) {
    const Flow drift = [](Vec2 p) {
        const double turn = 2.4 * fractal_noise(p * 0.017, 2, 55);
        return Vec2{1, -0.32 + turn};
    };
    for (const auto& [spacing, width, length] :
         {std::array{6.0, 9.5, 20.0}, std::array{5.4, 7.2, 15.0}, std::array{8.0, 5.4, 11.0}}) {
        for (const Vec2& p : scattered_points(spacing, random)) {
            if (p.y > horizon) continue;
            dab(painting, random, {width, length, 7, 0.05, 0.8}, drift, p, sky_colour(p, random));
        }
    }
}

void paint_hills(Painting& painting, Random& random) {
    const std::array<Vec3, 4> palette = {
        {{0.44, 0.52, 0.74}, {0.50, 0.58, 0.76}, {0.55, 0.52, 0.72}, {0.46, 0.62, 0.68}}};
    const std::array<Vec3, 4> fields = {
        {{0.62, 0.72, 0.46}, {0.80, 0.78, 0.50}, {0.52, 0.66, 0.52}, {0.86, 0.74, 0.52}}};
    const Flow slope = [](Vec2 p) { return Vec2{1, hill_line(p.x + 0.5) - hill_line(p.x - 0.5)}; };
    for (const Vec2& p : scattered_points(4.2, random)) {
        if (p.y < hill_line(p.x) || p.y > horizon + 8) continue;
        const bool near = p.y > hill_line(p.x) + 11 + 4 * random.normal();
        const Vec3 colour = near ? pick(fields, random) : pick(palette, random);
        dab(painting, random, {4.4, 11, 8, 0.08, 0.8}, slope, p, colour);
    }
}

// The crown of a tree: dabs on a disc, lit from the upper left.
struct Tree {
    Vec2 foot;
    double height = 0;
    double width = 0;
};

constexpr std::array<Vec3, 5> leaves_lit = {{{0.66, 0.72, 0.22},
                                             {0.52, 0.66, 0.22},
                                             {0.80, 0.76, 0.30},
                                             {0.42, 0.60, 0.28},
                                             {0.74, 0.66, 0.24}}};
constexpr std::array<Vec3, 5> leaves_dark = {{{0.10, 0.25, 0.24},
                                              {0.14, 0.20, 0.36},
                                              {0.20, 0.36, 0.20},
                                              {0.26, 0.20, 0.36},
                                              {0.08, 0.30, 0.30}}};

void paint_tree(Painting& painting, Random& random, const Tree& tree) {
    const Vec2 middle = tree.foot - Vec2{0, tree.height * 0.55};
    for (double k = -1; k <= 1; ++k) {
        dab(painting, random, {2.6, tree.height * 0.5, 10, 0.1, 0.9}, upright,
            tree.foot + Vec2{k, -tree.height * 0.2}, Vec3{0.24, 0.16, 0.26});
    }
    const int count = static_cast<int>(tree.height * tree.width * 0.15);
    for (int i = 0; i < count; ++i) {
        const double angle = random.between(0, 2 * pi);
        const double r = std::sqrt(random.fraction());
        const double bumpy = 0.85 + 0.25 * std::sin(angle * 5 + tree.foot.x);
        const Vec2 on_disc{r * std::cos(angle), r * std::sin(angle)};
        const Vec2 p =
            middle + Vec2{on_disc.x * tree.width, on_disc.y * tree.height * 0.95} * (0.5 * bumpy);
        const double light = -0.55 * on_disc.x - 0.75 * on_disc.y + 0.35 * random.normal();
        const double late = static_cast<double>(i) / count;
        const Vec3 colour =
            light + late > 0.75 ? pick(leaves_lit, random) : pick(leaves_dark, random);
        const Flow leaf = [&](Vec2) { return Vec2{0.8 * on_disc.x + 0.5, 0.8 - on_disc.y * 0.5}; };
        dab(painting, random, {4.0, 6.5, 9, 0.13, 1.1}, leaf, p, colour);
    }
}

constexpr std::array<Tree, 17> trees = {{
    {{134, 120}, 15, 34},
    {{164, 120}, 12, 28},
    {{184, 120}, 17, 22},
    {{236, 121}, 22, 24},
    {{104, 122}, 26, 34},
    {{76, 124}, 38, 36},
    {{-4, 125}, 58, 42},
    {{30, 126}, 70, 40},
    {{54, 126}, 48, 32},
    {{256, 122}, 30, 26},
    {{268, 124}, 58, 15},
    {{285, 125}, 72, 16},
    {{303, 126}, 86, 17},
    {{322, 126}, 78, 17},
    {{341, 127}, 94, 19},
    {{368, 127}, 52, 40},
    {{398, 129}, 68, 44},
}};

// The stream comes from the middle distance and leaves on the left, between these banks.
double far_bank(double x) {
    const double way = std::max(0.0, (196 - x) / 208);
    return 124 + 27 * std::pow(way, 1.5) + 2 * std::sin(x * 0.09);
}
double near_bank(double x) {
    const double way = std::max(0.0, (196 - x) / 208);
    return 124.5 + 84 * std::pow(way, 1.15) + 4 * std::sin(x * 0.055) * way;
}
bool in_stream(Vec2 p) {
    return p.x < 196 && p.y > far_bank(p.x) && p.y < near_bank(p.x);
}

Vec3 water_colour(Vec2 p, Random& random) {
    // The reflection of the scene above the bank, stretched downward by the ripples: trees near the
    // far bank, then the sky.
    const double below = p.y - far_bank(p.x);
    const Vec2 mirrored{p.x + 3 * random.normal(), 120 - 2.6 * below + 5 * random.normal()};
    for (const Tree& tree : trees) {
        const bool under = std::abs(mirrored.x - tree.foot.x) < tree.width * 0.48;
        if (under && mirrored.y > tree.foot.y - tree.height * 1.0) {
            return mix(pick(leaves_dark, random), Vec3{0.30, 0.42, 0.46}, 0.4);
        }
    }
    return mix(sky_colour({mirrored.x, std::max(6.0, mirrored.y)}, random), Vec3{0.36, 0.55, 0.76},
               0.32);
}

void paint_stream(Painting& painting, Random& random) {
    for (const auto& [spacing, width] : {std::pair{4.4, 4.6}, std::pair{4.6, 3.2}}) {
        for (const Vec2& p : scattered_points(spacing, random)) {
            if (!in_stream(p)) continue;
            dab(painting, random, {width, 15, 8, 0.08, 0.9}, sideways, p, water_colour(p, random));
        }
    }
    // Reeds and shade along the banks.
    for (const Vec2& p : scattered_points(3.2, random)) {
        const bool far = std::abs(p.y - far_bank(p.x)) < 2.0;
        const bool near = std::abs(p.y - near_bank(p.x) - 1) < 3.0;
        if (p.x > 192 || !(far || near)) continue;
        const Vec3 colour =
            random.fraction() < 0.65 ? pick(leaves_dark, random) : pick(leaves_lit, random);
        const Vec2 root = p - Vec2{0, near ? 2.5 : 1.0};
        dab(painting, random, {2.9, near ? 9.0 : 4.5, 10, 0.15, 1.0}, upright, root, colour);
    }
}

// How near the ground is at a height in the picture: 0 at the horizon, 1 at the lower edge.
double nearness(double y) {
    return clamp01((y - horizon) / (picture_height - horizon));
}

Vec3 meadow_colour(Vec2 p, Random& random) {
    const std::array<Vec3, 6> sunny = {{{0.74, 0.76, 0.28},
                                        {0.88, 0.80, 0.36},
                                        {0.60, 0.72, 0.30},
                                        {0.92, 0.84, 0.50},
                                        {0.68, 0.70, 0.22},
                                        {0.84, 0.70, 0.34}}};
    const std::array<Vec3, 6> shady = {{{0.20, 0.42, 0.24},
                                        {0.16, 0.34, 0.32},
                                        {0.34, 0.50, 0.22},
                                        {0.30, 0.30, 0.46},
                                        {0.24, 0.46, 0.34},
                                        {0.40, 0.44, 0.18}}};
    const double near = nearness(p.y);
    const Vec2 ground{(p.x - 200) / (0.25 + near) * 0.012, 2.4 / (0.12 + near)};
    const double light =
        0.5 + 0.8 * fractal_noise(ground, 3, 91) - 0.22 * near + 0.16 * random.normal();
    return light > 0.42 ? pick(sunny, random) : pick(shady, random);
}

void paint_meadow(Painting& painting, Random& random) {
    const Flow blades = [](Vec2 p) {
        const double lean = 0.9 * fractal_noise(p * 0.014, 2, 66) + 0.25;
        return mix(Vec2{1, 0.15}, Vec2{lean, -1}, smoothstep(0.04, 0.32, nearness(p.y)));
    };
    std::vector<Vec2> points = scattered_points(3.7, random);
    std::stable_sort(points.begin(), points.end(), [](Vec2 a, Vec2 b) {
        return std::floor(a.y / 12) < std::floor(b.y / 12);  // distant grass goes first
    });
    for (int pass = 0; pass < 2; ++pass) {
        for (const Vec2& p : points) {
            if (p.y < horizon + 4 || in_stream(p)) continue;
            const double near = nearness(p.y);
            const Manner manner{mix(3.2, 5.6 - pass, near), mix(7, 22, near), 8, 0.10, 1.0};
            dab(painting, random, manner, blades, p, meadow_colour(p, random));
        }
    }
}

struct Flower {
    std::array<Vec3, 3> petals;
    double share = 0;  // of the blooming places
};

const std::array<Flower, 4> flowers = {{
    {{{{0.86, 0.12, 0.08}, {0.94, 0.28, 0.10}, {0.76, 0.06, 0.14}}}, 0.76},
    {{{{0.98, 0.95, 0.88}, {0.99, 0.90, 0.78}, {0.90, 0.90, 0.96}}}, 0.09},
    {{{{0.36, 0.34, 0.78}, {0.48, 0.40, 0.82}, {0.28, 0.44, 0.84}}}, 0.10},
    {{{{0.98, 0.82, 0.16}, {0.98, 0.70, 0.12}, {0.99, 0.90, 0.40}}}, 0.05},
}};

const Flower& flower_at(Random& random) {
    double choice = random.fraction();
    for (const Flower& flower : flowers) {
        choice -= flower.share;
        if (choice < 0) return flower;
    }
    return flowers[0];
}

void paint_flowers(Painting& painting, Random& random) {
    std::vector<Vec2> points = scattered_points(4.6, random);
    std::stable_sort(points.begin(), points.end(), [](Vec2 a, Vec2 b) { return a.y < b.y; });
    for (const Vec2& p : points) {
        if (p.y < horizon + 12 || in_stream(p)) continue;
        const double near = nearness(p.y);
        const Vec2 ground{(p.x - 200) / (0.25 + near) * 0.010, 2.0 / (0.12 + near)};
        const double drift = fractal_noise(ground + Vec2{4, 9}, 2, 17);
        if (random.fraction() > smoothstep(-0.05, 0.50, drift) * 0.66 - 0.02) continue;
        const Flower& flower = flower_at(random);
        const double size = mix(2.4, 8.2, near) * random.between(0.75, 1.2);
        const int petals = near > 0.35 ? 3 : 1;
        for (int i = 0; i < petals; ++i) {
            const Vec2 offset{random.normal() * size * 0.30, random.normal() * size * 0.24};
            const Flow petal = [&](Vec2) { return Vec2{1, offset.y * 0.6 - 0.2}; };
            const Vec3 colour = pick(flower.petals, random) * (i == 0 && petals > 1 ? 0.72 : 1.0);
            dab(painting, random, {size * 0.72, size * 0.85, 6, 0.08, 1.5}, petal, p + offset,
                colour);
        }
    }
}

// A farm in the middle distance, as a resting point for the eye.
void paint_farm(Painting& painting, Random& random) {
    for (double x = 203; x <= 221; x += 3) {
        const Vec3 wall = x < 214 ? Vec3{0.98, 0.92, 0.80} : Vec3{0.70, 0.70, 0.84};
        dab(painting, random, {3.8, 10, 6, 0.05, 1.1}, upright, {x, 117}, wall);
    }
    for (double k = 0; k < 4; ++k) {
        const Vec3 tiles = k < 2 ? Vec3{0.90, 0.42, 0.22} : Vec3{0.74, 0.30, 0.22};
        dab(painting, random, {3.2, 23 - 2 * (3 - k), 8, 0.08, 1.2}, sideways,
            {212, 106.5 + 2.1 * k}, tiles);
    }
    for (const double x : {206.0, 212.0}) {
        dab(painting, random, {2.2, 3.6, 8, 0.08, 1.0}, upright, {x, 117}, {0.26, 0.26, 0.44});
    }
}

}  // namespace

Picture field_of_strokes() {
    Random random(1873);
    Painting painting({0.72, 0.60, 0.48});
    paint_sky(painting, random);
    paint_hills(painting, random);
    paint_meadow(painting, random);
    paint_stream(painting, random);
    paint_farm(painting, random);
    for (const Tree& tree : trees) paint_tree(painting, random, tree);
    paint_flowers(painting, random);
    return varnished(painting);
}

}  // namespace draw
