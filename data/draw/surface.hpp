// The colours of solid surfaces: courses of stone, slates, paving.
#pragma once

#include "scene.hpp"

namespace draw {

/// Position on a surface in metres: along the wall and up, or on the ground.
Vec2 on_surface(const Hit& hit);

/// The fraction of light that the surface reflects, in red, green and blue.
Vec3 surface_colour(const Hit& hit);

}  // namespace draw
