// The glass pyramid: where a ray crosses a side, and whether it meets a bar or a pane there.
#pragma once

#include "scene.hpp"

namespace draw {

inline constexpr Vec3 pyramid_middle{6.5, 0, 62};
inline constexpr double pyramid_half = 15.5;  // half a side's length on the ground
inline constexpr double pyramid_height = 19.5;

/// The outward normal of a side, 0 to 3; side 0 faces the camera.
Vec3 pyramid_normal(int side);

/// The part of a ray inside the pyramid. A ray that misses has no_hit in both distances, a ray that
/// starts inside only in `enter`.
struct Passage {
    double enter = no_hit;
    double leave = no_hit;
    int enter_side = 0;
    int leave_side = 0;
};

Passage through_pyramid(const Ray& ray);

/// What a ray meets where it crosses a side.
struct Glazing {
    bool bar;            ///< otherwise a pane
    double pane_number;  ///< 0 to 1, constant over one pane
};

Glazing glazing_at(int side, Vec3 p);

}  // namespace draw
