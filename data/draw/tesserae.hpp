// A mosaic: a drawing laid in small stones that follow its outlines.
#pragma once

#include <cstdint>
#include <functional>

#include "picture.hpp"

namespace draw {

/// What the drawing asks for at a point.
struct Cartoon {
    int part = 0;      ///< stones are cut at the border between two parts
    Vec3 colour;       ///< display values
    double size = 8;   ///< side of a stone, in pixels
    double glint = 0;  ///< how much the stones differ in brightness, as gold leaf under glass does
};

/// Lays the stones by Lloyd's method in the metric of squares turned along the outlines (Hausner,
/// *Simulating Decorative Mosaics*, SIGGRAPH 2001), and sets them in mortar.
/// @return width x height, display values 0..1
Picture laid_in_stones(int width, int height, const std::function<Cartoon(Vec2)>& cartoon,
                       std::uint32_t seed);

}  // namespace draw
