#include "textures.hpp"

#include <array>
#include <functional>
#include <vector>

#include "brush.hpp"
#include "random.hpp"

namespace draw {
namespace {

// Colours from dark to light or around the colour wheel, matching or clashing.
struct Palette {
    explicit Palette(Random& random) {
        const double hue = random.between(0, 360);
        const double spread = random.fraction() < 0.5 ? 40 : 160;
        const double colourful = random.between(0.1, 0.95);
        const double dark = random.between(0.02, 0.5);
        const double light = random.between(0.5, 1);
        for (std::size_t k = 0; k < colours.size(); ++k) {
            const double t = static_cast<double>(k) / static_cast<double>(colours.size() - 1);
            // One at a time: the evaluation order of a call's arguments is unspecified.
            const double value = clamp01(mix(dark, light, t) * random.between(0.8, 1.1));
            const double saturation = clamp01(colourful * random.between(0.5, 1.2));
            const double own_hue = std::fmod(hue + random.between(-spread, spread) + 720, 360);
            colours[k] = from_hsv(own_hue, saturation, value);
        }
        if (random.fraction() < 0.5) std::swap(colours[1], colours[3]);
    }

    /// Runs smoothly through the colours for t from 0 to 1.
    Vec3 at(double t) const {
        const double place = clamp01(t) * static_cast<double>(colours.size() - 1);
        const auto below = std::min(static_cast<std::size_t>(place), colours.size() - 2);
        return mix(colours[below], colours[below + 1], place - static_cast<double>(below));
    }

    /// One of the colours, for t from 0 to 1.
    Vec3 nearest(double t) const { return colours[static_cast<std::size_t>(clamp01(t) * 4.999)]; }

    std::array<Vec3, 5> colours;
};

// How a texture colours a pixel.
using Paint = std::function<Vec3(Vec2)>;

// The plane rotated and stretched: the grain of a texture.
struct Grain {
    explicit Grain(Random& random)
        : size(std::exp(random.between(std::log(5.0), std::log(45.0)))),
          stretch(random.fraction() < 0.4 ? 1 : std::exp(random.between(0, 1.6))),
          angle(random.between(0, pi)) {}

    /// In units of the grain size; x runs across the stretch.
    Vec2 operator()(Vec2 p) const {
        const double c = std::cos(angle);
        const double s = std::sin(angle);
        return {(c * p.x + s * p.y) / size, (c * p.y - s * p.x) / (size * stretch)};
    }

    double size;
    double stretch;
    double angle;
};

// Noise from 0 to 1, roughly uniformly distributed.
double even_noise(Vec2 p, int octaves, std::uint32_t seed) {
    return smoothstep(-0.75, 0.75, fractal_noise(p, octaves, seed));
}

Picture filled(const Paint& paint) {
    Picture picture(picture_width, picture_height);
    for (int y = 0; y < picture.height; ++y) {
        for (int x = 0; x < picture.width; ++x) {
            picture.at(x, y) = paint({static_cast<double>(x), static_cast<double>(y)});
        }
    }
    return picture;
}

Picture clouds(Random& random) {
    const Palette palette(random);
    const Grain grain(random);
    const int octaves = 1 + static_cast<int>(random.between(0, 5));
    const std::uint32_t seed = random.bits();
    return filled([&](Vec2 p) { return palette.at(even_noise(grain(p), octaves, seed)); });
}

Picture patches(Random& random) {
    const Palette palette(random);
    const Grain grain(random);
    const int octaves = 1 + static_cast<int>(random.between(0, 4));
    const std::uint32_t seed = random.bits();
    return filled([&](Vec2 p) { return palette.nearest(even_noise(grain(p), octaves, seed)); });
}

Picture waves(Random& random) {
    const Palette palette(random);
    const Grain grain(random);
    const double warp = random.between(0.2, 3);
    const double sharp = random.between(0.8, 6);
    const std::uint32_t seed = random.bits();
    return filled([&](Vec2 p) {
        const Vec2 q = grain(p);
        const double wave = std::sin(2 * pi * q.x + warp * fractal_noise(q * 0.5, 3, seed));
        const double tone = even_noise(q * 0.3, 2, seed + 1);
        return palette.at(0.7 * smoothstep(-1 / sharp, 1 / sharp, wave) + 0.3 * tone);
    });
}

Picture marble(Random& random) {
    const Palette palette(random);
    const Grain grain(random);
    const double warp = random.between(0.5, 2.5);
    const double ridged = random.fraction();
    const std::uint32_t seed = random.bits();
    return filled([&](Vec2 p) {
        const Vec2 q = grain(p) * 0.6;
        const Vec2 moved{q.x + warp * fractal_noise(q, 3, seed),
                         q.y + warp * fractal_noise(q, 3, seed + 1)};
        const double n = fractal_noise(moved, 4, seed + 2);
        const double vein = 1 - std::pow(std::abs(n) * 2, 0.6);
        return palette.at(mix(0.5 + 0.8 * n, vein, ridged));
    });
}

// Distances from a point to the nearest and the second nearest of the scattered points, one in each
// unit square, and which point is nearest.
struct Cell {
    double nearest;
    double second;
    std::uint32_t id;
};

Cell cell_at(Vec2 p, std::uint32_t seed) {
    Cell cell{9, 9, 0};
    const auto column = static_cast<std::int32_t>(std::floor(p.x));
    const auto row = static_cast<std::int32_t>(std::floor(p.y));
    for (std::int32_t i = row - 1; i <= row + 1; ++i) {
        for (std::int32_t j = column - 1; j <= column + 1; ++j) {
            const Vec2 point{j + hash_fraction(j, i, 0, seed), i + hash_fraction(j, i, 1, seed)};
            const double distance = length(p - point);
            if (distance < cell.nearest) {
                cell = {distance, cell.nearest, hash(j, i, 2, seed)};
            } else {
                cell.second = std::min(cell.second, distance);
            }
        }
    }
    return cell;
}

Picture cells(Random& random) {
    const Palette palette(random);
    const Grain grain(random);
    const double edge = random.between(0.02, 0.2);
    const double shade = random.between(-0.5, 0.5);
    const bool flat = random.fraction() < 0.4;
    const std::uint32_t seed = random.bits();
    return filled([&](Vec2 p) {
        const Cell cell = cell_at(grain(p), seed);
        const double tone = flat ? 0.6 : cell.id * 0x1p-32;
        const double wall = smoothstep(0, edge, cell.second - cell.nearest);
        return mix(palette.colours[0], palette.at(tone + shade * cell.nearest), wall);
    });
}

// Bricks, scales, checks or dots, each a little different.
Picture lattice(Random& random) {
    const Palette palette(random);
    const Grain grain(random);
    const double shift = random.fraction() < 0.5 ? 0.5 : 0;
    const double roundness = random.fraction();
    const double gap = random.between(0.05, 0.35);
    const double uneven = random.between(0, 0.5);
    const std::uint32_t seed = random.bits();
    return filled([&](Vec2 p) {
        const double wobble = uneven * fractal_noise(p * (0.5 / grain.size), 2, seed);
        Vec2 q = grain(p);
        q = {q.x + wobble, q.y + wobble};
        const auto row = static_cast<std::int32_t>(std::floor(q.y));
        q.x += shift * (row & 1);
        const auto column = static_cast<std::int32_t>(std::floor(q.x));
        const Vec2 inside{std::abs(q.x - column - 0.5), std::abs(q.y - row - 0.5)};
        const double far = mix(std::max(inside.x, inside.y), length(inside), roundness);
        const Vec3 tile = palette.at(0.3 + 0.7 * hash_fraction(column, row, 0, seed));
        return mix(palette.colours[0], tile, smoothstep(0.5, 0.5 - gap, far));
    });
}

Picture hatching(Random& random) {
    const Palette palette(random);
    const Grain first(random);
    const Grain second(random);
    const double thin = random.between(0.1, 0.5);
    const std::uint32_t seed = random.bits();
    const auto line = [&](const Grain& grain, Vec2 p, std::uint32_t s) {
        const double dark = even_noise(p * 0.02, 2, s);  // where the lines are, and how wide
        const Vec2 q = grain(p) * (grain.size / 7);
        const double across = std::abs(std::sin(pi * q.x + 0.8 * fractal_noise(q * 0.4, 2, s)));
        return smoothstep(thin * 2 * dark + 0.1, thin * 2 * dark - 0.1, across);
    };
    return filled([&](Vec2 p) {
        const Vec3 paper =
            mix(palette.colours[4], palette.colours[3], even_noise(p * 0.3, 3, seed));
        const Vec3 once = mix(paper, palette.colours[0], line(first, p, seed + 1));
        return mix(once, palette.colours[1], line(second, p, seed + 2));
    });
}

// Overlapping shapes, with small ones between the large.
Picture leaves(Random& random) {
    const Palette palette(random);
    Picture picture = filled([&](Vec2) { return palette.colours[0]; });
    const double largest = random.between(10, 60);
    const double slender = random.between(0.2, 1);
    const double corners = random.fraction() < 0.3 ? 1 : 0;  // rectangles instead of ellipses
    const double shade = random.between(0, 0.6);
    const int count = static_cast<int>(40000 / largest);
    for (int k = 0; k < count; ++k) {
        const Vec2 centre{random.between(-20, 420), random.between(-20, 320)};
        const double radius = largest * std::pow(random.between(0.05, 1), 1.5);
        const double angle = random.between(0, pi);
        const Vec2 along{std::cos(angle), std::sin(angle)};
        const Vec3 colour = palette.at(random.fraction());
        const int reach = static_cast<int>(radius * 1.5) + 1;
        for (int y = std::max(0, static_cast<int>(centre.y) - reach);
             y < std::min(picture.height, static_cast<int>(centre.y) + reach); ++y) {
            for (int x = std::max(0, static_cast<int>(centre.x) - reach);
                 x < std::min(picture.width, static_cast<int>(centre.x) + reach); ++x) {
                const Vec2 d = Vec2{static_cast<double>(x), static_cast<double>(y)} - centre;
                const Vec2 q{dot(d, along) / radius,
                             (along.x * d.y - along.y * d.x) / (radius * slender)};
                const double far = mix(length(q), std::max(std::abs(q.x), std::abs(q.y)), corners);
                const double cover = smoothstep(1 + 0.5 / radius, 1 - 0.5 / radius, far);
                Vec3& pixel = picture.at(x, y);
                pixel = mix(pixel, colour * (1 - shade * far * (0.5 + 0.5 * q.y)), cover);
            }
        }
    }
    return picture;
}

// Brush strokes, side by side, along a flow.
Picture strokes(Random& random) {
    const Palette palette(random);
    Painting painting(palette.colours[0]);
    const Manner manner{random.between(3, 11), random.between(8, 60), random.between(2, 25),
                        random.between(0.03, 0.25), random.between(0.5, 1.5)};
    const double turning = random.between(0, 0.02);
    const double angle = random.between(0, 2 * pi);
    const double tones = random.between(0.005, 0.03);
    const std::uint32_t seed = random.bits();
    const Flow flow = [=](Vec2 p) {
        const double a = angle + 4 * fractal_noise(p * turning, 2, seed);
        return Vec2{std::cos(a), std::sin(a)};
    };
    for (const Vec2 p : scattered_points(manner.width * 1.1, random)) {
        const double tone = even_noise(p * tones, 3, seed + 1) + 0.2 * random.normal();
        dab(painting, random, manner, flow, p, palette.at(tone));
    }
    return varnished(painting);
}

// Dots of pure colour that mix in the eye.
Picture dots(Random& random) {
    const Palette palette(random);
    Painting painting(palette.colours[3]);
    const double size = random.between(2.5, 7);
    const Manner manner{size, size * random.between(0.6, 2), random.between(5, 40),
                        random.between(0.05, 0.3), 0.6};
    const double tones = random.between(0.005, 0.03);
    const double mixed = random.between(0.1, 0.5);
    const std::uint32_t seed = random.bits();
    for (const Vec2 p : scattered_points(size * 1.2, random)) {
        const double tone = even_noise(p * tones, 3, seed) + mixed * random.normal();
        dab(painting, random, manner, sideways, p, palette.nearest(tone));
    }
    return varnished(painting);
}

// Ridges one behind another under a sky: edges between smooth and busy regions.
Picture ridges(Random& random) {
    const Palette palette(random);
    const Palette earth(random);
    const double first = random.between(60, 140);
    const double step = random.between(20, 60);
    const double rough = random.between(10, 40);
    const double busy = random.between(0.05, 0.5);
    const std::uint32_t seed = random.bits();
    return filled([&](Vec2 p) {
        const auto line = [&](std::uint32_t k) {
            return first + step * k +
                   rough * fractal_noise(Vec2{p.x * 0.015, 7.0 * k}, 4, seed + k);
        };
        std::uint32_t layer = 0;
        while (layer < 5 && p.y > line(layer)) ++layer;
        if (layer == 0) return palette.at(0.5 + p.y / 600 + 0.3 * fractal_noise(p * 0.01, 3, seed));
        const double tone = 1 - layer / 6.0 + busy * fractal_noise(p * 0.2, 3, seed + 9);
        return earth.at(tone);
    });
}

// Soft lights in front of soft colours.
Picture lights(Random& random) {
    const Palette palette(random);
    const Grain grain(random);
    const double radius = random.between(0.1, 0.45);
    const double blur = random.between(0.02, 0.3);
    const std::uint32_t seed = random.bits();
    return filled([&](Vec2 p) {
        const Cell cell = cell_at(grain(p), seed);
        const Vec3 ground = palette.at(0.5 * even_noise(p * 0.015, 3, seed + 1));
        const double lit = smoothstep(radius + blur, radius - blur, cell.nearest);
        return mix(ground, palette.at(0.4 + 0.6 * (cell.id * 0x1p-32)), lit);
    });
}

}  // namespace

Picture texture(std::uint32_t number) {
    constexpr std::array<Picture (*)(Random&), texture_kinds> kinds = {
        clouds,   patches, waves,   marble, cells,  lattice,
        hatching, leaves,  strokes, dots,   ridges, lights};
    Random random(number * 0x9E3779B1U + 1);
    return kinds[number % texture_kinds](random);
}

}  // namespace draw
