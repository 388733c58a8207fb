// A guitar, a bottle, a glass and fruit on a table, seen from several sides at once: the picture is
// split into facets, each of which shifts, turns and shades what is behind it.

#include <array>
#include <memory>

#include "brush.hpp"
#include "sample_pictures.hpp"

namespace draw {
namespace {

constexpr int wide = large_width;
constexpr int high = large_height;

constexpr Vec3 cream{0.94, 0.88, 0.74};
constexpr Vec3 ochre{0.84, 0.63, 0.30};
constexpr Vec3 umber{0.42, 0.25, 0.14};
constexpr Vec3 slate{0.24, 0.38, 0.54};
constexpr Vec3 mist{0.58, 0.64, 0.66};
constexpr Vec3 olive{0.36, 0.44, 0.28};
constexpr Vec3 wine{0.62, 0.17, 0.14};
constexpr Vec3 ink{0.07, 0.065, 0.075};

// ---- The still life, before it is broken -------------------------------------------------------

// What is seen at a point.
struct Seen {
    Vec3 colour;
    double outline = 99;  // distance to the nearest contour, in pixels
};

Vec2 rotated(Vec2 p, double angle) {
    const double c = std::cos(angle);
    const double s = std::sin(angle);
    return {c * p.x - s * p.y, s * p.x + c * p.y};
}

double box_distance(Vec2 p, Vec2 low, Vec2 high_corner) {
    return std::max(std::max(low.x - p.x, p.x - high_corner.x),
                    std::max(low.y - p.y, p.y - high_corner.y));
}

// Puts a shape in front: d is negative inside it.
void put(Seen& seen, double d, Vec3 colour) {
    if (d < 0) {
        seen.colour = colour;
        seen.outline = -d;
    } else {
        seen.outline = std::min(seen.outline, d);
    }
}

// Round forms are light on the left and dark on the right.
Vec3 rounded(Vec3 colour, double across) {
    return colour *
           (1.12 - 0.50 * smoothstep(-0.4, 1.0, across) + 0.18 * smoothstep(-0.5, -0.8, across));
}

void put_room(Seen& seen, Vec2 p) {
    seen = {mix(slate, mist, clamp01(p.x / wide)) * (0.85 + 0.2 * std::sin(p.x * 0.02)), 99};
    put(seen, box_distance(p, {36, -20}, {176, 214}), {0.90, 0.82, 0.66});
    put(seen, box_distance(p, {48, -20}, {108, 202}),
        mix(Vec3{0.52, 0.70, 0.82}, Vec3{0.86, 0.86, 0.78}, clamp01(p.y / 200)));
    put(seen, box_distance(p, {118, -20}, {166, 202}),
        mix(Vec3{0.42, 0.62, 0.78}, Vec3{0.90, 0.86, 0.76}, clamp01(p.y / 200)));
    // A picture on the wall.
    put(seen, box_distance(p, {232, 24}, {388, 150}), {0.62, 0.44, 0.20});
    put(seen, box_distance(p, {244, 36}, {376, 138}),
        p.y > 92 + 14 * std::sin(p.x * 0.05) ? olive * 1.3 : Vec3{0.90, 0.78, 0.56});
    put(seen, length(p - Vec2{340, 68}) - 14, {0.88, 0.42, 0.16});
    // A curtain on the right, in folds, and the wainscot.
    put(seen, box_distance(p, {566, -20}, {700, 330}),
        mix(wine, wine * 0.45, 0.5 + 0.5 * std::sin(p.x * 0.30 + 0.02 * p.y)));
    put(seen, box_distance(p, {-20, 236}, {566, 330}), olive * 0.9);
}

void put_table(Seen& seen, Vec2 p) {
    const Vec2 d{(p.x - 322) / 306, (p.y - 388) / 138};
    const double grain =
        std::sin(p.y * 0.55 + 3 * std::sin(p.x * 0.013) + 2 * std::sin(p.x * 0.05));
    put(seen, (length(d) - 1.06) * 138, umber * 0.6);
    put(seen, (length(d) - 1) * 138,
        mix(Vec3{0.58, 0.36, 0.19}, Vec3{0.70, 0.46, 0.25}, 0.5 + 0.5 * grain));
    const Vec2 q = rotated(p - Vec2{240, 420}, 0.14);
    put(seen, box_distance(q, {-150, -86}, {118, 120}),
        mix(cream, Vec3{0.72, 0.74, 0.76}, 0.5 + 0.5 * std::sin(q.x * 0.09)));
    const Vec2 n = rotated(p - Vec2{480, 424}, -0.16);
    const double paper = box_distance(n, {-92, -46}, {100, 52});
    const double line = std::abs(n.y / 9 - std::round(n.y / 9)) * 9;
    const bool letters =
        line < 2.0 && n.y > -24 && value_noise({n.x * 0.35, std::round(n.y / 9) * 7}, 3) > 0.36;
    const bool heading =
        n.y < -26 && n.y > -40 && std::abs(n.x) < 78 && value_noise({n.x * 0.12, 2.5}, 4) > 0.40;
    put(seen, paper, letters || heading ? ink * 2.2 : Vec3{0.90, 0.87, 0.79});
}

void put_bottle(Seen& seen, Vec2 p) {
    const double x = p.x - 506;
    const double half = 12 + 23 * smoothstep(168, 218, p.y);
    const double bottle = std::max(std::abs(x) - half, std::max(84 - p.y, p.y - 402));
    put(seen, bottle, rounded({0.16, 0.36, 0.24}, x / 36));
    if (bottle < 0 && x > -24 && x < -17 && p.y > 210) seen.colour = {0.78, 0.88, 0.76};
    put(seen, box_distance({x, p.y}, {-35, 268}, {35, 346}), rounded(cream, x / 50));
    const bool letters =
        std::abs(x) < 27 && ((p.y > 284 && p.y < 300 && value_noise({p.x * 0.16, 1.5}, 9) > 0.42) ||
                             (p.y > 312 && p.y < 318) || (p.y > 326 && p.y < 330));
    if (letters) seen.colour = wine;
    put(seen, box_distance({x, p.y}, {-14, 70}, {14, 98}), rounded(wine, x / 14));
}

void put_guitar(Seen& seen, Vec2 p) {
    // Along the neck, and across it.
    const Vec2 d = rotated(p - Vec2{268, 318}, 0.84);
    const double a = d.x;
    const double b = d.y;
    const double neck = box_distance({a, b}, {60, -13}, {292, 13});
    const double waist = std::min(length(Vec2{a + 58, b}) - 96, length(Vec2{a - 48, b}) - 70);
    const double bridge_in = std::max(std::abs(a) - 60, std::abs(b) - 62);
    const double body = std::min(waist, bridge_in);
    put(seen, body - 9, umber * 0.62);
    const double grain = std::sin(b * 0.8 + 2 * std::sin(a * 0.02));
    put(seen, body,
        mix(ochre, Vec3{0.93, 0.74, 0.42}, 0.5 + 0.5 * grain) *
            (1.05 - 0.25 * smoothstep(-40, 90, b)));
    put(seen, length(Vec2{a - 22, b}) - 34, Vec3{0.66, 0.40, 0.18});
    put(seen, length(Vec2{a - 22, b}) - 26, ink);
    put(seen, box_distance({a, b}, {-100, -34}, {-88, 34}), umber * 0.5);
    const double fret = std::abs(a / 21 - std::round(a / 21)) * 21;
    put(seen, neck, fret < 1.6 ? Vec3{0.80, 0.72, 0.52} : umber * 0.55);
    put(seen, box_distance({a, b}, {286, -19}, {346, 19}), umber * 0.9);
    for (int k = -2; k <= 2; ++k) {
        if (k == 0) continue;
        put(seen, length(Vec2{a - 300 - 14 * std::abs(k), b - (k > 0 ? 24.0 : -24.0)}) - 5.5,
            cream);
    }
    const double string = std::abs(b / 4.4 - std::round(b / 4.4)) * 4.4;
    if (std::abs(b) < 12 && a > -94 && a < 330 && string < 0.9) seen.colour = {0.97, 0.94, 0.84};
}

void put_glass(Seen& seen, Vec2 p) {
    const double x = p.x - 412;
    const double half = 30 - 12 * smoothstep(306, 384, p.y);
    const double cup = std::max(std::abs(x) - half, std::max(306 - p.y, p.y - 386));
    put(seen, cup,
        mix(seen.colour, Vec3{0.82, 0.90, 0.92}, 0.55) * (1.05 - 0.25 * smoothstep(-10, 26, x)));
    put(seen, std::max(cup + 3, 344 - p.y), rounded({0.56, 0.10, 0.14}, x / 26));
    put(seen, (length(Vec2{x / 30, (p.y - 306) / 8}) - 1) * 8, {0.88, 0.92, 0.92});
    put(seen, box_distance({x, p.y}, {-3.5, 384}, {3.5, 424}), {0.80, 0.86, 0.88});
    put(seen, (length(Vec2{x / 26, (p.y - 426) / 7}) - 1) * 7, {0.74, 0.80, 0.84});
}

void put_fruit(Seen& seen, Vec2 p) {
    const auto round = [&](Vec2 centre, double r, Vec3 colour) {
        const Vec2 d = p - centre;
        put(seen, length(d) - r, rounded(colour, (d.x + 0.4 * d.y) / r));
    };
    // A dish, oranges, a pear and grapes.
    const Vec2 dish{(p.x - 98) / 88, (p.y - 402) / 30};
    put(seen, (length(dish) - 1) * 30, {0.86, 0.88, 0.86});
    put(seen, (length(dish) - 0.82) * 30, {0.50, 0.62, 0.72});
    round({62, 376}, 34, {0.92, 0.50, 0.12});
    round({112, 362}, 31, {0.78, 0.20, 0.14});
    round({140, 388}, 29, {0.94, 0.76, 0.22});
    round({94, 398}, 27, {0.56, 0.66, 0.22});
    const Vec2 pear = rotated(p - Vec2{590, 400}, 0.3);
    const double body = std::min(length(pear - Vec2{0, 14}) - 35, length(pear + Vec2{0, 28}) - 19);
    put(seen, body, rounded({0.76, 0.72, 0.26}, pear.x / 34));
    put(seen, box_distance(pear, {-2, -64}, {2, -42}), umber * 0.6);
    for (const Vec2 at :
         {Vec2{536, 440}, {552, 452}, {540, 460}, {560, 438}, {524, 452}, {556, 466}})
        round(at, 11, {0.30, 0.16, 0.36});
}

Seen still_life(Vec2 p) {
    Seen seen;
    put_room(seen, p);
    put_table(seen, p);
    put_bottle(seen, p);
    put_guitar(seen, p);
    put_glass(seen, p);
    put_fruit(seen, p);
    return seen;
}

// ---- The facets --------------------------------------------------------------------------------

// How a facet shows what is behind it.
struct Facet {
    std::vector<Vec2> corners;
    Vec2 middle;
    Vec2 shift;
    double turn = 0;
    double zoom = 1;
    double tone = 1;  // lighter or darker as a whole
    Vec2 gradient;    // of length 1: toward its light side
    double contrast = 0;
    double size = 1;  // its radius
    Vec2 stroke;      // direction of the brush
    Vec3 tint;
    double tinted = 0;
    int pattern = 0;  // 1: dots, 2: hatching
};

// The plane divided by straight lines again and again.
struct Node {
    Vec2 normal;
    double offset = 0;
    std::unique_ptr<Node> below;
    std::unique_ptr<Node> above;
    Facet facet;  // of a leaf
};

double area(const std::vector<Vec2>& corners) {
    double sum = 0;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const Vec2 a = corners[i];
        const Vec2 b = corners[(i + 1) % corners.size()];
        sum += a.x * b.y - a.y * b.x;
    }
    return std::abs(sum) / 2;
}

std::vector<Vec2> part(const std::vector<Vec2>& corners, Vec2 normal, double offset) {
    std::vector<Vec2> kept;
    for (std::size_t i = 0; i < corners.size(); ++i) {
        const Vec2 a = corners[i];
        const Vec2 b = corners[(i + 1) % corners.size()];
        const double da = dot(a, normal) - offset;
        const double db = dot(b, normal) - offset;
        if (da <= 0) kept.push_back(a);
        if ((da < 0) != (db < 0) && da != db) kept.push_back(mix(a, b, da / (da - db)));
    }
    return kept;
}

Facet facet_of(const std::vector<Vec2>& corners, double strength, Random& random) {
    Facet facet;
    facet.corners = corners;
    for (const Vec2& p : corners)
        facet.middle = facet.middle + p * (1.0 / static_cast<double>(corners.size()));
    facet.size = std::sqrt(area(corners) / pi);
    const double shift = strength * (6 + 0.16 * facet.size);
    facet.shift.x = shift * random.between(-1, 1);
    facet.shift.y = shift * random.between(-1, 1);
    facet.turn = strength * 0.20 * random.normal();
    facet.zoom = 1 + strength * random.between(-0.15, 0.22);
    facet.tone = 1 + strength * 0.16 * random.normal();
    const double angle = random.between(0, 2 * pi);
    facet.gradient = {std::cos(angle), std::sin(angle)};
    facet.contrast = random.between(0.25, 0.85);
    const double brush = random.between(0, pi);
    facet.stroke = {std::cos(brush), std::sin(brush)};
    const std::array<Vec3, 7> tints = {ochre, slate, cream, umber, mist, olive, cream};
    facet.tint = tints[static_cast<std::size_t>(random.fraction() * 6.999)];
    facet.tinted = random.fraction() < 0.5 ? random.between(0.2, 0.6) : 0.05;
    const double choice = random.fraction();
    facet.pattern = choice < 0.10 ? 1 : choice < 0.15 ? 2 : 0;
    return facet;
}

std::unique_ptr<Node> divided(const std::vector<Vec2>& corners, double largest, double strength,
                              Random& random) {
    auto node = std::make_unique<Node>();
    if (area(corners) < largest * random.between(0.35, 1.3)) {
        node->facet = facet_of(corners, strength, random);
        return node;
    }
    // Lines keep to a few directions, those of the neck, the table and the bottle. Long facets are
    // cut across.
    Vec2 low = corners[0];
    Vec2 high_corner = corners[0];
    for (const Vec2& p : corners) {
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high_corner = {std::max(high_corner.x, p.x), std::max(high_corner.y, p.y)};
    }
    constexpr std::array<double, 5> directions = {0.73, -0.84, 1.57, 0.2, 2.6};
    double angle =
        directions[static_cast<std::size_t>(random.fraction() * 4.999)] + 0.14 * random.normal();
    const Vec2 extent = high_corner - low;
    if (extent.x > 1.8 * extent.y) angle = 0.25 * random.normal();
    if (extent.y > 1.8 * extent.x) angle = pi / 2 + 0.25 * random.normal();
    node->normal = {std::cos(angle), std::sin(angle)};
    const double u = random.between(0.32, 0.68);
    const double v = random.between(0.32, 0.68);
    const Vec2 through{mix(low.x, high_corner.x, u), mix(low.y, high_corner.y, v)};
    node->offset = dot(through, node->normal);
    const std::vector<Vec2> one = part(corners, node->normal, node->offset);
    const std::vector<Vec2> other = part(corners, node->normal * -1, -node->offset);
    if (one.size() < 3 || other.size() < 3) {
        node->facet = facet_of(corners, strength, random);
        return node;
    }
    node->below = divided(one, largest, strength, random);
    node->above = divided(other, largest, strength, random);
    return node;
}

// The facet at a point, and the distance to its edge.
const Facet& facet_at(const Node& tree, Vec2 p, double& edge) {
    const Node* node = &tree;
    edge = 99;
    while (node->below) {
        const double d = dot(p, node->normal) - node->offset;
        edge = std::min(edge, std::abs(d));
        node = d <= 0 ? node->below.get() : node->above.get();
    }
    return node->facet;
}

void collect(const Node& node, std::vector<const Facet*>& facets) {
    if (!node.below) {
        facets.push_back(&node.facet);
        return;
    }
    collect(*node.below, facets);
    collect(*node.above, facets);
}

// Large planes that shift whole objects, and small facets inside them.
struct Prism {
    std::unique_ptr<Node> planes;
    std::unique_ptr<Node> facets;
};

struct Broken {
    Seen seen;
    double edge = 99;  // of the small facet
    const Facet* facet = nullptr;
};

Vec2 through(const Facet& facet, Vec2 p) {
    return facet.middle + facet.shift + rotated((p - facet.middle) * (1 / facet.zoom), facet.turn);
}

Broken broken(const Prism& prism, Vec2 p) {
    Broken result;
    double plane_edge = 0;
    const Facet& plane = facet_at(*prism.planes, p, plane_edge);
    const Facet& facet = facet_at(*prism.facets, p, result.edge);
    result.facet = &facet;
    result.edge = std::min(result.edge, plane_edge);
    result.seen = still_life(through(plane, through(facet, p)));
    Vec3 colour = mix(result.seen.colour, facet.tint, facet.tinted);
    colour = mix(colour, plane.tint, 0.4 * plane.tinted);
    // From its dark to its light edge.
    const double along = dot(p - facet.middle, facet.gradient) / facet.size;
    const double light =
        facet.tone * plane.tone * (1 + facet.contrast * std::clamp(0.55 * along, -0.8, 0.8));
    result.seen.colour = colour * light;
    return result;
}

// ---- Painting ----------------------------------------------------------------------------------

void paint_facets(Painting& painting, Random& random, const Prism& prism) {
    const std::array<Manner, 3> manners = {
        {{12, 26, 4, 0.05, 0.8}, {7.5, 15, 5, 0.05, 0.9}, {4.2, 8.5, 5, 0.05, 0.9}}};
    const std::array<double, 3> spacings = {8.5, 5.0, 3.3};
    for (std::size_t pass = 0; pass < 3; ++pass) {
        for (const Vec2& p : scattered_points(spacings[pass], random, wide, high)) {
            const Broken at = broken(prism, p);
            // Smaller brushes go over edges and contours only.
            const double detail = std::min(at.edge, at.seen.outline);
            if (pass == 1 && detail > 11) continue;
            if (pass == 2 && detail > 6) continue;
            const Flow flow = [&](Vec2) { return at.facet->stroke; };
            dab(painting, random, manners[pass], flow, p, at.seen.colour);
        }
    }
}

// Dots and hatching in a lighter or darker colour, as if glued on from another picture.
void paint_patterns(Painting& painting, Random& random, const Prism& prism) {
    for (const Vec2& p : scattered_points(6.5, random, wide, high)) {
        const Broken at = broken(prism, p);
        if (at.facet->pattern != 1 || at.edge < 3) continue;
        const double grey = at.seen.colour.x + at.seen.colour.y + at.seen.colour.z;
        const Vec3 dot_colour =
            grey > 1.4 ? at.seen.colour * 0.45 : mix(at.seen.colour, cream, 0.7);
        dab(painting, random, {2.8, 2.8, 6, 0.08, 1.3}, sideways, p, dot_colour);
    }
    std::vector<const Facet*> facets;
    collect(*prism.facets, facets);
    for (const Facet* facet : facets) {
        if (facet->pattern != 2) continue;
        const Vec2 across{-facet->stroke.y, facet->stroke.x};
        for (double s = -facet->size; s < facet->size; s += 5.5) {
            const Vec2 middle = facet->middle + across * s;
            const double half = 0.8 * std::sqrt(std::max(0.0, facet->size * facet->size - s * s));
            if (half < 6) continue;
            Stroke stroke;
            stroke.path = {middle - facet->stroke * half, middle, middle + facet->stroke * half};
            stroke.width = 1.8;
            stroke.colour = facet->tone > 1 ? umber * 0.6 : cream;
            stroke.second_colour = stroke.colour * 0.8;
            stroke.seed = random.bits();
            paint(painting, stroke);
        }
    }
}

// Contours of things, in broken lines that follow them.
void paint_contours(Painting& painting, Random& random, const Prism& prism) {
    for (const Vec2& p : scattered_points(2.0, random, wide, high)) {
        const auto outline = [&](double dx, double dy) {
            return broken(prism, p + Vec2{dx, dy}).seen.outline;
        };
        const Broken at = broken(prism, p);
        if (at.seen.outline > 0.85 || at.edge < 1.5 || random.fraction() < 0.12) continue;
        if (value_noise(p * 0.02, 6) < 0.22) continue;  // some contours are lost
        const Vec2 slope{outline(1.5, 0) - outline(-1.5, 0), outline(0, 1.5) - outline(0, -1.5)};
        const Vec2 along = length(slope) > 0.2 ? Vec2{-slope.y, slope.x} : at.facet->stroke;
        const Flow flow = [&](Vec2) { return along; };
        dab(painting, random, {2.1, 7.5, 4, 0.1, 0.9}, flow, p,
            mix(ink, umber, 0.3 * random.fraction()));
    }
}

void paint_edges(Painting& painting, Random& random, const Node& tree, double share, double dark,
                 double width) {
    std::vector<const Facet*> facets;
    collect(tree, facets);
    for (const Facet* facet : facets) {
        for (std::size_t i = 0; i < facet->corners.size(); ++i) {
            const Vec2 a = facet->corners[i];
            const Vec2 b = facet->corners[(i + 1) % facet->corners.size()];
            const bool drawn = random.fraction() < share;
            Stroke stroke;
            stroke.width = width * random.between(0.6, 1.25);
            stroke.load = random.between(0.75, 1.3);
            stroke.seed = random.bits();
            const double light = random.fraction();
            if (!drawn || length(b - a) < 9) continue;
            for (int k = 0; k <= 6; ++k) stroke.path.push_back(mix(a, b, k / 6.0));
            stroke.colour = light < dark ? mix(ink, umber, 0.5 * light) : cream * 0.95;
            stroke.second_colour = stroke.colour * 1.3;
            stroke.body = 0.8;
            paint(painting, stroke);
        }
    }
}

}  // namespace

Picture cubist_still_life() {
    Painting painting(umber, wide, high);
    Random random(1913);
    const std::vector<Vec2> frame = {
        {-14, -14}, {wide + 14.0, -14}, {wide + 14.0, high + 14.0}, {-14, high + 14.0}};
    Prism prism;
    prism.planes = divided(frame, 42000, 1.15, random);
    prism.facets = divided(frame, 4200, 0.6, random);
    paint_facets(painting, random, prism);
    paint_patterns(painting, random, prism);
    paint_contours(painting, random, prism);
    paint_edges(painting, random, *prism.facets, 0.30, 0.80, 2.4);
    paint_edges(painting, random, *prism.planes, 0.45, 0.94, 3.2);
    return varnished(painting);
}

}  // namespace draw
