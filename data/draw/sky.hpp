// A summer sky against the sun, with heaped clouds that have depth.
#pragma once

#include "picture.hpp"

namespace draw {

/// Where the light comes from.
inline const Vec3 sun_direction = normalized({-0.51, 0.56, 1.0});
inline constexpr Vec3 sunlight{9.0, 7.3, 5.0};

/// What the sky sends to things in the shade, without its clouds: smooth, so that few rays suffice.
Vec3 shade_light(Vec3 direction);

/// The light of the sky in every direction above the horizon, computed once.
class Sky {
  public:
    Sky();

    /// Light from a direction, without the disc of the sun. Directions behind the camera see the
    /// mirror image of what is before it; directions below the horizon see the horizon.
    Vec3 light(Vec3 direction) const;

  private:
    Picture map_;
};

}  // namespace draw
