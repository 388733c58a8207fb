// A woman in three-quarter view by a window: solids modelled by their distance functions, found by
// sphere tracing, lit by a large soft light from the upper left.

#include <array>
#include <cstdint>
#include <vector>

#include "random.hpp"
#include "sample_pictures.hpp"

namespace draw {
namespace {

constexpr int wide = large_height;  // upright
constexpr int high = large_width;

enum class Stuff : std::uint8_t { none, skin, lips, eye, hair, dress, ribbon, pearl };

struct Near {
    double distance = 1e9;
    Stuff stuff = Stuff::none;
};

// ---- Distance functions ------------------------------------------------------------------------

double ball(Vec3 p, Vec3 centre, double r) {
    return length(p - centre) - r;
}

double egg(Vec3 p, Vec3 centre, Vec3 radii) {
    const Vec3 q = p - centre;
    const Vec3 a{q.x / radii.x, q.y / radii.y, q.z / radii.z};
    const Vec3 b{a.x / radii.x, a.y / radii.y, a.z / radii.z};
    const double k = length(a);
    return k * (k - 1) / std::max(1e-6, length(b));
}

// A bone from a to b, of radius ra at a and rb at b.
double bone(Vec3 p, Vec3 a, Vec3 b, double ra, double rb) {
    const Vec3 d = b - a;
    const double t = clamp01(dot(p - a, d) / dot(d, d));
    return length(p - a - d * t) - mix(ra, rb, t);
}

double joined(double a, double b, double k) {
    const double h = clamp01(0.5 + 0.5 * (b - a) / k);
    return mix(b, a, h) - k * h * (1 - h);
}

double carved(double a, double b, double k) {
    return -joined(-a, b, k);
}

// |x| without the crease in the middle.
double mirrored(double x) {
    return std::sqrt(x * x + 0.0064) - 0.012;
}

Vec3 turned(Vec3 p, double angle) {
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    return {c * p.x - s * p.z, p.y, s * p.x + c * p.z};
}

Vec3 nodded(Vec3 p, double angle) {
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    return {p.x, c * p.y - s * p.z, s * p.y + c * p.z};
}

Vec3 tilted(Vec3 p, double angle) {
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    return {c * p.x - s * p.y, s * p.x + c * p.y, p.z};
}

// Into the coordinates of the head, whose middle is the origin: x to its left, y up, z to the
// front.
Vec3 in_head(Vec3 p) {
    return nodded(tilted(turned(p, -0.42), -0.06), -0.02);
}

constexpr Vec3 eye_middle{0.262, 0.055, 0.505};
constexpr double eye_radius = 0.150;

double lids(Vec3 q) {
    // Two shells around the eyeball, open between the lines of the lids.
    const Vec3 e = q - eye_middle;
    const double shell = std::abs(length(e) - eye_radius - 0.010) - 0.011;
    const double across = e.x / 0.15;
    const double upper =
        0.049 - 0.052 * across * across - 0.012 * across - e.y + 0.10 * (e.z - 0.15);
    const double lower = e.y + 0.050 - 0.030 * across * across + 0.010 * across;
    const double opening = std::min(upper, lower);  // positive between the lids
    return std::max(shell, opening);
}

double nose(Vec3 q) {
    double d = bone(q, {0, 0.13, 0.62}, {0, -0.17, 0.775}, 0.050, 0.078);
    d = joined(d, ball(q, {0, -0.190, 0.775}, 0.067), 0.05);
    d = joined(d, ball(q, {0.072, -0.218, 0.690}, 0.051), 0.075);
    d = joined(d, bone(q, {0, -0.22, 0.76}, {0, -0.28, 0.66}, 0.035, 0.04), 0.05);
    return carved(d, egg(q, {0.046, -0.275, 0.735}, {0.026, 0.022, 0.045}), 0.02);
}

double mouth_line(double x) {
    return -0.456 + 0.008 * std::cos(x * 26) + 0.8 * x * x;
}

double lips_distance(Vec3 q) {
    const double x = q.x;
    const double curve = 0.55 * x * x;  // the corners lie farther back
    const double upper =
        egg(Vec3{std::abs(x), q.y, q.z + curve}, {0.045, -0.434, 0.592}, {0.150, 0.035, 0.052});
    const double lower = egg(Vec3{x, q.y, q.z + curve}, {0, -0.484, 0.584}, {0.188, 0.046, 0.058});
    const double lips = joined(upper, lower, 0.012);
    const double crease = std::max(std::abs(q.y - mouth_line(x)) - 0.004, std::abs(x) - 0.20);
    return carved(lips, std::max(crease, -(q.z + curve - 0.55)), 0.010);
}

double skull(Vec3 q) {
    double d = egg(q, {0, 0.36, -0.12}, {0.70, 0.74, 0.82});
    d = joined(d, egg(q, {0, -0.14, 0.12}, {0.49, 0.61, 0.535}), 0.22);
    d = joined(d, egg(q, {0, -0.685, 0.42}, {0.125, 0.110, 0.140}), 0.26);
    d = joined(d, bone(q, {0.40, -0.20, -0.05}, {0.08, -0.675, 0.35}, 0.08, 0.075), 0.26);
    d = joined(d, egg(q, {0.30, -0.17, 0.42}, {0.20, 0.20, 0.16}), 0.20);
    d = joined(d, bone(q, {0.06, 0.215, 0.60}, {0.40, 0.235, 0.44}, 0.045, 0.05), 0.13);
    d = carved(d, egg(q, {0.275, 0.07, 0.70}, {0.19, 0.115, 0.17}), 0.11);
    d = joined(d, egg(q, {0, -0.43, 0.490}, {0.22, 0.18, 0.110}), 0.14);
    d = carved(d, egg(q, {0, -0.570, 0.660}, {0.14, 0.03, 0.06}), 0.09);
    return d;
}

Near head(Vec3 h) {
    const Vec3 q{std::abs(h.x), h.y, h.z};
    double d = joined(skull({mirrored(h.x), h.y, h.z}), nose(q), 0.06);
    d = joined(d, lids(q), 0.022);
    Near found{d, Stuff::skin};
    const double lips = lips_distance(h);
    if (lips < found.distance + 0.012) found.stuff = Stuff::lips;
    found.distance = joined(found.distance, lips, 0.016);
    const double eye = ball(q, eye_middle, eye_radius);
    if (eye < found.distance) found = {eye, Stuff::eye};
    return found;
}

// Fine strands: a ripple across the direction of the hair. u runs across, v along.
double strands(double u, double v, std::uint32_t seed) {
    const double w = u + 0.030 * std::sin(v * 3.1 + 4 * u) + 0.012 * std::sin(v * 7.7 + 2);
    return 0.50 * noise({w * 17, v * 1.2, 0.5}, seed) +
           0.35 * noise({w * 48, v * 1.6, 3.5}, seed + 1) +
           0.20 * noise({w * 120, v * 2.2, 6.5}, seed + 2);
}

struct Lock {
    Vec3 a;
    Vec3 b;
    double ra = 0;
    double rb = 0;
};

struct Hair {
    double distance;
    double tone;   // of the strand, about -1 to 1
    double clump;  // of the bundle of strands
};

Hair hair(Vec3 h) {
    const Vec3 q{std::abs(h.x), h.y, h.z};
    // A cap from the parting in the middle, open in front along the hairline.
    double cap = egg(q, {0, 0.40, -0.16}, {0.80, 0.78, 0.90});
    cap = joined(cap, egg(q, {0.30, 0.62, 0.10}, {0.44, 0.44, 0.50}), 0.20);
    cap = carved(cap, bone(q, {0, 1.30, 0.80}, {0, 1.22, -0.3}, 0.12, 0.10), 0.10);
    const double face = egg(q, {0, 0.0, 0.80}, {0.565, 0.68, 0.74});
    cap = carved(cap, face, 0.08);
    // Waves that fall behind the cheeks onto the shoulders.
    static constexpr std::array<Lock, 5> locks = {
        {{{0.44, 0.68, 0.20}, {0.60, -0.02, 0.11}, 0.19, 0.19},
         {{0.60, -0.02, 0.11}, {0.60, -0.62, 0.02}, 0.19, 0.22},
         {{0.60, -0.62, 0.02}, {0.74, -1.25, 0.06}, 0.22, 0.23},
         {{0.74, -1.25, 0.08}, {0.66, -1.90, 0.46}, 0.23, 0.20},
         {{0.66, -1.90, 0.46}, {0.74, -3.20, 0.66}, 0.20, 0.16}}};
    double fall = 1e9;
    for (const Lock& lock : locks)
        fall = joined(fall, bone(q, lock.a, lock.b, lock.ra, lock.rb), 0.12);
    fall = joined(fall, egg(q, {0.30, -0.70, -0.55}, {0.52, 1.00, 0.36}), 0.2);
    const double d = joined(cap, fall, 0.24);
    if (d > 0.15) return {d - 0.08, 0, 0};
    // From the parting sideways around the head, below the ears downward around each lock.
    const double side = h.x > 0 ? 7 : 0;
    const double across_cap = 0.8 * std::atan2(h.y - 0.2, h.z + 0.2) + side;
    const double along_cap = std::atan2(q.x, length(Vec2{h.y - 0.2, h.z + 0.2}));
    const double across_lock = 0.24 * std::atan2(q.x - 0.66, h.z + 0.05) + side;
    const double down = smoothstep(0.45, 0.0, q.y);
    const double tone =
        mix(strands(across_cap, along_cap, 31), strands(across_lock, 1.2 - q.y, 31), down);
    const double clump = mix(noise({across_cap * 7, along_cap, 2}, 33),
                             noise({across_lock * 7, 0.8 * q.y, 2}, 33), down);
    const double wave = 0.030 * std::sin(5.2 * q.y - 5 * across_lock) * down;
    return {d + wave - 0.016 * tone - 0.035 * clump, tone, clump};
}

// The body is turned less than the head.
Vec3 on_body(Vec3 p) {
    return turned(p, -0.24) - Vec3{0, 0.40, 0};
}

double shoulders(Vec3 p) {
    const Vec3 q = on_body(p);
    const Vec3 m{mirrored(q.x), q.y, q.z};
    double d = egg(m, {0, -2.62, -0.34}, {1.02, 0.86, 0.58});
    d = joined(d, bone(m, {0.30, -1.92, -0.36}, {1.32, -2.28, -0.36}, 0.24, 0.33), 0.30);
    d = joined(d, bone(m, {1.36, -2.30, -0.34}, {1.52, -3.6, -0.1}, 0.36, 0.34), 0.20);
    d = joined(d, egg(m, {0.36, -3.0, 0.10}, {0.46, 0.50, 0.38}), 0.34);
    return d;
}

double neck(Vec3 p) {
    double d = bone(p, {0.02, -0.50, -0.12}, {0.02, -1.45, -0.26}, 0.345, 0.36);
    d = joined(d, bone(p, {0.44, -0.52, -0.16}, {-0.06, -1.47, 0.10}, 0.05, 0.06), 0.16);
    return d;
}

double collar_bones(Vec3 p) {
    const Vec3 q = on_body(p);
    return bone({std::abs(q.x), q.y, q.z}, {0.10, -1.98, 0.13}, {0.70, -1.90, -0.10}, 0.045, 0.03);
}

double dress(Vec3 p) {
    const Vec3 q = on_body(p);
    const double skin = shoulders(p);
    if (skin > 0.5) return skin - 0.25;
    // Folds hang from the shoulders, sharp where the cloth is gathered.
    const double drift = 0.5 * fractal_noise(q * 0.8, 2, 51);
    const double pleat = std::abs(std::sin(q.x * 7.5 * (1 + 0.25 * q.y + 0.6) + 5 * drift));
    const double folds = 0.085 * (std::sqrt(pleat + 0.02) - 0.7) * smoothstep(-1.95, -2.7, q.y) +
                         0.05 * fractal_noise(Vec3{q.x * 1.8, q.y * 1.2, q.z * 2}, 2, 52);
    const double cloth = std::min(skin - 0.115 + folds, skin - 0.02);
    const double opening = egg(q, {0, -1.72, 0.22}, {0.72, 0.62, 0.95});
    return carved(cloth, opening, 0.03);
}

double hem(Vec3 p) {
    const Vec3 q = on_body(p);
    const double opening = egg(q, {0, -1.72, 0.22}, {0.72, 0.62, 0.95});
    const double ring = std::abs(opening) - 0.035;
    return std::max(ring, std::abs(shoulders(p) - 0.085) - 0.045);
}

double pearl(Vec3 h) {
    return std::min(ball(h, {0.565, -0.47, 0.10}, 0.055), ball(h, {-0.565, -0.47, 0.10}, 0.055));
}

Near nearest(Vec3 p) {
    Near found;
    const auto consider = [&](double d, Stuff stuff) {
        if (d < found.distance) found = {d, stuff};
    };
    const Vec3 h = in_head(p);
    const double away = length(h - Vec3{0, -0.2, 0}) - 1.35;
    if (away > 0.4) {
        consider(away, Stuff::skin);
    } else {
        const Near face = head(h);
        consider(joined(face.distance, neck(p), 0.10), face.stuff);
        consider(pearl(h), Stuff::pearl);
    }
    const double bound = bone(h, {0, 0.3, -0.1}, {0, -2.3, 0}, 1.1, 1.15);
    if (bound > 0.4) {
        consider(bound, Stuff::hair);
    } else {
        consider(hair(h).distance, Stuff::hair);
    }
    if (p.y < -0.5) {
        const double body = joined(joined(shoulders(p), neck(p), 0.30), collar_bones(p), 0.10);
        consider(body, Stuff::skin);
        if (body < 0.5) {
            consider(dress(p), Stuff::dress);
            consider(hem(p), Stuff::ribbon);
        }
    }
    return found;
}

Vec3 normal_at(Vec3 p) {
    constexpr double e = 0.0018;
    const auto d = [&](Vec3 o) { return nearest(p + o).distance; };
    return normalized(Vec3{1, -1, -1} * d({e, -e, -e}) + Vec3{-1, -1, 1} * d({-e, -e, e}) +
                      Vec3{-1, 1, -1} * d({-e, e, -e}) + Vec3{1, 1, 1} * d({e, e, e}));
}

// ---- Light -------------------------------------------------------------------------------------

const Vec3 key = normalized({-0.72, 0.62, 0.62});
const Vec3 fill = normalized({0.9, 0.1, 0.55});
constexpr Vec3 key_light{1.34, 1.12, 0.87};
constexpr Vec3 fill_light{0.115, 0.105, 0.115};

// How much of the soft light reaches a point, 0 to 1.
double lit(Vec3 p, Vec3 toward, double softness) {
    double least = 1;
    double t = 0.03;
    for (int i = 0; i < 36 && t < 4; ++i) {
        const double d = nearest(p + toward * t).distance;
        least = std::min(least, 0.5 + 0.5 * d / (softness * t));
        if (least < 0) break;
        t += std::clamp(d, 0.015, 0.25);
    }
    least = clamp01(least);
    return least * least * (3 - 2 * least);
}

double openness(Vec3 p, Vec3 n) {
    double hidden = 0;
    double weight = 1;
    for (const double t : {0.03, 0.09, 0.2, 0.42}) {
        hidden += weight * std::max(0.0, t - nearest(p + n * t).distance) / t;
        weight *= 0.75;
    }
    return clamp01(1 - 0.42 * hidden);
}

struct Surface {
    Vec3 colour;
    double gloss = 0;
    double sharp = 20;
    double through = 0;  // light that bleeds past the terminator, red first
};

Surface skin_surface(Vec3 p, Vec3 h) {
    const Vec3 q{std::abs(h.x), h.y, h.z};
    const auto spot = [&](Vec3 c, double r) { return std::exp(-dot(q - c, q - c) / (r * r)); };
    Vec3 colour{0.80, 0.565, 0.435};
    const double blush = 0.75 * spot({0.36, -0.20, 0.52}, 0.22) +
                         0.5 * spot({0, -0.20, 0.82}, 0.14) + 0.35 * spot({0, -0.82, 0.5}, 0.16);
    colour = mix(colour, Vec3{0.80, 0.40, 0.33}, 0.55 * blush);
    colour = mix(colour, Vec3{0.60, 0.40, 0.36}, 0.45 * spot({0.27, 0.07, 0.62}, 0.19));
    // Eyebrows and lashes.
    const double along = (q.x - 0.10) / 0.34;
    const double arch = 0.262 + 0.075 * std::sin(pi * clamp01(along * 0.85)) - 0.045 * along;
    const double brow =
        smoothstep(0.046, 0.012, std::abs(q.y - arch) / (1.1 - 0.75 * clamp01(along))) *
        smoothstep(-0.12, 0.16, along) * smoothstep(1.12, 0.80, along) * (q.z > 0.2 ? 1 : 0);
    const double hairs = 0.92 + 0.3 * noise({q.x * 60 + 30 * q.y, q.y * 30, 2}, 71);
    colour = mix(colour, Vec3{0.060, 0.030, 0.020}, 0.9 * brow * clamp01(hairs));
    const Vec3 e = q - eye_middle;
    const double across = e.x / 0.15;
    const double rim =
        std::abs(0.049 - 0.052 * across * across - 0.012 * across - e.y + 0.10 * (e.z - 0.15));
    if (length(e) < eye_radius + 0.045 && e.z > 0.03)
        colour = mix(colour, Vec3{0.08, 0.045, 0.035}, 0.9 * smoothstep(0.026, 0.006, rim));
    const double mottled = 0.05 * fractal_noise(p * 9, 3, 72) + 0.03 * noise(p * 60, 73);
    return {colour * (1 + mottled), 0.10, 18, 0.22};
}

Surface eye_surface(Vec3 h) {
    const Vec3 q{std::abs(h.x), h.y, h.z};
    // Both eyes look at the viewer.
    const Vec3 view = in_head({0.02, 0.03, 1}) + Vec3{0, 0, 0.35};
    const Vec3 gaze = normalized({(h.x > 0 ? 1 : -1) * view.x, view.y, view.z});
    const Vec3 e = normalized(q - eye_middle);
    const double off = std::acos(std::clamp(dot(e, gaze), -1.0, 1.0));
    Vec3 colour = mix(Vec3{0.80, 0.76, 0.72}, Vec3{0.70, 0.52, 0.46}, smoothstep(0.6, 1.1, off));
    const double fibre =
        0.5 + 0.5 * noise({std::atan2(e.y - gaze.y, e.x - gaze.x) * 6, off * 6, 0.5}, 75);
    const Vec3 iris = mix(Vec3{0.085, 0.045, 0.02}, Vec3{0.22, 0.13, 0.06}, fibre);
    colour = mix(colour, iris, smoothstep(0.54, 0.50, off));
    colour =
        mix(colour, Vec3{0.05, 0.03, 0.02}, smoothstep(0.05, 0.02, std::abs(off - 0.51)) * 0.7);
    colour = mix(colour, Vec3{0.01, 0.01, 0.01}, smoothstep(0.22, 0.18, off));
    // The window is mirrored in the eye.
    const Vec3 window = normalized(view + Vec3{-0.26, 0.22, 0});
    const double beside = dot({h.x > 0 ? e.x : -e.x, e.y, e.z}, window);
    colour = mix(colour, Vec3{2.4, 2.4, 2.3}, smoothstep(0.9945, 0.9975, beside));
    return {colour, 0.8, 160, 0.05};
}

// A woven pattern of pomegranates in staggered rows, 0 to 1.
double damask(Vec3 q) {
    const double row = std::floor(q.y / 0.36);
    const double x = q.x / 0.30 + 0.5 * std::fmod(std::abs(row), 2.0);
    const Vec2 d{(x - std::floor(x) - 0.5) * 0.30, (q.y / 0.36 - row - 0.5) * 0.36};
    const double turn = std::atan2(d.x, d.y);
    const double r = length(Vec2{d.x, d.y * 0.75});
    const double petal = 0.085 + 0.030 * std::cos(turn * 6);
    const double ring = smoothstep(0.012, 0.004, std::abs(r - 0.035));
    const double lattice =
        smoothstep(0.016, 0.006, std::abs(std::abs(d.x) * 1.2 + std::abs(d.y) - 0.178));
    return std::max({smoothstep(petal + 0.006, petal - 0.006, r) * (1 - ring), lattice});
}

Surface surface_at(Stuff stuff, Vec3 p) {
    const Vec3 h = in_head(p);
    switch (stuff) {
        case Stuff::skin:
            return skin_surface(p, h);
        case Stuff::lips: {
            const double lines = 0.10 * noise({h.x * 70, h.y * 10, 1}, 76);
            const double closed = smoothstep(0.020, 0.003, std::abs(h.y - mouth_line(h.x)));
            const Vec3 red =
                mix(Vec3{0.64, 0.23, 0.20}, Vec3{0.22, 0.05, 0.05}, 0.85 * closed) * (1 + lines);
            // The red fades into the skin.
            const double inside =
                smoothstep(0.012, -0.004, lips_distance(h) - skull({mirrored(h.x), h.y, h.z}));
            return {mix(skin_surface(p, h).colour, red, inside), 0.30, 30, 0.25};
        }
        case Stuff::eye:
            return eye_surface(h);
        case Stuff::hair: {
            const Hair found = hair(h);
            const double tone = clamp01(0.42 + 0.75 * found.tone + 0.55 * found.clump);
            return {mix(Vec3{0.020, 0.010, 0.007}, Vec3{0.150, 0.066, 0.028}, tone), 0, 20, 0.1};
        }
        case Stuff::dress: {
            const double weave = 0.06 * noise(p * 70, 78) + 0.10 * fractal_noise(p * 6, 3, 79);
            const Vec3 silk =
                mix(Vec3{0.026, 0.085, 0.088}, Vec3{0.085, 0.165, 0.120}, damask(on_body(p)));
            return {silk * (1 + weave), 0.16, 9, 0.05};
        }
        case Stuff::ribbon: {
            const double twist = 0.5 + 0.5 * std::sin(40 * std::atan2(p.x, p.z + 0.3) + 30 * p.y);
            return {mix(Vec3{0.55, 0.36, 0.10}, Vec3{0.85, 0.66, 0.28}, twist), 0.5, 25, 0.05};
        }
        default:
            return {{0.80, 0.78, 0.74}, 1.8, 90, 0.2};
    }
}

// Strands shine across their direction (Kajiya and Kay, SIGGRAPH 1989).
double strand_shine(Vec3 p, Vec3 n, Vec3 view) {
    const Vec3 h = in_head(p);
    Vec3 along = h.y > 0.45 ? Vec3{h.x > 0 ? 1.0 : -1.0, -0.9, -0.1}
                            : Vec3{h.x > 0 ? 0.05 : -0.05, -1, 0.12};
    along = tilted(turned(along, 0.42), 0.06);
    along = normalized(along - n * dot(along, n));
    const Vec3 half = normalized(key + view);
    const double c = dot(along, half);
    const double sine = std::sqrt(std::max(0.0, 1 - c * c));
    return std::pow(sine, 60) + 0.25 * std::pow(sine, 14);
}

Vec3 shaded(Vec3 p, Vec3 n, Vec3 view, Stuff stuff) {
    const Surface s = surface_at(stuff, p);
    const Vec3 above = p + n * 0.012;
    const double shadow = lit(above, key, 0.36);
    const double open = openness(p, n);
    const double facing = dot(n, key);
    // Skin lets light through: the terminator is soft, and red reaches farthest.
    const auto wrapped = [&](double w) { return std::max(0.0, (facing + w) / (1 + w)); };
    const double t = s.through;
    const Vec3 soft{wrapped(t), wrapped(t * 0.45), wrapped(t * 0.32)};
    const Vec3 reach{std::pow(shadow, 1 - 0.45 * t), shadow, std::pow(shadow, 1 + 0.25 * t)};
    Vec3 light = key_light * (soft * reach);
    light = light + fill_light * (std::max(0.0, dot(n, fill)) * open);
    light = light + mix(Vec3{0.072, 0.050, 0.038}, Vec3{0.095, 0.096, 0.108}, 0.5 + 0.5 * n.y) *
                        (open * 1.05);
    Vec3 result = s.colour * light;
    const Vec3 half = normalized(key + view);
    const double edge = std::pow(1 - clamp01(dot(n, view)), 4);
    if (stuff == Stuff::hair) {
        result = result + Vec3{0.62, 0.40, 0.22} * (0.40 * strand_shine(p, n, view) * shadow *
                                                    clamp01(0.3 + facing) * open);
    } else {
        const double glint = s.gloss * std::pow(clamp01(dot(n, half)), s.sharp) * shadow;
        result = result + key_light * (glint * (0.5 + edge));
    }
    return result + Vec3{0.20, 0.24, 0.30} * (0.10 * edge * open);
}

// ---- What is behind ----------------------------------------------------------------------------

// The view from the window: hills, a river and a sky before evening.
Vec3 landscape(Vec2 p) {
    const double horizon = -0.12;
    const double up = clamp01((p.y - horizon) / 1.5);
    Vec3 colour = mix(Vec3{0.92, 0.72, 0.46}, Vec3{0.20, 0.36, 0.56}, std::pow(up, 0.6));
    const double cloud = smoothstep(0.0, 0.5, fractal_noise(Vec2{p.x * 1.7, p.y * 4.2}, 4, 83));
    colour = mix(colour, Vec3{0.98, 0.84, 0.66}, 0.65 * cloud);
    for (int k = 0; k < 5; ++k) {
        const double ridge =
            horizon - 0.27 * k +
            (0.20 - 0.01 * k) * fractal_noise(Vec2{p.x * (1.3 + 0.3 * k), 3.7 * k}, 5, 84);
        if (p.y > ridge) continue;
        const double near = k / 4.0;
        const double trees = fractal_noise(Vec2{p.x * 9, p.y * 14}, 3, 85);
        const Vec3 far_colour{0.34, 0.42, 0.48};
        const Vec3 near_colour =
            mix(Vec3{0.075, 0.095, 0.040}, Vec3{0.24, 0.23, 0.085}, clamp01(0.5 + trees));
        colour = mix(far_colour, near_colour, std::pow(near, 0.7)) * (1 + 0.25 * trees * near);
    }
    const double bend = -1.14 + 0.20 * std::sin(7.5 / (0.45 - p.y)) - 0.05 * p.y;
    const double width = 0.010 + 0.10 * clamp01((-0.30 - p.y) / 1.1);
    if (p.y < -0.34)
        colour =
            mix(colour,
                mix(Vec3{0.70, 0.60, 0.46}, Vec3{0.24, 0.30, 0.34}, smoothstep(-0.4, -1.2, p.y)),
                smoothstep(width, width * 0.6, std::abs(p.x - bend)));
    return colour;
}

constexpr Vec2 window_low{-1.60, -1.25};
constexpr Vec2 window_high{-0.80, 1.62};

Vec3 wall(Vec2 p) {
    // How far a point is inside the opening, whose head is round.
    const double half = 0.5 * (window_high.x - window_low.x);
    const Vec2 top{window_low.x + half, window_high.y - half - 0.35};
    const double inside = p.y > top.y ? half - length(p - top)
                                      : std::min(half - std::abs(p.x - top.x), p.y - window_low.y);
    if (inside > 0) return landscape(p);
    // Plaster with a pool of light, darker where the window does not reach.
    const double pool = std::exp(-std::pow(length(Vec2{p.x - 0.75, p.y + 0.1}) / 1.5, 2));
    const double trowel = fractal_noise(Vec2{p.x * 1.6, p.y * 1.1}, 5, 81);
    const Vec3 base = mix(Vec3{0.030, 0.026, 0.020}, Vec3{0.22, 0.175, 0.115}, pool);
    const Vec3 plaster = base * (1 + 0.35 * trowel + 0.10 * noise({p.x * 30, p.y * 30, 1}, 82));
    // The stone around the opening: a lit rim and a shaded moulding.
    if (inside > -0.045) return Vec3{0.42, 0.34, 0.24} * (1 + 0.3 * trowel);
    if (inside > -0.13)
        return Vec3{0.15, 0.12, 0.085} *
               (1 + 0.4 * trowel + 0.6 * smoothstep(-0.10, -0.12, inside));
    // A curtain on the right.
    const double edge = 1.12 + 0.05 * std::sin(p.y * 2.3 + 1) + 0.02 * std::sin(p.y * 6);
    if (p.x < edge) return plaster * mix(1.0, 0.45, smoothstep(edge - 0.22, edge, p.x));
    const double s = (p.x - edge) * 15 + 1.2 * fractal_noise(Vec2{p.x * 2, p.y * 0.5}, 2, 86);
    const double fold = 0.5 + 0.5 * std::sin(s + 0.6 * std::sin(s));
    const double pile =
        0.12 * noise({p.x * 60, p.y * 22, 1}, 87) + 0.2 * fractal_noise(p * 3, 3, 88);
    return mix(Vec3{0.018, 0.004, 0.004}, Vec3{0.30, 0.042, 0.030}, std::pow(fold, 1.6)) *
           (1 + pile);
}

constexpr Vec3 camera{0.06, -0.55, 8.2};
constexpr double zoom = 4.30;  // height of the picture in units of the head, at the head

Vec3 toward(Vec2 p) {
    return normalized(Vec3{p.x, p.y, 0} - camera);
}

// How far rays within `spread` radians of a direction can go before they meet anything.
double clear_way(Vec3 direction, double spread) {
    double t = 5;
    for (int i = 0; i < 60 && t < 11; ++i) {
        const double d = nearest(camera + direction * t).distance - spread * t;
        if (d < 0.01) break;
        t += d * 0.85;
    }
    return t;
}

Vec3 seen(Vec2 p, double start) {
    const Vec3 d = toward(p);
    double t = start;
    for (int i = 0; i < 110 && t < 11; ++i) {
        const Vec3 at = camera + d * t;
        const Near found = nearest(at);
        if (found.distance < 0.0012) return shaded(at, normal_at(at), -d, found.stuff);
        t += found.distance * 0.85;
    }
    return wall(p);
}

double toned(double v) {
    const double film = v * (2.51 * v + 0.03) / (v * (2.43 * v + 0.59) + 0.14);
    return std::pow(clamp01(film), 1 / 2.2);
}

// The place that a point of the picture shows, in the plane through the middle of the head.
Vec2 place(double x, double y) {
    return {(x - 0.5 * wide) * (zoom / high) + 0.06, (0.475 * high - y) * (zoom / high) - 0.62};
}

Vec3 exposed(Vec2 pixel, double start) {
    const Vec3 c = seen(place(pixel.x, pixel.y), start);
    return {toned(c.x), toned(c.y), toned(c.z)};
}

// The first rays, one through the middle of each pixel; `start` is where they set out.
Picture first_rays(std::vector<double>& start) {
    constexpr int tile = 8;
    Picture picture(wide, high);
    for (int top = 0; top < high; top += tile) {
        for (int left = 0; left < wide; left += tile) {
            const Vec2 middle = place(left + 0.5 * tile, top + 0.5 * tile);
            const double spread = 0.75 * tile * zoom / high / length(camera);
            const double clear = clear_way(toward(middle), spread);
            for (int y = top; y < top + tile; ++y) {
                for (int x = left; x < left + tile; ++x) {
                    start[picture.index(x, y)] = clear;
                    picture.at(x, y) = exposed({x + 0.5, y + 0.5}, clear);
                }
            }
        }
    }
    return picture;
}

// Whether a pixel differs visibly from its neighbours.
bool at_an_edge(const Picture& picture, int x, int y) {
    const auto differs = [&](int dx, int dy) {
        const int i = std::clamp(x + dx, 0, wide - 1);
        const int j = std::clamp(y + dy, 0, high - 1);
        return length(picture.at(i, j) - picture.at(x, y)) > 0.10;
    };
    return differs(1, 0) || differs(-1, 0) || differs(0, 1) || differs(0, -1);
}

}  // namespace

Picture portrait() {
    std::vector<double> start(std::size_t{wide} * high);
    const Picture first = first_rays(start);
    Picture picture = first;
    for (int y = 0; y < high; ++y) {
        for (int x = 0; x < wide; ++x) {
            if (!at_an_edge(first, x, y)) continue;
            // Four more rays, on a square that is turned a little.
            Vec3 sum = first.at(x, y);
            for (const Vec2 offset :
                 {Vec2{0.125, 0.375}, Vec2{0.625, 0.125}, Vec2{0.875, 0.625}, Vec2{0.375, 0.875}}) {
                const Vec2 point = Vec2{double(x), double(y)} + offset;
                sum = sum + exposed(point, start[first.index(x, y)]);
            }
            picture.at(x, y) = sum * 0.2;
        }
    }
    return picture;
}

}  // namespace draw
