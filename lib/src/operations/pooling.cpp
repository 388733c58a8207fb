#include "nst/pooling.hpp"

#include <algorithm>

#include "base/require.hpp"
#include "operations/kernels.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

// The pixels of one 2x2 window that lie inside the image, in reading order. `place` is the position
// of each in the window: 0 1 / 2 3.
template <class Value>
struct Window {
    std::array<Value*, 4> pixels{};
    std::array<std::uint8_t, 4> place{};
    std::size_t count = 0;

    Window(BasicFeatureView<Value> x, std::size_t i, std::size_t j) {
        for (std::size_t u = 0; u < 2 && 2 * i + u < x.height(); ++u) {
            for (std::size_t v = 0; v < 2 && 2 * j + v < x.width(); ++v) {
                pixels[count] = x.at(2 * i + u, 2 * j + v);
                place[count] = static_cast<std::uint8_t>(2 * u + v);
                ++count;
            }
        }
    }

    // Returns the index, among the pixels inside, of the first largest value of a channel.
    std::size_t first_largest(std::size_t channel) const {
        std::size_t best = 0;
        for (std::size_t k = 1; k < count; ++k) {
            if (pixels[k][channel] > pixels[best][channel]) best = k;
        }
        return best;
    }
};

// Runs body(i, j) for every position of the pooled image, rows in parallel.
template <class Body>
void for_each_window(const Shape3& pooled, Body&& body) {
    parallel_blocks(pooled[0], [&](std::size_t i, std::size_t) {
        for (std::size_t j = 0; j < pooled[1]; ++j) body(i, j);
    });
}

// Sets every window of dx to 0 except for the pixel at place winners(i, j)(c), which gets dy.
template <class Winners>
void pass_to_winners(FeatureView dy, MutableFeatureView dx, const Winners& winners) {
    for_each_window(dy.shape, [&](std::size_t i, std::size_t j) {
        const Window<Real> window(dx, i, j);
        for (std::size_t k = 0; k < window.count; ++k) {
            std::fill_n(window.pixels[k], dx.channels(), Real(0));
        }
        const auto winner = winners(i, j);
        const Real* gradient = dy.at(i, j);
        for (std::size_t c = 0; c < dx.channels(); ++c) {
            const std::size_t place = winner(c);
            dx.at(2 * i + place / 2, 2 * j + place % 2)[c] = gradient[c];
        }
    });
}

void require_pooled(const char* function, FeatureView dy, const Shape3& x_shape) {
    require(dy.shape == pooled_shape(x_shape), function, ": dy must be ",
            shape_text(pooled_shape(x_shape)), ", what ", shape_text(x_shape),
            " is pooled to, got ", shape_text(dy.shape));
}

}  // namespace

namespace kernels {

void average_pool(FeatureView x, MutableFeatureView y) {
    for_each_window(y.shape, [&](std::size_t i, std::size_t j) {
        const Window<const Real> window(x, i, j);
        const Real share = Real(1) / static_cast<Real>(window.count);
        Real* mean = y.at(i, j);
        std::fill_n(mean, y.channels(), Real(0));
        for (std::size_t k = 0; k < window.count; ++k) {
            for (std::size_t c = 0; c < y.channels(); ++c) mean[c] += share * window.pixels[k][c];
        }
    });
}

void average_pool_backward(FeatureView dy, MutableFeatureView dx) {
    for_each_window(dy.shape, [&](std::size_t i, std::size_t j) {
        const Window<Real> window(dx, i, j);
        const Real share = Real(1) / static_cast<Real>(window.count);
        const Real* gradient = dy.at(i, j);
        for (std::size_t k = 0; k < window.count; ++k) {
            for (std::size_t c = 0; c < dy.channels(); ++c) {
                window.pixels[k][c] = share * gradient[c];
            }
        }
    });
}

void max_pool(FeatureView x, MutableFeatureView y, std::uint8_t* argmax) {
    for_each_window(y.shape, [&](std::size_t i, std::size_t j) {
        const Window<const Real> window(x, i, j);
        Real* largest = y.at(i, j);
        std::uint8_t* place = argmax == nullptr ? nullptr : argmax + (largest - y.data);
        for (std::size_t c = 0; c < y.channels(); ++c) {
            const std::size_t winner = window.first_largest(c);
            largest[c] = window.pixels[winner][c];
            if (place != nullptr) place[c] = window.place[winner];
        }
    });
}

void max_pool_backward(FeatureView dy, FeatureView x, MutableFeatureView dx) {
    pass_to_winners(dy, dx, [&](std::size_t i, std::size_t j) {
        return [window = Window<const Real>(x, i, j)](std::size_t c) {
            return window.place[window.first_largest(c)];
        };
    });
}

}  // namespace kernels

Tensor3 average_pool(FeatureView x) {
    require(x.size() > 0, "average_pool: x must not be empty, got ", shape_text(x.shape));
    Tensor3 y = Tensor3::from_shape(pooled_shape(x.shape));
    kernels::average_pool(x, y);
    return y;
}

Tensor3 average_pool_backward(FeatureView dy, const Shape3& x_shape) {
    require_pooled("average_pool_backward", dy, x_shape);
    Tensor3 dx = Tensor3::from_shape(x_shape);
    kernels::average_pool_backward(dy, dx);
    return dx;
}

MaxPooled max_pool(FeatureView x) {
    require(x.size() > 0, "max_pool: x must not be empty, got ", shape_text(x.shape));
    const Shape3 shape = pooled_shape(x.shape);
    MaxPooled pooled{Tensor3::from_shape(shape), xt::xtensor<std::uint8_t, 3>::from_shape(shape),
                     x.shape};
    kernels::max_pool(x, pooled.y, pooled.argmax.data());
    return pooled;
}

Tensor3 max_pool_backward(FeatureView dy, const MaxPooled& pooled) {
    require_pooled("max_pool_backward", dy, pooled.x_shape);
    require(pooled.argmax.shape() == dy.shape,
            "max_pool_backward: pooled.argmax must have the shape of dy, ", shape_text(dy.shape),
            ", got ", shape_text(pooled.argmax.shape()));
    Tensor3 dx = Tensor3::from_shape(pooled.x_shape);
    pass_to_winners(dy, dx, [&](std::size_t i, std::size_t j) {
        const std::uint8_t* places = pooled.argmax.data() + (i * dy.shape[1] + j) * dy.shape[2];
        return [places](std::size_t c) { return places[c]; };
    });
    return dx;
}

}  // namespace NST_PRECISION
}  // namespace nst
