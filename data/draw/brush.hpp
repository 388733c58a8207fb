// Oil paint: strokes of a bristle brush on a canvas that records the thickness of the paint.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "picture.hpp"
#include "random.hpp"

namespace draw {

/// Canvas pixels per pixel of the finished picture, along each axis.
inline constexpr int canvas_scale = 3;

/// A canvas being painted. Positions are given in pixels of the finished picture.
struct Painting {
    explicit Painting(Vec3 ground, int width = picture_width, int height = picture_height);

    Picture colour;                 ///< display values, canvas_scale times as large
    std::vector<double> thickness;  ///< of the paint, in pixel order
};

/// One drag of the brush.
struct Stroke {
    std::vector<Vec2> path;  ///< at least two points, roughly evenly spaced
    double width = 6;
    Vec3 colour;
    Vec3 second_colour;      ///< the brush is never quite clean: some bristles carry this colour
    double load = 1;         ///< paint on the brush: 1 lasts to the end, 0.5 runs dry half way
    double body = 1;         ///< how thick the paint stands
    std::uint32_t seed = 0;  ///< of the bristles
};

/// Drags the brush over the canvas.
void paint(Painting& painting, const Stroke& stroke);

/// The direction of the brush at a point; its length need not be 1.
using Flow = std::function<Vec2(Vec2)>;

/// The path of a stroke of this length along the flow, centred at `centre`.
std::vector<Vec2> path_along(const Flow& flow, Vec2 centre, double length);

/// Uniform flows.
inline Vec2 sideways(Vec2) {
    return {1, 0};
}
inline Vec2 upright(Vec2) {
    return {0, 1};
}

/// How much the hand varies from stroke to stroke.
struct Manner {
    double width;
    double length;
    double hue;    ///< variation of the hue in degrees
    double value;  ///< relative variation of the value
    double body;   ///< how thick the paint stands
};

/// Paints one stroke along the flow, centred at p and varied as the manner says.
void dab(Painting& painting, Random& random, const Manner& manner, const Flow& flow, Vec2 p,
         Vec3 colour);

/// Points about `spacing` apart, spread evenly over a picture and a margin around it, in random
/// order.
std::vector<Vec2> scattered_points(double spacing, Random& random, int width = picture_width,
                                   int height = picture_height);

/// The finished picture: the relief of the paint lit from the upper left, then reduced.
Picture varnished(const Painting& painting);

}  // namespace draw
