#include "brush.hpp"

#include <limits>

namespace draw {
namespace {

// The position of a pixel under the brush, in canvas pixels.
struct UnderBrush {
    double along;   // from the start of the path, negative before it
    double across;  // from the middle line, positive on its right
};

// A straight piece of a path, in canvas pixels.
struct Piece {
    Vec2 start;
    Vec2 along;  // of length 1
    double length;
    double walked;  // length of the path before this piece
};

std::vector<Piece> pieces_of(const std::vector<Vec2>& path) {
    std::vector<Piece> pieces;
    double walked = 0;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
        const Vec2 step = (path[i + 1] - path[i]) * canvas_scale;
        pieces.push_back({path[i] * canvas_scale, step * (1 / length(step)), length(step), walked});
        walked += length(step);
    }
    return pieces;
}

// The first and the last piece continue straight on, which leaves room to shape the ends.
UnderBrush under_brush(const std::vector<Piece>& pieces, Vec2 p) {
    UnderBrush best{0, 0};
    double nearest = std::numeric_limits<double>::max();
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const Piece& piece = pieces[i];
        const Vec2 offset = p - piece.start;
        double s = dot(offset, piece.along);
        if (i > 0) s = std::max(s, 0.0);
        if (i + 1 < pieces.size()) s = std::min(s, piece.length);
        const Vec2 rest = offset - piece.along * s;
        const double distance = dot(rest, rest);
        if (distance < nearest) {
            nearest = distance;
            const double side = piece.along.x * offset.y - piece.along.y * offset.x;
            best = {piece.walked + s, std::copysign(distance, side)};
        }
    }
    best.across = std::copysign(std::sqrt(std::abs(best.across)), best.across);
    return best;
}

// What a stroke deposits on one pixel.
struct Mark {
    double cover;   // 0 to 1
    double second;  // fraction of the second colour
    double streak;  // -1 to 1, from bristle to bristle
    double ridge;   // 0 to 1, paint pushed aside to the edges
};

Mark mark_at(const Stroke& stroke, double half_width, double whole, UnderBrush at) {
    const double t = at.across / half_width;
    const double bristle = at.across / (0.55 * canvas_scale);
    const double slow = at.along / (14.0 * canvas_scale);
    const double fine = value_noise({bristle, slow}, stroke.seed) * 2 - 1;
    const double coarse = value_noise({bristle * 0.37, slow * 0.7}, stroke.seed + 1) * 2 - 1;
    const double streak = 0.6 * fine + 0.4 * coarse;

    // Both ends are rounded, and each bristle touches down and lifts off at a slightly different
    // place.
    const double round = half_width * (1 - std::sqrt(std::max(0.0, 1 - t * t)));
    const double ragged = half_width * 0.5 * value_noise({bristle, 7.5}, stroke.seed + 2);
    const double tail = half_width * 1.3 * value_noise({bristle, 3.5}, stroke.seed + 3);
    const double from_start = at.along + half_width * 0.6 - round - ragged;
    const double to_end = whole + half_width * 0.9 - at.along - round - tail;
    const double edge = half_width * (0.94 + 0.06 * coarse) - std::abs(at.across);

    const double shape = clamp01(edge + 0.5) * clamp01(from_start + 0.5) * clamp01(to_end + 0.5);
    const double left = stroke.load - 0.75 * std::max(0.0, at.along / whole);
    const double wet = smoothstep(-0.15, 0.25, left + 0.45 * streak);
    const double second = smoothstep(0.35, 0.8, value_noise({t * 1.6 + 9, slow}, stroke.seed + 4));
    return {shape * wet, second, streak, smoothstep(0.55, 0.9, std::abs(t))};
}

void lay(Vec3& colour, double& thickness, const Stroke& stroke, const Mark& mark) {
    const Vec3 base = mix(stroke.colour, stroke.second_colour, mark.second);
    const Vec3 laid = base * (1 + 0.13 * mark.streak);
    colour = mix(colour, laid, 0.96 * mark.cover);
    const double height = stroke.body * (0.55 + 0.45 * mark.streak + 0.35 * mark.ridge);
    thickness = mix(thickness, 0.35 * thickness + height, mark.cover);
}

}  // namespace

Painting::Painting(Vec3 ground, int width, int height)
    : colour(width * canvas_scale, height * canvas_scale), thickness(colour.pixels.size()) {
    for (int y = 0; y < colour.height; ++y) {
        for (int x = 0; x < colour.width; ++x) {
            const double weave = std::sin(x * 2.1) * std::sin(y * 2.1);
            colour.at(x, y) = ground;
            thickness[colour.index(x, y)] = 0.1 * weave;
        }
    }
}

void paint(Painting& painting, const Stroke& stroke) {
    const std::vector<Piece> pieces = pieces_of(stroke.path);
    const double half_width = 0.5 * stroke.width * canvas_scale;
    const double whole = pieces.back().walked + pieces.back().length;
    const double reach = 1.1 * half_width + 1;
    Vec2 low = stroke.path[0];
    Vec2 high = low;
    for (const Vec2& p : stroke.path) {
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    low = low * canvas_scale;
    high = high * canvas_scale;
    Picture& canvas = painting.colour;
    const int left = std::max(0, static_cast<int>(low.x - reach));
    const int top = std::max(0, static_cast<int>(low.y - reach));
    const int right = std::min(canvas.width - 1, static_cast<int>(high.x + reach));
    const int bottom = std::min(canvas.height - 1, static_cast<int>(high.y + reach));
    for (int y = top; y <= bottom; ++y) {
        for (int x = left; x <= right; ++x) {
            const UnderBrush at = under_brush(pieces, {x + 0.5, y + 0.5});
            if (std::abs(at.across) > half_width + 1) continue;
            const Mark mark = mark_at(stroke, half_width, whole, at);
            if (mark.cover <= 0) continue;
            const std::size_t i = canvas.index(x, y);
            lay(canvas.pixels[i], painting.thickness[i], stroke, mark);
        }
    }
}

std::vector<Vec2> path_along(const Flow& flow, Vec2 centre, double length_wanted) {
    const double step = std::max(1.5, length_wanted / 12);
    const int steps = std::max(1, static_cast<int>(length_wanted / 2 / step));
    std::vector<Vec2> path;
    for (const double sense : {-1.0, 1.0}) {
        Vec2 p = centre;
        for (int i = 0; i < steps; ++i) {
            const Vec2 direction = flow(p);
            p = p + direction * (sense * step / std::max(1e-9, length(direction)));
            path.push_back(p);
        }
        if (sense < 0) {
            std::reverse(path.begin(), path.end());
            path.push_back(centre);
        }
    }
    return path;
}

void dab(Painting& painting, Random& random, const Manner& manner, const Flow& flow, Vec2 p,
         Vec3 colour) {
    const double angle = 0.13 * random.normal();
    const Flow unsteady = [&](Vec2 q) {
        const Vec2 d = flow(q);
        return Vec2{d.x - angle * d.y, d.y + angle * d.x};
    };
    Stroke stroke;
    stroke.path = path_along(unsteady, p, manner.length * random.between(0.65, 1.25));
    stroke.width = manner.width * random.between(0.75, 1.25);
    const double hue = manner.hue * random.normal();
    const double saturation = random.between(0.85, 1.15);
    const double value = 1 + std::clamp(manner.value * random.normal(), -0.3, 0.3);
    stroke.colour = varied(colour, hue, saturation, value);
    const double second_hue = hue + manner.hue * random.normal();
    const double second_saturation = random.between(0.75, 1.2);
    const double second_value = 1 + std::clamp(1.7 * manner.value * random.normal(), -0.35, 0.35);
    stroke.second_colour = varied(colour, second_hue, second_saturation, second_value);
    stroke.load = random.between(0.75, 1.25);
    stroke.body = manner.body * random.between(0.7, 1.3);
    stroke.seed = random.bits();
    paint(painting, stroke);
}

std::vector<Vec2> scattered_points(double spacing, Random& random, int width, int height) {
    std::vector<Vec2> points;
    const double margin = 12;
    for (double y = -margin; y < height + margin; y += spacing) {
        for (double x = -margin; x < width + margin; x += spacing) {
            const double dx = random.between(-0.5, 0.5) * spacing;
            const double dy = random.between(-0.5, 0.5) * spacing;
            points.push_back({x + dx, y + dy});
        }
    }
    for (std::size_t i = points.size(); i > 1; --i) {
        std::swap(points[i - 1],
                  points[static_cast<std::size_t>(random.fraction() * static_cast<double>(i))]);
    }
    return points;
}

Picture varnished(const Painting& painting) {
    const Picture& canvas = painting.colour;
    Picture lit(canvas.width, canvas.height);
    for (int y = 0; y < canvas.height; ++y) {
        for (int x = 0; x < canvas.width; ++x) {
            const auto thick = [&](int i, int j) {
                const int cx = std::clamp(i, 0, canvas.width - 1);
                const int cy = std::clamp(j, 0, canvas.height - 1);
                return painting.thickness[canvas.index(cx, cy)];
            };
            // The light comes from the upper left: slopes that face the light are brighter.
            const double slope = 0.6 * (thick(x + 1, y) - thick(x - 1, y)) +
                                 0.8 * (thick(x, y + 1) - thick(x, y - 1));
            const double light = 1 + 0.30 * std::tanh(slope * 1.2);
            const double shine = 0.10 * smoothstep(0.7, 1.6, slope);
            lit.at(x, y) = canvas.at(x, y) * light + Vec3{1, 1, 0.96} * shine;
        }
    }
    return reduced(lit, canvas_scale);
}

}  // namespace draw
