// The courtyard in front of the palace: the ground, the basin and the people.
#pragma once

#include "scene.hpp"

namespace draw {

/// The ground, as far as the horizon, and the water in the basin.
Hit ground_hit(const Ray& ray);

/// Adds the rim of the basin.
void add_basin(Scene& scene);

/// Adds people at rest, none of them inside the pyramid.
void add_people(Scene& scene);

}  // namespace draw
