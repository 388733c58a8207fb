// What a camera makes of the light: glare, the response of film, grain.
#pragma once

#include "picture.hpp"

namespace draw {

/// Adds what the lens scatters of very bright places over their surroundings.
void add_glare(Picture& light);

/// The finished print of the light on the film.
/// @return display values 0..1
Picture developed(const Picture& light);

}  // namespace draw
