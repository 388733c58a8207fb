#include "tesserae.hpp"

#include <limits>
#include <vector>

#include "random.hpp"

namespace draw {
namespace {

constexpr int fine = 3;  // pixels of the canvas per pixel of the picture, along each axis

struct Stone {
    Vec2 centre;
    Vec2 along;  // of length 1
    double size = 8;
    int part = 0;
};

// One number per pixel.
struct Field {
    Field(int w, int h, double value)
        : width(w),
          height(h),
          values(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), value) {}

    std::size_t index(int x, int y) const {
        const int i = std::clamp(x, 0, width - 1);
        const int j = std::clamp(y, 0, height - 1);
        return static_cast<std::size_t>(j) * static_cast<std::size_t>(width) +
               static_cast<std::size_t>(i);
    }
    double& at(int x, int y) { return values[index(x, y)]; }
    double at(int x, int y) const { return values[index(x, y)]; }

    int width;
    int height;
    std::vector<double> values;
};

Field smoothed(const Field& field, int radius) {
    Field result = field;
    for (int pass = 0; pass < 4; ++pass) {
        const Field before = result;
        for (int y = 0; y < field.height; ++y) {
            for (int x = 0; x < field.width; ++x) {
                double sum = 0;
                for (int k = -radius; k <= radius; ++k) {
                    sum += pass % 2 == 0 ? before.at(x + k, y) : before.at(x, y + k);
                }
                result.at(x, y) = sum / (2 * radius + 1);
            }
        }
    }
    return result;
}

// Distances to the nearest border between two parts, in two sweeps.
Field distance_to_outline(const std::vector<Cartoon>& cartoon, int width, int height) {
    Field d(width, height, 1e4);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const int part = cartoon[d.index(x, y)].part;
            if (part != cartoon[d.index(x + 1, y)].part || part != cartoon[d.index(x, y + 1)].part)
                d.at(x, y) = 0;
        }
    }
    const double diagonal = std::sqrt(2.0);
    const auto relax = [&](int x, int y, int s) {
        double best = d.at(x, y);
        best = std::min(best, std::min(d.at(x - s, y), d.at(x, y - s)) + 1);
        best = std::min(best, std::min(d.at(x - s, y - s), d.at(x + s, y - s)) + diagonal);
        d.at(x, y) = best;
    };
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) relax(x, y, 1);
    }
    for (int y = height - 1; y >= 0; --y) {
        for (int x = width - 1; x >= 0; --x) relax(x, y, -1);
    }
    return d;
}

// How far a point is from the centre, in a metric whose circles are turned squares: 0.5 at the side
// of a stone. A little roundness keeps rows from locking.
double squarely(const Stone& stone, Vec2 p) {
    const Vec2 d = p - stone.centre;
    const double u = std::abs(dot(d, stone.along));
    const double v = std::abs(stone.along.x * d.y - stone.along.y * d.x);
    return (0.85 * std::max(u, v) + 0.15 * length(d)) / stone.size;
}

class Floor {
  public:
    Floor(int width, int height, const std::function<Cartoon(Vec2)>& cartoon, std::uint32_t seed)
        : width_(width), height_(height), slope_(width, height, 0), random_(seed) {
        for (int y = 0; y < height; ++y) {
            for (int x = 0; x < width; ++x) cartoon_.push_back(cartoon({x + 0.5, y + 0.5}));
        }
        slope_ = smoothed(distance_to_outline(cartoon_, width, height), 3);
        scatter();
        for (int i = 0; i < 14; ++i) settle();
    }

    const std::vector<Stone>& stones() const { return stones_; }

    /// The stone of each point of a grid with `scale` points per pixel, or -1.
    std::vector<int> owners(int scale, const std::function<int(int, int)>& part) const {
        const int w = width_ * scale;
        const int h = height_ * scale;
        std::vector<int> owner(static_cast<std::size_t>(w) * static_cast<std::size_t>(h), -1);
        std::vector<double> nearest(owner.size(), 0.95);
        for (std::size_t k = 0; k < stones_.size(); ++k) {
            const Stone& stone = stones_[k];
            const double reach = 1.3 * stone.size;
            const int left = std::max(0, static_cast<int>((stone.centre.x - reach) * scale));
            const int right = std::min(w - 1, static_cast<int>((stone.centre.x + reach) * scale));
            const int top = std::max(0, static_cast<int>((stone.centre.y - reach) * scale));
            const int bottom = std::min(h - 1, static_cast<int>((stone.centre.y + reach) * scale));
            for (int y = top; y <= bottom; ++y) {
                for (int x = left; x <= right; ++x) {
                    if (part(x, y) != stone.part) continue;
                    const double d = squarely(stone, {(x + 0.5) / scale, (y + 0.5) / scale});
                    const std::size_t i =
                        static_cast<std::size_t>(y) * static_cast<std::size_t>(w) +
                        static_cast<std::size_t>(x);
                    if (d < nearest[i]) {
                        nearest[i] = d;
                        owner[i] = static_cast<int>(k);
                    }
                }
            }
        }
        return owner;
    }

    const Cartoon& at(Vec2 p) const {
        return cartoon_[slope_.index(static_cast<int>(p.x), static_cast<int>(p.y))];
    }

  private:
    Stone stone_at(Vec2 p) const {
        const int x = static_cast<int>(p.x);
        const int y = static_cast<int>(p.y);
        const Vec2 uphill{slope_.at(x + 2, y) - slope_.at(x - 2, y),
                          slope_.at(x, y + 2) - slope_.at(x, y - 2)};
        const double steep = length(uphill);
        const Vec2 along = steep > 1e-6 ? uphill * (1 / steep) : Vec2{1, 0};
        return {p, along, at(p).size, at(p).part};
    }

    void scatter() {
        std::vector<std::vector<std::size_t>> cells(static_cast<std::size_t>(width_ / 16 + 1) *
                                                    static_cast<std::size_t>(height_ / 16 + 1));
        const auto cell = [&](int i, int j) -> std::vector<std::size_t>& {
            return cells[static_cast<std::size_t>(j) * static_cast<std::size_t>(width_ / 16 + 1) +
                         static_cast<std::size_t>(i)];
        };
        for (int k = 0; k < width_ * height_ / 3; ++k) {
            const double x = random_.fraction() * width_;
            const Stone stone = stone_at({x, random_.fraction() * height_});
            const int i = static_cast<int>(stone.centre.x) / 16;
            const int j = static_cast<int>(stone.centre.y) / 16;
            bool free = true;
            for (int b = std::max(0, j - 1); b <= std::min(height_ / 16, j + 1) && free; ++b) {
                for (int a = std::max(0, i - 1); a <= std::min(width_ / 16, i + 1) && free; ++a) {
                    for (const std::size_t other : cell(a, b)) {
                        const Stone& o = stones_[other];
                        free = free && (o.part != stone.part ||
                                        length(o.centre - stone.centre) > 0.80 * stone.size);
                    }
                }
            }
            if (!free) continue;
            cell(i, j).push_back(stones_.size());
            stones_.push_back(stone);
        }
    }

    // One step of Lloyd's method: each stone moves to the middle of its cell.
    void settle() {
        const std::vector<int> owner =
            owners(1, [&](int x, int y) { return cartoon_[slope_.index(x, y)].part; });
        std::vector<Vec3> sums(stones_.size());
        for (int y = 0; y < height_; ++y) {
            for (int x = 0; x < width_; ++x) {
                const int k = owner[slope_.index(x, y)];
                if (k >= 0)
                    sums[static_cast<std::size_t>(k)] =
                        sums[static_cast<std::size_t>(k)] + Vec3{x + 0.5, y + 0.5, 1};
            }
        }
        std::vector<Stone> moved;
        for (std::size_t k = 0; k < stones_.size(); ++k) {
            if (sums[k].z < 1) continue;
            const Vec2 middle{sums[k].x / sums[k].z, sums[k].y / sums[k].z};
            Stone stone = stone_at(middle);
            stone.part = stones_[k].part;  // the middle of a crescent lies outside it
            moved.push_back(stone);
        }
        stones_ = moved;
    }

    int width_;
    int height_;
    Field slope_;
    Random random_;
    std::vector<Cartoon> cartoon_;
    std::vector<Stone> stones_;
};

// What a stone looks like: its colour varies, and it does not lie quite flat.
Vec3 stone_colour(const Cartoon& wanted, const Stone& stone, std::size_t number, Vec2 p) {
    Random random(static_cast<std::uint32_t>(number) * 2654435761U + 77);
    const double hue = 7 * random.normal();
    const double saturation = random.between(0.85, 1.12);
    const double bright = 1 + std::clamp((0.075 + wanted.glint) * random.normal(), -0.45, 0.5);
    const Vec3 colour = varied(wanted.colour, hue, saturation, bright);
    const double turn = random.between(0, 2 * pi);
    const double tilt = dot(p - stone.centre, {std::cos(turn), std::sin(turn)}) / stone.size;
    const double veins = 0.10 * fractal_noise(p * 0.45, 2, static_cast<std::uint32_t>(number));
    return colour * (1 + 0.16 * tilt + veins);
}

// 1 on the stones, 0 in the mortar that shows between two of them.
Field raised_stones(const std::vector<int>& owner, int width, int height) {
    Field raised(width, height, 0);
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const int own = owner[raised.index(x, y)];
            bool inside = own >= 0;
            for (int k = 0; k < 8 && inside; ++k) {
                const double turn = k * pi / 4;
                const int dx = static_cast<int>(std::lround(1.5 * std::cos(turn)));
                const int dy = static_cast<int>(std::lround(1.5 * std::sin(turn)));
                inside = owner[raised.index(x + dx, y + dy)] == own;
            }
            raised.at(x, y) = inside ? 1 : 0;
        }
    }
    return raised;
}

}  // namespace

Picture laid_in_stones(int width, int height, const std::function<Cartoon(Vec2)>& cartoon,
                       std::uint32_t seed) {
    const Floor floor(width, height, cartoon, seed);
    const int w = width * fine;
    const int h = height * fine;
    std::vector<int> parts;
    parts.reserve(static_cast<std::size_t>(w) * static_cast<std::size_t>(h));
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x) {
            parts.push_back(cartoon({(x + 0.5) / fine, (y + 0.5) / fine}).part);
        }
    }
    const std::vector<int> owner = floor.owners(fine, [&](int x, int y) {
        return parts[static_cast<std::size_t>(y) * static_cast<std::size_t>(w) +
                     static_cast<std::size_t>(x)];
    });
    const Field relief = smoothed(raised_stones(owner, w, h), 1);
    Picture canvas(w, h);
    for (int y = 0; y < h; ++y) {
        for (int x = 0; x < w; ++x) {
            const Vec2 p{(x + 0.5) / fine, (y + 0.5) / fine};
            const double sand = value_noise(p * 1.7, seed + 5) - 0.5;
            const Vec3 mortar = Vec3{0.47, 0.43, 0.37} * (0.82 + 0.25 * sand);
            const int own = owner[relief.index(x, y)];
            Vec3 colour = mortar;
            if (own >= 0) {
                const Stone& stone = floor.stones()[static_cast<std::size_t>(own)];
                Cartoon wanted = floor.at(stone.centre);
                if (wanted.part != stone.part) wanted = cartoon(p);
                colour = mix(mortar, stone_colour(wanted, stone, static_cast<std::size_t>(own), p),
                             relief.at(x, y));
            }
            const double slope = relief.at(x + 2, y) - relief.at(x - 2, y) + relief.at(x, y + 2) -
                                 relief.at(x, y - 2);
            canvas.at(x, y) = colour * (1 + 0.22 * std::tanh(slope * 1.2));
        }
    }
    return reduced(canvas, fine);
}

}  // namespace draw
