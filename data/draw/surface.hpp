// The colours of solid things: courses of stone, slates, paving.
#pragma once

#include "scene.hpp"

namespace draw {

/// Position on a surface in metres: along it and up, or on the ground.
Vec2 on_surface(const Hit& hit);

/// Share of the light that the surface sends back, in red, green and blue.
Vec3 surface_colour(const Hit& hit);

}  // namespace draw
