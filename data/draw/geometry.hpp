// Points, directions and colours: small vectors with the usual arithmetic.
#pragma once

#include <algorithm>
#include <cmath>

namespace draw {

inline constexpr double pi = 3.14159265358979323846;

struct Vec2 {
    double x = 0;
    double y = 0;
};

inline Vec2 operator+(Vec2 a, Vec2 b) {
    return {a.x + b.x, a.y + b.y};
}
inline Vec2 operator-(Vec2 a, Vec2 b) {
    return {a.x - b.x, a.y - b.y};
}
inline Vec2 operator*(Vec2 a, double k) {
    return {a.x * k, a.y * k};
}
inline double dot(Vec2 a, Vec2 b) {
    return a.x * b.x + a.y * b.y;
}
inline double length(Vec2 a) {
    return std::sqrt(dot(a, a));
}

/// A point or a direction in space, or a colour (red, green, blue).
struct Vec3 {
    double x = 0;
    double y = 0;
    double z = 0;
};

inline Vec3 operator+(Vec3 a, Vec3 b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}
inline Vec3 operator-(Vec3 a, Vec3 b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}
inline Vec3 operator-(Vec3 a) {
    return {-a.x, -a.y, -a.z};
}
inline Vec3 operator*(Vec3 a, Vec3 b) {
    return {a.x * b.x, a.y * b.y, a.z * b.z};
}
inline Vec3 operator*(Vec3 a, double k) {
    return {a.x * k, a.y * k, a.z * k};
}
inline double dot(Vec3 a, Vec3 b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline double length(Vec3 a) {
    return std::sqrt(dot(a, a));
}
inline Vec3 cross(Vec3 a, Vec3 b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline Vec3 normalized(Vec3 a) {
    return a * (1 / length(a));
}

inline double mix(double a, double b, double t) {
    return a + (b - a) * t;
}
inline Vec2 mix(Vec2 a, Vec2 b, double t) {
    return a + (b - a) * t;
}
inline Vec3 mix(Vec3 a, Vec3 b, double t) {
    return a + (b - a) * t;
}

inline double clamp01(double v) {
    return std::clamp(v, 0.0, 1.0);
}

/// Rises smoothly from 0 at `low` to 1 at `high`; falls when low > high.
inline double smoothstep(double low, double high, double v) {
    const double t = clamp01((v - low) / (high - low));
    return t * t * (3 - 2 * t);
}

}  // namespace draw
