// The sample pictures of the project. Each is drawn from the numbers in its source alone and comes
// out the same every time. All return display values 0..1.
#pragma once

#include "picture.hpp"

namespace draw {

/// Draws a glass pyramid in front of a palace, against the sun.
/// @return 400x300
Picture glass_pyramid();

/// Draws a harbour town with two towers and boats, in the evening sun.
/// @return 640x480
Picture harbour();

/// Draws a woman in three-quarter view by a window.
/// @return 480x640, upright
Picture portrait();

/// Paints a meadow in flower by a stream, in short strokes of broken colour.
/// @return 400x300
Picture field_of_strokes();

/// Paints a night sky in motion over a village by a lake.
/// @return 400x300
Picture swirling_night();

/// Paints a guitar, a bottle and fruit on a table, in facets.
/// @return 640x480
Picture cubist_still_life();

/// Lays a peacock that spreads its tail in stones and gold.
/// @return 640x480
Picture mosaic_peacock();

/// Prints a bay between mountains at sunrise from a carved block over flat colours.
/// @return 640x480
Picture woodcut_bay();

}  // namespace draw
