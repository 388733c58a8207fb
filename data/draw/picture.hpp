// A picture in memory, and its conversion to a PNG or JPEG file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "geometry.hpp"

namespace draw {

/// Size of the smaller sample pictures, which are stored as PNG.
inline constexpr int picture_width = 400;
inline constexpr int picture_height = 300;

/// Size of the larger ones, which are stored as JPEG.
inline constexpr int large_width = 640;
inline constexpr int large_height = 480;

/// Colours in reading order. The meaning of 1 depends on the use: display white, or a unit of
/// light.
struct Picture {
    Picture(int picture_w, int picture_h)
        : width(picture_w),
          height(picture_h),
          pixels(static_cast<std::size_t>(picture_w) * static_cast<std::size_t>(picture_h)) {}

    Vec3& at(int x, int y) { return pixels[index(x, y)]; }
    const Vec3& at(int x, int y) const { return pixels[index(x, y)]; }
    std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
               static_cast<std::size_t>(x);
    }

    int width;
    int height;
    std::vector<Vec3> pixels;
};

/// Averages blocks of factor x factor pixels.
Picture reduced(const Picture& picture, int factor);

/// Rounds display values 0..1 to bytes 0..255, RGB, in reading order.
std::vector<std::uint8_t> to_bytes(const Picture& picture);

/// Writes an 8-bit RGB PNG.
/// @throws std::runtime_error when the file cannot be written
void save_png(const std::filesystem::path& file, const Picture& picture);

/// Encodes as JPEG, quality 90, with colour at full resolution.
std::vector<std::uint8_t> to_jpeg(const Picture& picture);

/// Writes a JPEG.
/// @throws std::runtime_error when the file cannot be written
void save_jpeg(const std::filesystem::path& file, const Picture& picture);

/// Red, green and blue, 0..1, of a hue in degrees, a saturation and a value, 0..1.
Vec3 from_hsv(double hue, double saturation, double value);

/// A colour with its hue rotated by `degrees` and its saturation and value scaled.
Vec3 varied(Vec3 colour, double degrees, double saturation, double value);

}  // namespace draw
