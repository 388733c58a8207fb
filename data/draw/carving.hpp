// A block of wood cut with a gouge, inked and printed: what is cut away stays the colour of the
// paper.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "picture.hpp"
#include "random.hpp"

namespace draw {

/// A part of the picture that is cut in one manner. Positions are in pixels of the finished
/// picture.
struct Cuts {
    std::function<double(Vec2)> depth;  ///< how far inside the part a point is, negative outside
    std::function<Vec2(Vec2)> flow;     ///< the direction of the gouge; its length need not be 1
    std::function<double(Vec2)> tone;   ///< the fraction of the ink that is cut away, 0 to 1
    std::function<double(Vec2)> pitch;  ///< from the middle of a cut to the middle of the next
    double length = 60;                 ///< of a cut, on average
    double outline = 2;                 ///< uncut margin inside the edge of the part
    double wobble = 0.05;               ///< how much the hand trembles, in radians
};

/// The inked wood, `scale` times as large as the picture along each axis.
class Block {
  public:
    static constexpr int scale = 3;

    Block(int width, int height);

    /// Restores the wood of a part that lies in front of what was cut so far.
    void restore(const std::function<double(Vec2)>& depth) { fill(depth, 1); }

    /// Cuts away all the wood of a part.
    void clear(const std::function<double(Vec2)>& depth) { fill(depth, 0); }

    /// Fills a part with cuts side by side, each as wide as the tone asks for.
    void cut(const Cuts& cuts, Random& random);

    /// One cut along a path. The width is that of the middle; both ends taper.
    void gouge(const std::vector<Vec2>& path, double width, std::uint32_t seed,
               const std::function<bool(Vec2)>& allowed);

    /// Ink that the paper receives, 0 to 1: worn edges, the grain of the wood.
    double print(int x, int y) const;

    int width() const { return width_; }
    int height() const { return height_; }

  private:
    void fill(const std::function<double(Vec2)>& depth, float value);

    int width_;  // of the block
    int height_;
    std::vector<float> wood_;  // 1 uncut
};

}  // namespace draw
