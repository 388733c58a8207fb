// Solids in space, and the first one that a ray of light meets. x points right, y up, z away from
// the camera; the unit is the metre.
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

/// The distance of a ray that meets nothing.
inline constexpr double no_hit = std::numeric_limits<double>::max();

struct Hit {
    double distance = no_hit;
    Vec3 point;
    Vec3 normal;  // of length 1, against the ray
    Material material = Material::stone;
    std::uint32_t mark = 0;  // tells solids of one material apart
};

/// An axis-aligned box, a triangle, or a vertical wall panel with an arched opening.
struct Solid {
    enum class Kind : std::uint8_t { box, triangle, arch } kind = Kind::box;
    Material material = Material::stone;
    std::uint32_t mark = 0;
    Vec3 low;  // the bounding box; for a box, the box itself
    Vec3 high;
    std::array<Vec3, 3> corners{};  // of a triangle
};

/// Solids in a tree of bounding boxes, so that a ray need not be tested against each of them.
class Scene {
  public:
    void add_box(Vec3 low, Vec3 high, Material material, std::uint32_t mark = 0);
    void add_triangle(Vec3 a, Vec3 b, Vec3 c, Material material, std::uint32_t mark = 0);
    void add_quad(Vec3 a, Vec3 b, Vec3 c, Vec3 d, Material material, std::uint32_t mark = 0);

    /// A thin wall from low to high (x or z is constant) with an opening of the full width that
    /// ends in a half circle below the upper edge.
    void add_arch(Vec3 low, Vec3 high, Material material);

    /// Builds the tree. Call once, after the last add.
    void build();

    /// The nearest solid closer than `limit`; distance is no_hit when there is none.
    Hit first_hit(const Ray& ray, double limit = no_hit) const;

    /// Whether the ray meets anything.
    bool blocked(const Ray& ray) const;

  private:
    struct Node {
        Vec3 low;
        Vec3 high;
        std::uint32_t begin = 0;  // a leaf's solids
        std::uint32_t end = 0;
        std::uint32_t second = 0;  // the second child; the first one follows its parent
        int axis = 0;              // along which the children are split
    };

    std::uint32_t build_node(std::uint32_t begin, std::uint32_t end);
    bool search(const Ray& ray, bool any, Hit& hit) const;

    std::vector<Solid> solids_;
    std::vector<Node> nodes_;
};

}  // namespace draw
