// Solid things in space and what a ray of light meets first. x points right, y up, z away from the
// camera; the unit is the metre.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <vector>

#include "geometry.hpp"

namespace draw {

enum class Material : std::uint8_t { stone, slate, window, lead, paving, water, cloth };

struct Ray {
    Vec3 origin;
    Vec3 direction;  // of length 1
};

/// The distance to nothing.
inline constexpr double no_hit = std::numeric_limits<double>::max();

struct Hit {
    double distance = no_hit;
    Vec3 point;
    Vec3 normal;  // of length 1, against the ray
    Material material = Material::stone;
    std::uint32_t mark = 0;  // tells things of one material apart
};

/// A box along the axes, a triangle, or an upright wall panel with an arched opening.
struct Solid {
    enum class Kind : std::uint8_t { box, triangle, arch } kind = Kind::box;
    Material material = Material::stone;
    std::uint32_t mark = 0;
    Vec3 low;  // the bounds; for a box, itself
    Vec3 high;
    std::array<Vec3, 3> corners{};  // of a triangle
};

/// Solids, sorted into a tree of boxes so that a ray need not be tried against each.
class Scene {
  public:
    void add_box(Vec3 low, Vec3 high, Material material, std::uint32_t mark = 0);
    void add_triangle(Vec3 a, Vec3 b, Vec3 c, Material material, std::uint32_t mark = 0);
    void add_quad(Vec3 a, Vec3 b, Vec3 c, Vec3 d, Material material, std::uint32_t mark = 0);

    /// A thin wall from low to high (one of x and z does not change) with an opening of its full
    /// width that ends in a half circle under its upper edge.
    void add_arch(Vec3 low, Vec3 high, Material material);

    /// Sorts what was added. To be called once, after the last add.
    void build();

    /// The nearest solid before `limit`; distance is no_hit when there is none.
    Hit first_hit(const Ray& ray, double limit = no_hit) const;

    /// Whether anything lies on the ray.
    bool blocked(const Ray& ray) const;

  private:
    struct Node {
        Vec3 low;
        Vec3 high;
        std::uint32_t begin = 0;  // a leaf's solids
        std::uint32_t end = 0;
        std::uint32_t second = 0;  // the second child; the first one follows its parent
        int axis = 0;              // along which the children lie
    };

    std::uint32_t build_node(std::uint32_t begin, std::uint32_t end);
    bool search(const Ray& ray, bool any, Hit& hit) const;

    std::vector<Solid> solids_;
    std::vector<Node> nodes_;
};

}  // namespace draw
