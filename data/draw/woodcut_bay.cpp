// A bay between mountains at sunrise, as a woodcut in colours.

#include <array>

#include "carving.hpp"
#include "sample_pictures.hpp"

namespace draw {
namespace {

constexpr int wide = large_width;
constexpr int high = large_height;
constexpr Vec2 sun{418, 128};
constexpr double sun_radius = 44;
constexpr double shore = 262;  // where the water begins

// ---- The parts, from back to front ------------------------------------------------------------

double far_ridge(double x) {
    return 214 - 52 * std::exp(-std::pow((x - 250) / 95, 2)) -
           30 * std::exp(-std::pow((x - 560) / 70, 2)) -
           16 * fractal_noise(Vec2{x * 0.02, 1.5}, 4, 11);
}
double near_ridge(double x) {
    const double left = 150 * std::exp(-std::pow((x - 66) / 110, 2));
    const double right = 74 * std::exp(-std::pow((x - 650) / 105, 2));
    return 266 - left - right - 22 * fractal_noise(Vec2{x * 0.025, 4.5}, 4, 12);
}
double sky_depth(Vec2 p) {
    return std::min(far_ridge(p.x), near_ridge(p.x)) - p.y;
}
double far_depth(Vec2 p) {
    return std::min(0.8 * (p.y - far_ridge(p.x)), shore - p.y);
}
double near_depth(Vec2 p) {
    return std::min(0.7 * (p.y - near_ridge(p.x)), shore - p.y);
}
double sun_depth(Vec2 p) {
    return sun_radius - length(p - sun);
}

double hill_a(double x) {
    return 352 - 34 * std::sin((x - 40) * 0.0085) + 10 * std::sin(x * 0.021 + 1);
}
double hill_b(double x) {
    return 420 - 52 * std::sin((x - 330) * 0.0082) - 10 * std::sin(x * 0.018);
}
double hill_a_depth(Vec2 p) {
    return 0.95 * (p.y - hill_a(p.x));
}
double hill_b_depth(Vec2 p) {
    return 0.95 * (p.y - hill_b(p.x));
}
double water_depth(Vec2 p) {
    return p.y - shore;
}

struct Cloud {
    Vec2 centre;
    double radius = 0;
};
constexpr std::array<Cloud, 17> clouds = {{{{60, 66}, 40},
                                           {{108, 52}, 46},
                                           {{160, 64}, 34},
                                           {{22, 84}, 30},
                                           {{200, 78}, 22},
                                           {{84, 88}, 30},
                                           {{140, 88}, 26},
                                           {{560, 60}, 34},
                                           {{602, 48}, 42},
                                           {{640, 66}, 34},
                                           {{526, 76}, 20},
                                           {{586, 80}, 26},
                                           {{258, 36}, 18},
                                           {{286, 28}, 26},
                                           {{318, 36}, 20},
                                           {{236, 42}, 12},
                                           {{342, 41}, 12}}};

const Cloud* cloud_at(Vec2 p, double& depth) {
    const Cloud* best = nullptr;
    depth = -1e9;
    for (const Cloud& cloud : clouds) {
        const double flat = p.y > cloud.centre.y + cloud.radius * 0.55 ? 2.6 : 1;
        const Vec2 d = p - cloud.centre;
        const double here = cloud.radius - length(Vec2{d.x, d.y > 0 ? d.y * flat : d.y});
        if (here > depth) {
            depth = here;
            best = &cloud;
        }
    }
    return best;
}
double cloud_depth(Vec2 p) {
    double depth = 0;
    cloud_at(p, depth);
    return std::min(depth, 0.8 * sky_depth(p));
}

// ---- Cutting -----------------------------------------------------------------------------------

const auto same = [](double v) { return [v](Vec2) { return v; }; };

void cut_sky(Block& block, Random& random) {
    Cuts rays;
    rays.depth = [](Vec2 p) { return std::min(sky_depth(p), -sun_depth(p) - 5); };
    rays.flow = [](Vec2 p) {
        const Vec2 d = p - sun;
        const double curl = 0.5 * fractal_noise(p * 0.008, 2, 21);
        return Vec2{d.x - curl * d.y, d.y + curl * d.x};
    };
    rays.tone = [](Vec2 p) {
        const Vec2 d = p - sun;
        const double beam = std::sin(std::atan2(d.y, d.x) * 18 + 2 * fractal_noise(p * 0.01, 2, 4));
        return clamp01(0.98 - 0.0016 * length(d) + 0.18 * beam);
    };
    rays.pitch = [](Vec2 p) { return 4.2 + 0.012 * length(p - sun); };
    rays.length = 70;
    rays.outline = 3;
    block.cut(rays, random);

    Cuts disc;
    disc.depth = sun_depth;
    disc.flow = [](Vec2 p) { return Vec2{-(p - sun).y, (p - sun).x}; };
    disc.tone = same(0.93);
    disc.pitch = same(5);
    disc.outline = 3;
    disc.length = 90;
    block.cut(disc, random);
}

void cut_clouds(Block& block, Random& random) {
    block.restore(cloud_depth);
    Cuts cuts;
    cuts.depth = [](Vec2 p) {
        double depth = 0;
        const Cloud* cloud = cloud_at(p, depth);
        // The second nearest leaves a dark line between two heaps.
        double other = -1e9;
        for (const Cloud& c : clouds) {
            if (&c != cloud) other = std::max(other, c.radius - length(p - c.centre));
        }
        return std::min(cloud_depth(p), 0.5 * (depth - other) + 1.6);
    };
    cuts.flow = [](Vec2 p) {
        double depth = 0;
        const Cloud* cloud = cloud_at(p, depth);
        const Vec2 d = p - cloud->centre - Vec2{0, 0.45 * cloud->radius};
        return Vec2{-d.y, d.x};
    };
    cuts.tone = [](Vec2 p) {
        double depth = 0;
        const Cloud* cloud = cloud_at(p, depth);
        const Vec2 light{sun.x > cloud->centre.x ? 0.6 : -0.6, -0.8};
        const double lit = dot((p - cloud->centre) * (1 / cloud->radius), light);
        return clamp01(0.66 + 0.5 * lit);
    };
    cuts.pitch = same(5);
    cuts.outline = 2;
    cuts.length = 46;
    block.cut(cuts, random);
}

void cut_mountains(Block& block, Random& random) {
    const auto slope = [](double (*ridge)(double), double lean) {
        return [=](Vec2 p) {
            const double d = ridge(p.x + 7) - ridge(p.x - 7);
            const double fall = fractal_noise(p * 0.03, 2, 40);
            return Vec2{lean * (d > 0 ? 1 : -1) + 0.7 * fall, 1.0};
        };
    };
    const auto light = [](double (*ridge)(double), double base) {
        return [=](Vec2 p) {
            // Facets: the crest line is followed downward, wandering.
            const double x = p.x + 16 * fractal_noise(p * 0.025, 3, 42);
            const double d = ridge(x + 5) - ridge(x - 5);
            const double toward = sun.x > p.x ? d : -d;
            return clamp01(base + 0.07 * toward + 0.28 * fractal_noise(p * 0.05, 3, 43));
        };
    };
    block.restore(far_depth);
    Cuts far;
    far.depth = far_depth;
    far.flow = slope(far_ridge, 0.6);
    far.tone = light(far_ridge, 0.58);
    far.pitch = same(4.4);
    far.length = 26;
    far.outline = 2.2;
    block.cut(far, random);
    block.restore(near_depth);
    Cuts near;
    near.depth = near_depth;
    near.flow = slope(near_ridge, 0.8);
    near.tone = light(near_ridge, 0.46);
    near.pitch = same(5.6);
    near.length = 40;
    near.outline = 3;
    block.cut(near, random);
}

void cut_water(Block& block, Random& random) {
    block.restore(water_depth);
    Cuts cuts;
    cuts.depth = water_depth;
    cuts.flow = [](Vec2 p) {
        const double closeness = (p.y - shore) / 100;
        return Vec2{1, 0.35 * closeness * std::sin(p.x * 0.045 / (0.5 + closeness) + p.y * 0.2)};
    };
    cuts.tone = [](Vec2 p) {
        const double spread = 20 + 0.75 * (p.y - shore);
        const double glitter = std::exp(-std::pow((p.x - sun.x) / spread, 2));
        const double shade = p.y < shore + 40 && near_ridge(p.x) < 226 ? 0.22 : 0;
        return clamp01(0.52 - shade + 0.50 * glitter +
                       0.35 * fractal_noise(Vec2{p.x * 0.012, p.y * 0.06}, 2, 50));
    };
    cuts.pitch = [](Vec2 p) { return 3.2 + 0.042 * (p.y - shore); };
    cuts.length = 44;
    cuts.outline = 1.5;
    block.cut(cuts, random);
}

// Furrows run along the hill and fan out toward the viewer.
void cut_hill(Block& block, Random& random, double (*line)(double), double (*depth)(Vec2),
              double fan, double bright, std::uint32_t seed) {
    block.restore(depth);
    Cuts cuts;
    cuts.depth = depth;
    cuts.flow = [=](Vec2 p) {
        const double field = value_noise({p.x * 0.009 + 3, p.y * 0.012}, seed);
        const double along = line(p.x + 1) - line(p.x - 1);
        if (field > 0.52) return Vec2{(p.x - fan) * 0.9, 90 + 1.3 * depth(p)};
        return Vec2{2, along + 0.012 * (p.x - fan)};
    };
    cuts.tone = [=](Vec2 p) {
        const double field = value_noise({p.x * 0.009 + 3, p.y * 0.012}, seed);
        const double crest = std::exp(-depth(p) / 16);
        return clamp01(bright + 0.4 * crest + (field > 0.52 ? 0.10 : -0.12) +
                       0.30 * fractal_noise(p * 0.014, 2, seed + 1));
    };
    cuts.pitch = [=](Vec2 p) { return 5.4 + 0.030 * depth(p); };
    cuts.length = 80;
    cuts.outline = 3;
    block.cut(cuts, random);
}

// ---- Trees -------------------------------------------------------------------------------------

struct Tree {
    Vec2 foot;
    double height;
    double width;
};

// A pine: tiers of boughs that hang a little, wider toward the ground.
double pine_depth(const Tree& tree, Vec2 p) {
    const double up = (tree.foot.y - p.y) / tree.height;
    const double across = std::abs(p.x - tree.foot.x);
    if (up < 0 || up > 1) return -10;
    if (up < 0.1) return 0.035 * tree.height - across;
    const double tier = up * 8 - std::floor(up * 8);
    const double lean = 0.16 * tree.width * (value_noise({up * 9, tree.foot.x}, 61) - 0.5);
    const double half =
        0.5 * tree.width * (1.02 - up) * (1.12 - 0.42 * tier) + lean * (p.x > tree.foot.x ? 1 : -1);
    return half - across;
}

void cut_pine(Block& block, Random& random, const Tree& tree) {
    const auto depth = [=](Vec2 p) { return pine_depth(tree, p); };
    block.clear([=](Vec2 p) { return depth(p) + 3.2; });
    block.restore(depth);
    Cuts cuts;
    cuts.depth = depth;
    cuts.flow = [=](Vec2 p) {
        return Vec2{p.x > tree.foot.x ? 1.0 : -1.0, 0.75 + 0.2 * std::sin(p.y)};
    };
    cuts.tone = [=](Vec2 p) {
        const double side =
            (p.x - tree.foot.x) / (0.5 * tree.width) * (sun.x > tree.foot.x ? 1 : -1);
        return clamp01(0.12 + 0.62 * side + 0.3 * (value_noise(p * 0.12, 63) - 0.5));
    };
    cuts.pitch = same(std::max(3.6, tree.height * 0.034));
    cuts.length = tree.width * 0.32;
    cuts.outline = 1.0;
    block.cut(cuts, random);
}

// ---- Printing ----------------------------------------------------------------------------------

// The colour blocks, printed one after the other under the key block, none of them quite in place.
Vec3 colour_blocks(Vec2 p, Vec3 paper) {
    const auto ink = [&](Vec3 under, Vec3 colour, double strength, Vec2 q, std::uint32_t seed) {
        const double grain =
            value_noise({q.x * 0.015, q.y * 0.5 + 4 * value_noise(q * 0.011, seed)}, seed + 1);
        const double patchy = value_noise(q * 0.5, seed + 2);
        return mix(under, under * colour,
                   clamp01(strength * (0.86 + 0.20 * grain - 0.16 * patchy)));
    };
    Vec3 c = paper;
    const Vec2 a = p + Vec2{1.3, -0.8};
    const Vec2 b = p + Vec2{-1.1, 1.2};
    const double sky = clamp01(sky_depth(a) + 0.5);
    const double cloudy = clamp01(cloud_depth(a) + 0.5);
    const double dawn = std::exp(-std::pow(length(a - sun) / 190, 2));
    c = ink(c, {0.98, 0.72, 0.36}, sky * (1 - cloudy) * (0.15 + 0.85 * dawn), a, 70);
    c = ink(c, {0.45, 0.66, 0.74}, sky * (1 - cloudy) * (1 - dawn) * smoothstep(250, 20, a.y), a,
            73);
    c = ink(c, {0.90, 0.30, 0.16}, clamp01(sun_depth(b) + 0.5), b, 76);
    const double hills = clamp01(std::max(hill_a_depth(a), hill_b_depth(a)) + 0.5);
    const double far = clamp01(far_depth(b) + 0.5) * clamp01(0.5 - near_depth(b));
    const double near = clamp01(near_depth(b) + 0.5);
    c = ink(c, {0.80, 0.62, 0.66}, far, b, 79);
    c = ink(c, {0.42, 0.52, 0.62}, near, b, 82);
    const double water = clamp01(water_depth(a) + 0.5) * (1 - hills);
    const double gold = std::exp(-std::pow((a.x - sun.x) / (24 + 0.6 * (a.y - shore)), 2));
    c = ink(c, {0.40, 0.68, 0.72}, water * (1 - 0.9 * gold), a, 85);
    c = ink(c, {0.98, 0.66, 0.34}, water * gold, a, 88);
    const double front = clamp01(hill_b_depth(b) + 0.5);
    c = ink(c, {0.84, 0.68, 0.32}, hills * (1 - front), b, 91);
    c = ink(c, {0.52, 0.66, 0.36}, front, b, 94);
    return c;
}

Picture printed(const Block& block) {
    Picture key(block.width(), block.height());
    for (int y = 0; y < key.height; ++y) {
        for (int x = 0; x < key.width; ++x) key.at(x, y).x = block.print(x, y);
    }
    key = reduced(key, Block::scale);
    Picture print(wide, high);
    for (int y = 0; y < print.height; ++y) {
        for (int x = 0; x < print.width; ++x) {
            const Vec2 p{x + 0.5, y + 0.5};
            const double fibre = 0.025 * fractal_noise(Vec2{p.x * 0.25, p.y * 0.6}, 3, 98);
            const Vec3 paper = Vec3{0.965, 0.925, 0.82} * (1 + fibre);
            const Vec3 black{0.085, 0.085, 0.12};
            print.at(x, y) = mix(colour_blocks(p, paper), black, 0.97 * key.at(x, y).x);
        }
    }
    return print;
}

}  // namespace

Picture woodcut_bay() {
    Block block(wide, high);
    Random random(1831);
    cut_sky(block, random);
    cut_clouds(block, random);
    cut_mountains(block, random);
    cut_water(block, random);
    cut_hill(block, random, hill_a, hill_a_depth, 180, 0.56, 54);
    for (const Tree& tree :
         {Tree{{52, 372}, 96, 40}, Tree{{88, 366}, 74, 32}, Tree{{120, 360}, 58, 26},
          Tree{{560, 372}, 60, 26}, Tree{{590, 376}, 84, 34}}) {
        cut_pine(block, random, tree);
    }
    cut_hill(block, random, hill_b, hill_b_depth, 420, 0.52, 57);
    for (const Tree& tree :
         {Tree{{606, 474}, 250, 92}, Tree{{536, 480}, 168, 66}, Tree{{34, 486}, 130, 58}}) {
        cut_pine(block, random, tree);
    }
    return printed(block);
}

}  // namespace draw
