#include "carving.hpp"

namespace draw {
namespace {

// Points of the cuts made so far, in square cells, to keep new cuts at a distance.
class Crowd {
  public:
    Crowd(double width, double height)
        : columns_(static_cast<int>(width / cell) + 1),
          rows_(static_cast<int>(height / cell) + 1),
          cells_(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_)) {}

    void add(Vec2 p) { cells_[index(column(p.x), row(p.y))].push_back(p); }

    bool near(Vec2 p, double distance) const {
        for (int j = row(p.y - distance); j <= row(p.y + distance); ++j) {
            for (int i = column(p.x - distance); i <= column(p.x + distance); ++i) {
                for (const Vec2& q : cells_[index(i, j)]) {
                    if (dot(p - q, p - q) < distance * distance) return true;
                }
            }
        }
        return false;
    }

  private:
    static constexpr double cell = 8;

    int column(double x) const { return std::clamp(static_cast<int>(x / cell), 0, columns_ - 1); }
    int row(double y) const { return std::clamp(static_cast<int>(y / cell), 0, rows_ - 1); }
    std::size_t index(int i, int j) const {
        return static_cast<std::size_t>(j) * static_cast<std::size_t>(columns_) +
               static_cast<std::size_t>(i);
    }

    int columns_;
    int rows_;
    std::vector<std::vector<Vec2>> cells_;
};

// Follows the flow from a point in both directions until the cut is long enough, leaves its part or
// comes too near to another cut.
std::vector<Vec2> cut_path(const Cuts& cuts, const Crowd& crowd, Vec2 start, double length_wanted,
                           double tremble) {
    constexpr double step = 1.5;
    std::vector<Vec2> path;
    for (const double sense : {-1.0, 1.0}) {
        Vec2 p = start;
        for (double walked = 0; walked < length_wanted / 2; walked += step) {
            const Vec2 d = cuts.flow(p);
            const double size = std::max(1e-9, length(d));
            const Vec2 turned{d.x - tremble * d.y, d.y + tremble * d.x};
            p = p + turned * (sense * step / size);
            if (cuts.depth(p) < cuts.outline || crowd.near(p, 0.72 * cuts.pitch(p))) break;
            path.push_back(p);
        }
        if (sense < 0) {
            std::reverse(path.begin(), path.end());
            path.push_back(start);
        }
    }
    return path;
}

}  // namespace

Block::Block(int width, int height)
    : width_(width * scale),
      height_(height * scale),
      wood_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_), 1.0F) {}

void Block::fill(const std::function<double(Vec2)>& depth, float value) {
    std::size_t i = 0;
    for (int y = 0; y < height_; ++y) {
        for (int x = 0; x < width_; ++x, ++i) {
            if (depth({(x + 0.5) / scale, (y + 0.5) / scale}) > 0) wood_[i] = value;
        }
    }
}

void Block::gouge(const std::vector<Vec2>& path, double width, std::uint32_t seed,
                  const std::function<bool(Vec2)>& allowed) {
    const double half = 0.5 * width * scale;
    const auto count = static_cast<double>(path.size() - 1);
    for (std::size_t i = 0; i < path.size(); ++i) {
        // The blade goes in flat and slowly, and comes out with a short tear.
        const double t = count > 0 ? static_cast<double>(i) / count : 0.5;
        const double taper =
            std::pow(clamp01(t / 0.45), 0.7) * std::pow(clamp01((1 - t) / 0.18), 0.6);
        const double rough = 0.86 + 0.28 * value_noise({static_cast<double>(i) * 0.35, 3.5}, seed);
        const double radius = half * taper * rough;
        const Vec2 c = path[i] * scale;
        const int reach = static_cast<int>(radius) + 1;
        for (int y = std::max(0, static_cast<int>(c.y) - reach);
             y <= std::min(height_ - 1, static_cast<int>(c.y) + reach); ++y) {
            for (int x = std::max(0, static_cast<int>(c.x) - reach);
                 x <= std::min(width_ - 1, static_cast<int>(c.x) + reach); ++x) {
                const double left = length(Vec2{x + 0.5, y + 0.5} - c) - radius;
                if (left > 0.5 || !allowed({(x + 0.5) / scale, (y + 0.5) / scale})) continue;
                float& wood = wood_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                                    static_cast<std::size_t>(x)];
                wood = std::min(wood, static_cast<float>(clamp01(0.5 + left)));
            }
        }
    }
}

void Block::cut(const Cuts& cuts, Random& random) {
    const double w = static_cast<double>(width_) / scale;
    const double h = static_cast<double>(height_) / scale;
    Crowd crowd(w, h);
    const auto allowed = [&](Vec2 p) { return cuts.depth(p) > 0.6 * cuts.outline; };
    const int attempts = static_cast<int>(w * h / 3);
    for (int k = 0; k < attempts; ++k) {
        const double x = random.fraction() * w;
        const Vec2 start{x, random.fraction() * h};
        const double length_wanted = cuts.length * random.between(0.5, 1.5);
        const double tremble = cuts.wobble * random.normal();
        const std::uint32_t seed = random.bits();
        if (cuts.depth(start) < cuts.outline || crowd.near(start, 0.9 * cuts.pitch(start)))
            continue;
        const std::vector<Vec2> path = cut_path(cuts, crowd, start, length_wanted, tremble);
        if (path.size() < 4) continue;
        for (const Vec2& p : path) crowd.add(p);
        const Vec2 middle = path[path.size() / 2];
        const double width = cuts.pitch(middle) * clamp01(cuts.tone(middle));
        if (width > 0.35) gouge(path, width * 1.06, seed, allowed);
    }
}

double Block::print(int x, int y) const {
    const double wood = wood_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                              static_cast<std::size_t>(x)];
    // Wood prints its grain, and the ink misses a spot here and there.
    const Vec2 p{static_cast<double>(x) / scale, static_cast<double>(y) / scale};
    const double rings = value_noise({p.x * 0.012, p.y * 0.42 + 3 * value_noise(p * 0.01, 5)}, 6);
    const double spots = value_noise(p * 0.9, 7) * value_noise(p * 0.23, 8);
    return wood * (1 - 0.16 * smoothstep(0.55, 0.95, rings)) *
           (1 - 0.75 * smoothstep(0.58, 0.8, spots));
}

}  // namespace draw
