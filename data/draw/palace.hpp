// A classical palace around a courtyard, made of boxes, slopes and arches.
#pragma once

#include "scene.hpp"

namespace draw {

/// Width of one bay of the palace: a window and half a pier on either side.
inline constexpr double bay_width = 4.4;

/// Adds the main building across the courtyard, its pavilions, and a wing on either side.
void add_palace(Scene& scene);

}  // namespace draw
