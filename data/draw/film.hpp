// How a camera records the light: glare, the response of film, grain.
#pragma once

#include "picture.hpp"

namespace draw {

/// Adds the glare that the lens scatters around very bright places.
void add_glare(Picture& light);

/// The finished print of the light that reached the film.
/// @return display values 0..1
Picture developed(const Picture& light);

}  // namespace draw
