#include "scene.hpp"

namespace draw {
namespace {

constexpr double nearest_distance = 1e-4;  // a ray that starts on a surface must not meet it again
constexpr std::uint32_t leaf_size = 4;

Vec3 lower(Vec3 a, Vec3 b) {
    return {std::min(a.x, b.x), std::min(a.y, b.y), std::min(a.z, b.z)};
}
Vec3 upper(Vec3 a, Vec3 b) {
    return {std::max(a.x, b.x), std::max(a.y, b.y), std::max(a.z, b.z)};
}

double coordinate(Vec3 v, int axis) {
    return axis == 0 ? v.x : axis == 1 ? v.y : v.z;
}

Vec3 axis_vector(int axis) {
    return {axis == 0 ? 1.0 : 0.0, axis == 1 ? 1.0 : 0.0, axis == 2 ? 1.0 : 0.0};
}

// The part of a ray inside a box.
struct Span {
    double enter;
    double leave;
    int axis;  // of the face through which the ray enters
};

double inverse(double speed) {
    return 1 / (std::abs(speed) > 1e-12 ? speed : 1e-12);
}

Vec3 inverse(Vec3 v) {
    return {inverse(v.x), inverse(v.y), inverse(v.z)};
}

Span span_in_box(Vec3 origin, Vec3 inverse_direction, Vec3 low, Vec3 high) {
    const Vec3 a = (low - origin) * inverse_direction;
    const Vec3 b = (high - origin) * inverse_direction;
    const Vec3 enter = lower(a, b);
    const Vec3 leave = upper(a, b);
    const double last = std::max({enter.x, enter.y, enter.z});
    return {last, std::min({leave.x, leave.y, leave.z}),
            last == enter.x   ? 0
            : last == enter.y ? 1
                              : 2};
}

bool take(const Ray& ray, double distance, Vec3 normal, const Solid& solid, Hit& hit) {
    if (distance < nearest_distance || distance >= hit.distance) return false;
    hit.distance = distance;
    hit.point = ray.origin + ray.direction * distance;
    hit.normal = dot(normal, ray.direction) > 0 ? -normal : normal;
    hit.material = solid.material;
    hit.mark = solid.mark;
    return true;
}

bool meet_box(const Ray& ray, const Solid& box, Hit& hit) {
    const Span span = span_in_box(ray.origin, inverse(ray.direction), box.low, box.high);
    if (span.enter > span.leave) return false;
    return take(ray, span.enter, axis_vector(span.axis), box, hit);
}

bool meet_triangle(const Ray& ray, const Solid& triangle, Hit& hit) {
    const Vec3 side = triangle.corners[1] - triangle.corners[0];
    const Vec3 other = triangle.corners[2] - triangle.corners[0];
    const Vec3 p = cross(ray.direction, other);
    const double det = dot(side, p);
    if (std::abs(det) < 1e-12) return false;
    const Vec3 from = ray.origin - triangle.corners[0];
    const double u = dot(from, p) / det;
    const Vec3 q = cross(from, side);
    const double v = dot(ray.direction, q) / det;
    if (u < 0 || v < 0 || u + v > 1) return false;
    return take(ray, dot(other, q) / det, normalized(cross(side, other)), triangle, hit);
}

bool meet_arch(const Ray& ray, const Solid& arch, Hit& hit) {
    const int axis = arch.high.x - arch.low.x < arch.high.z - arch.low.z ? 0 : 2;
    const double speed = coordinate(ray.direction, axis);
    if (std::abs(speed) < 1e-12) return false;
    const double distance = (coordinate(arch.low, axis) - coordinate(ray.origin, axis)) / speed;
    const Vec3 p = ray.origin + ray.direction * distance;
    const double along = coordinate(p, 2 - axis);
    const double from = coordinate(arch.low, 2 - axis);
    const double radius = (coordinate(arch.high, 2 - axis) - from) / 2;
    if (p.y < arch.low.y || p.y > arch.high.y || std::abs(along - from - radius) > radius) {
        return false;
    }
    const Vec2 from_spring{along - from - radius, p.y - (arch.high.y - radius)};
    if (from_spring.y < 0 || length(from_spring) < radius) return false;
    return take(ray, distance, axis_vector(axis), arch, hit);
}

bool meet(const Ray& ray, const Solid& solid, Hit& hit) {
    switch (solid.kind) {
        case Solid::Kind::box:
            return meet_box(ray, solid, hit);
        case Solid::Kind::triangle:
            return meet_triangle(ray, solid, hit);
        case Solid::Kind::arch:
            return meet_arch(ray, solid, hit);
    }
    return false;
}

}  // namespace

void Scene::add_box(Vec3 low, Vec3 high, Material material, std::uint32_t mark) {
    solids_.push_back({Solid::Kind::box, material, mark, lower(low, high), upper(low, high), {}});
}

void Scene::add_triangle(Vec3 a, Vec3 b, Vec3 c, Material material, std::uint32_t mark) {
    solids_.push_back({Solid::Kind::triangle,
                       material,
                       mark,
                       lower(lower(a, b), c),
                       upper(upper(a, b), c),
                       {a, b, c}});
}

void Scene::add_quad(Vec3 a, Vec3 b, Vec3 c, Vec3 d, Material material, std::uint32_t mark) {
    add_triangle(a, b, c, material, mark);
    add_triangle(a, c, d, material, mark);
}

void Scene::add_arch(Vec3 low, Vec3 high, Material material) {
    solids_.push_back({Solid::Kind::arch, material, 0, lower(low, high), upper(low, high), {}});
}

void Scene::build() {
    nodes_.clear();
    build_node(0, static_cast<std::uint32_t>(solids_.size()));
}

std::uint32_t Scene::build_node(std::uint32_t begin, std::uint32_t end) {
    const auto index = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({solids_[begin].low, solids_[begin].high, begin, end, 0, 0});
    Vec3 first_middle = solids_[begin].low + solids_[begin].high;
    Vec3 last_middle = first_middle;
    for (std::uint32_t i = begin; i < end; ++i) {
        nodes_[index].low = lower(nodes_[index].low, solids_[i].low);
        nodes_[index].high = upper(nodes_[index].high, solids_[i].high);
        first_middle = lower(first_middle, solids_[i].low + solids_[i].high);
        last_middle = upper(last_middle, solids_[i].low + solids_[i].high);
    }
    if (end - begin <= leaf_size) return index;
    const Vec3 spread = last_middle - first_middle;
    const int axis = spread.x > spread.y && spread.x > spread.z ? 0 : spread.y > spread.z ? 1 : 2;
    // A stable sort: the order of equal solids must not depend on the standard library.
    std::stable_sort(solids_.begin() + begin, solids_.begin() + end,
                     [axis](const Solid& a, const Solid& b) {
                         return coordinate(a.low + a.high, axis) < coordinate(b.low + b.high, axis);
                     });
    const std::uint32_t middle = begin + (end - begin) / 2;
    build_node(begin, middle);
    const std::uint32_t second = build_node(middle, end);
    nodes_[index].second = second;
    nodes_[index].axis = axis;
    return index;
}

bool Scene::search(const Ray& ray, bool any, Hit& hit) const {
    std::array<std::uint32_t, 64> waiting{};
    std::size_t count = 1;
    bool found = false;
    const Vec3 inverse_direction = inverse(ray.direction);
    while (count > 0) {
        const std::uint32_t index = waiting[--count];
        const Node& node = nodes_[index];
        const Span span = span_in_box(ray.origin, inverse_direction, node.low, node.high);
        if (span.enter > span.leave || span.leave < 0 || span.enter > hit.distance) continue;
        if (node.second == 0) {
            for (std::uint32_t i = node.begin; i < node.end; ++i) {
                if (!meet(ray, solids_[i], hit)) continue;
                found = true;
                if (any) return true;
            }
        } else {
            // Visits the nearer child first.
            const bool turned = coordinate(ray.direction, node.axis) < 0;
            waiting[count++] = turned ? index + 1 : node.second;
            waiting[count++] = turned ? node.second : index + 1;
        }
    }
    return found;
}

Hit Scene::first_hit(const Ray& ray, double limit) const {
    Hit hit;
    hit.distance = limit;
    if (!search(ray, false, hit)) hit.distance = no_hit;
    return hit;
}

bool Scene::blocked(const Ray& ray) const {
    Hit hit;
    return search(ray, true, hit);
}

}  // namespace draw
