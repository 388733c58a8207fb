// A peacock that spreads its tail, as a mosaic of coloured stone and gold.

#include "random.hpp"
#include "sample_pictures.hpp"
#include "tesserae.hpp"

namespace draw {
namespace {

constexpr int wide = large_width;
constexpr int high = large_height;
constexpr Vec2 root{320, 372};  // of the tail
constexpr double tail = 296;    // length of the longest feathers
constexpr double band = 30;     // width of the border

double ellipse(Vec2 p, Vec2 centre, double rx, double ry) {
    return length(Vec2{(p.x - centre.x) / rx, (p.y - centre.y) / ry});
}

double to_segment(Vec2 p, Vec2 a, Vec2 b, double& t) {
    const Vec2 d = b - a;
    t = clamp01(dot(p - a, d) / dot(d, d));
    return length(p - a - d * t);
}

// ---- The border: waves between two lines --------------------------------------------------------

bool border(Vec2 p, Cartoon& c) {
    const double edge = std::min(std::min(p.x, wide - p.x), std::min(p.y, high - p.y));
    if (edge > band) return false;
    const bool lengthwise = edge == p.y || edge == high - p.y;
    const double s = (lengthwise ? p.x : p.y) / 32;
    if (edge < 7) {
        c = {1, {0.36, 0.10, 0.10}, 7, 0};
    } else if (edge > 24) {
        c = {2, {0.30, 0.11, 0.12}, 6, 0};
    } else {
        const double t = (edge - 7) / 17;
        const double wave = 0.5 + 0.32 * std::sin(2 * pi * s + 2.2 * (t - 0.5));
        c = t > wave ? Cartoon{3, {0.12, 0.34, 0.50}, 5.5, 0.05}
                     : Cartoon{4, {0.93, 0.87, 0.72}, 5.5, 0.02};
    }
    return true;
}

// ---- The bird ----------------------------------------------------------------------------------

double neck_x(double y) {
    return 320 + 13 * std::sin((y - 220) * 0.024);
}

bool head(Vec2 p, Cartoon& c) {
    const Vec2 middle{neck_x(214) - 3, 212};
    if (length(p - middle - Vec2{-6, -3}) < 3.4) {
        c = {20, {0.05, 0.05, 0.07}, 5, 0};
        return true;
    }
    if (ellipse(p, middle + Vec2{-6, -9}, 13, 4) < 1 ||
        ellipse(p, middle + Vec2{-5, 5}, 11, 3.6) < 1) {
        c = {21, {0.95, 0.93, 0.86}, 5, 0};
        return true;
    }
    double t = 0;
    const double beak = to_segment(p, middle + Vec2{-13, 1}, middle + Vec2{-38, 8}, t);
    if (beak < 6.5 * (1 - 0.85 * t) && ellipse(p, middle, 19, 17) > 1) {
        c = {22, {0.72, 0.62, 0.44}, 5, 0};
        return true;
    }
    if (ellipse(p, middle, 20, 18) < 1) {
        c = {23, {0.08, 0.22, 0.62}, 5.5, 0.06};
        return true;
    }
    for (int k = -2; k <= 2; ++k) {
        const double turn = 0.30 * k + 0.1;
        const Vec2 tip = middle + Vec2{46 * std::sin(turn), -46 * std::cos(turn)};
        if (length(p - tip) < 6.2) {
            c = {24, {0.10, 0.46, 0.66}, 5, 0.08};
            return true;
        }
        if (to_segment(p, middle, tip, t) < 2.2) {
            c = {25, {0.20, 0.22, 0.20}, 5, 0};
            return true;
        }
    }
    return false;
}

bool body(Vec2 p, Cartoon& c) {
    double t = 0;
    for (const double side : {-1.0, 1.0}) {
        const Vec2 hip{320 + 16 * side, 418};
        const Vec2 foot{320 + 22 * side, 446};
        const bool toes = to_segment(p, foot, foot + Vec2{13, 3}, t) < 2.6 ||
                          to_segment(p, foot, foot + Vec2{-13, 3}, t) < 2.6;
        if (to_segment(p, hip, foot, t) < 3.2 || toes) {
            c = {30, {0.55, 0.42, 0.28}, 5, 0};
            return true;
        }
    }
    const double y = clamp01((p.y - 214) / 130);
    const double neck = std::abs(p.x - neck_x(p.y)) - mix(12, 40, y * y);
    const bool on_neck = p.y > 210 && p.y < 350 && neck < 0;
    if (!on_neck && ellipse(p, {328, 368}, 46, 60) > 1) return false;
    // Scales of feathers: rows of arcs, lighter at the rim.
    const double row = std::floor(p.y / 13);
    const double x = p.x / 15 + 0.5 * std::fmod(row, 2);
    const double arc = length(Vec2{x - std::floor(x) - 0.5, (p.y / 13 - row) * 0.8});
    const double light = clamp01(0.6 - (p.x - neck_x(p.y)) / 70);
    const Vec3 deep =
        mix(Vec3{0.05, 0.12, 0.45}, Vec3{0.02, 0.36, 0.42}, smoothstep(320, 420, p.y));
    const Vec3 bright =
        mix(Vec3{0.14, 0.42, 0.86}, Vec3{0.16, 0.66, 0.58}, smoothstep(320, 420, p.y));
    c = {31, mix(deep, bright, clamp01(0.65 * light + (arc > 0.42 ? 0.35 : 0))), 5.5, 0.07};
    return true;
}

// ---- The tail ----------------------------------------------------------------------------------

// The eye of a feather: rings around a dark heart. q is 1 at its edge.
Cartoon eye(double q, Vec2 local) {
    const double heart = length(Vec2{local.x + 0.12, local.y});
    if (heart < 0.36) return {40, {0.06, 0.07, 0.30}, 5, 0.05};
    if (q < 0.62) return {41, {0.08, 0.32, 0.78}, 5, 0.08};
    if (q < 0.80) return {42, {0.16, 0.72, 0.74}, 5, 0.08};
    return {43, {0.80, 0.52, 0.16}, 5, 0.14};
}

bool fan(Vec2 p, Cartoon& c) {
    const Vec2 d = p - root;
    const double r = length(d);
    const double turn = std::atan2(d.x, -d.y);  // 0 straight up
    constexpr double spread = 1.72;
    const double scallop = tail + 7 * std::abs(std::sin(turn * 15)) - 7;
    if (r > scallop || std::abs(turn) > spread) return false;
    for (int ring = 0; ring < 5; ++ring) {
        const double distance = 108 + 42.5 * ring;
        const double size = 13 + 2.1 * ring;
        const int count = 16;
        const double step = 2 * spread / count;
        const double shift = ring % 2 == 0 ? 0.5 : 0.0;
        const double k = std::round((turn + spread) / step - shift) + shift;
        const double at = k * step - spread;
        if (std::abs(at) > spread - 0.04) continue;
        const Vec2 out{std::sin(at), -std::cos(at)};
        const Vec2 offset = d - out * distance;
        const double u = dot(offset, out) / (1.22 * size);
        const double v = (out.x * offset.y - out.y * offset.x) / (0.96 * size);
        const double q = length(Vec2{u, v * (1 + 0.25 * u)});
        if (q < 1) {
            c = eye(q, {u, v});
            return true;
        }
        if (q < 1.28) {
            c = {44, {0.10, 0.34, 0.16}, 5, 0.06};
            return true;
        }
    }
    const double barb = std::sin(turn * 16 * pi / spread);
    const Vec3 green =
        mix(Vec3{0.10, 0.42, 0.26}, Vec3{0.50, 0.58, 0.20}, smoothstep(-0.7, 0.7, barb));
    const Vec3 near = mix(Vec3{0.06, 0.30, 0.34}, green, smoothstep(60, 170, r));
    c = r > scallop - 8 ? Cartoon{45, {0.20, 0.62, 0.56}, 6, 0.08} : Cartoon{46, near, 6.2, 0.08};
    return true;
}

// ---- What is behind ----------------------------------------------------------------------------

bool rosette(Vec2 p, Vec2 centre, double size, Vec3 petal, Cartoon& c) {
    const Vec2 d = p - centre;
    const double r = length(d) / size;
    const double turn = std::atan2(d.y, d.x);
    if (r < 0.26) {
        c = {50, {0.92, 0.74, 0.24}, 5, 0.1};
    } else if (r < 0.66 + 0.34 * std::abs(std::cos(turn * 3))) {
        const double light = 0.75 + 0.4 * (r - 0.26) - 0.2 * (d.y / size);
        c = {51, petal * light, 5.5, 0.04};
    } else {
        return false;
    }
    return true;
}

bool leaf(Vec2 p, Vec2 from, Vec2 to, double width, Cartoon& c) {
    double t = 0;
    const double away = to_segment(p, from, to, t);
    if (away > width * std::sin(pi * std::pow(t, 0.8))) return false;
    const Vec2 d = to - from;
    const bool upper = d.x * (p - from).y - d.y * (p - from).x < 0;
    c = upper ? Cartoon{52, {0.42, 0.56, 0.22}, 5.5, 0.04}
              : Cartoon{53, {0.16, 0.34, 0.18}, 5.5, 0.04};
    return true;
}

bool garden(Vec2 p, Cartoon& c) {
    for (const double side : {-1.0, 1.0}) {
        const Vec2 q{320 + side * (p.x - 320), p.y};  // the garden is a mirror image of itself
        const Vec3 red{0.74, 0.16, 0.14};
        const Vec3 rose{0.88, 0.52, 0.46};
        if (rosette(q, {78, 82}, 27, red, c) || rosette(q, {128, 60}, 16, rose, c) ||
            rosette(q, {58, 140}, 17, rose, c))
            return true;
        if (leaf(q, {98, 104}, {136, 122}, 9, c) || leaf(q, {106, 84}, {160, 86}, 9, c) ||
            leaf(q, {78, 112}, {92, 160}, 9, c) || leaf(q, {52, 58}, {42, 108}, 7, c) ||
            leaf(q, {100, 56}, {66, 44}, 6, c) || leaf(q, {150, 56}, {196, 48}, 7, c) ||
            leaf(q, {56, 160}, {50, 206}, 8, c))
            return true;
        if (q.y > 415 &&
            (rosette(q, {104, 428}, 17, red, c) || rosette(q, {196, 432}, 15, rose, c) ||
             rosette(q, {58, 424}, 12, rose, c)))
            return true;
        if (q.y > 400 &&
            (leaf(q, {126, 440}, {164, 414}, 8, c) || leaf(q, {86, 440}, {60, 444}, 6, c) ||
             leaf(q, {216, 440}, {250, 420}, 8, c) || leaf(q, {176, 440}, {150, 446}, 5, c)))
            return true;
    }
    return false;
}

Cartoon ground(Vec2 p) {
    const double grass = 404 + 4 * std::sin(p.x * 0.05) + 3 * std::sin(p.x * 0.021 + 2);
    if (p.y > grass) {
        const double t = clamp01((p.y - grass) / 50);
        const double stripes = value_noise({p.x * 0.02, p.y * 0.12}, 5);
        return {60,
                mix(Vec3{0.52, 0.60, 0.30}, Vec3{0.30, 0.40, 0.24},
                    clamp01(0.7 * t + 0.6 * (stripes - 0.5))),
                7, 0.06};
    }
    const double glow = std::exp(-std::pow((length(p - root) - tail) / 90, 2));
    return {61, mix(Vec3{0.80, 0.60, 0.24}, Vec3{0.96, 0.78, 0.36}, glow), 8, 0.15};
}

Cartoon peacock(Vec2 p) {
    Cartoon c;
    if (border(p, c) || head(p, c) || body(p, c) || fan(p, c) || garden(p, c)) return c;
    return ground(p);
}

}  // namespace

Picture mosaic_peacock() {
    return laid_in_stones(wide, high, peacock, 2001);
}

}  // namespace draw
