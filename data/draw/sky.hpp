// A summer sky against the sun, with volumetric cumulus clouds.
#pragma once

#include "picture.hpp"

namespace draw {

/// The direction of the sun.
inline const Vec3 sun_direction = normalized({-0.51, 0.56, 1.0});
inline constexpr Vec3 sunlight{9.0, 7.3, 5.0};

/// The light that the sky sends into the shade, without clouds: smooth, so that few rays suffice.
Vec3 shade_light(Vec3 direction);

/// The light of the sky in every direction above the horizon, computed once and stored.
class Sky {
  public:
    Sky();

    /// Light from a direction, without the disc of the sun. Directions behind the camera see a
    /// mirror image of the sky in front; directions below the horizon see the horizon.
    Vec3 light(Vec3 direction) const;

  private:
    Picture map_;
};

}  // namespace draw
