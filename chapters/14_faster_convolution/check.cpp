#include "14_faster_convolution/check.hpp"

#include <algorithm>
#include <cstddef>

#include "by_hand.hpp"
#include "nst/conv2d.hpp"

namespace check_14 {

namespace {

using course::numbers;
using nst::Filters;
using nst::Matrix;
using nst::Tensor3;
using nst::Vector;

// A filter or a feature map with its first two axes transposed.
template <class Tensor>
Tensor transposed(const Tensor& x) {
    Tensor y = x;
    const std::size_t side = x.shape(0);
    const std::size_t channels = x.size() / (side * side);
    for (std::size_t n = 0; n < x.size(); ++n) {
        const std::size_t k = n / channels;
        y.data()[n] = x.data()[(k % side * side + k / side) * channels + n % channels];
    }
    return y;
}

// A filter rotated by 180 degrees.
Filters rotated(const Filters& w) {
    Filters result = w;
    const std::size_t pairs = w.shape(2) * w.shape(3);
    for (std::size_t n = 0; n < w.size(); ++n) {
        result.data()[n] = w.data()[(8 - n / pairs) * pairs + n % pairs];
    }
    return result;
}

course::Function filters(const Functions& yours, const Functions& right) {
    course::Trial<Filters> trial("transform_filters", yours.transform_filters,
                                 right.transform_filters, {"w"});
    trial.suspect("the two rows in the middle of G lack their 1/2", [](const Filters& w) {
        return by_hand::both_ways(Matrix{{1, 0, 0}, {1, 1, 1}, {1, -1, 1}, {0, 0, 1}}, w);
    });
    trial.suspect("the two rows in the middle of G are exchanged: which m has g0 - g1 + g2?",
                  [](const Filters& w) {
                      return by_hand::both_ways(
                          Matrix{{1, 0, 0}, {0.5, -0.5, 0.5}, {0.5, 0.5, 0.5}, {0, 0, 1}}, w);
                  });
    trial.suspect("rows and columns of the filter are exchanged",
                  [](const Filters& w) { return by_hand::transform_filters(transposed(w)); });
    trial.on("one filter of ones", xt::ones<nst::Real>({3, 3, 1, 1}));
    trial.on("one filter", numbers<Filters>({3, 3, 1, 1}, 1));
    trial.on("2 to 3 channels", numbers<Filters>({3, 3, 2, 3}, 2));
    return trial.function;
}

// The 4x4 pixels from (first_row, first_column) on, each of which may be -1; `edge` says what lies
// outside: zeros, or the nearest pixel.
Tensor3 patch(const Tensor3& x, int first_row, int first_column, bool edge) {
    Tensor3 d = xt::zeros<nst::Real>({std::size_t{4}, std::size_t{4}, x.shape(2)});
    const int height = static_cast<int>(x.shape(0));
    const int width = static_cast<int>(x.shape(1));
    for (int k = 0; k < 16; ++k) {
        const int p = first_row + k / 4;
        const int q = first_column + k % 4;
        const bool inside = p >= 0 && p < height && q >= 0 && q < width;
        if (!inside && !edge) continue;
        for (std::size_t c = 0; c < x.shape(2); ++c) {
            d(k / 4, k % 4, c) = x(static_cast<std::size_t>(std::clamp(p, 0, height - 1)),
                                   static_cast<std::size_t>(std::clamp(q, 0, width - 1)), c);
        }
    }
    return d;
}

course::Function tile(const Functions& yours) {
    using Trial = course::Trial<Tensor3, double, double>;
    const auto call = [](auto transform) {
        return [transform](const Tensor3& x, double i, double j) {
            return transform(x, static_cast<std::size_t>(i), static_cast<std::size_t>(j));
        };
    };
    Trial trial("transform_tile", call(yours.transform_tile), call(by_hand::transform_tile),
                {"x", "i", "j"});
    const Matrix B_T = {{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, 1, 0, -1}};
    const auto from = [](const Matrix& M, int offset, bool edge) {
        return [=](const Tensor3& x, double i, double j) {
            return by_hand::both_ways(
                M, patch(x, static_cast<int>(i) + offset, static_cast<int>(j) + offset, edge));
        };
    };
    trial.suspect("the patch begins at (i, j): the outputs there also see row i - 1, column j - 1",
                  from(B_T, 0, false));
    trial.suspect("outside the picture are zeros, not the nearest pixels", from(B_T, -1, true));
    trial.suspect("that is B d B^T: is the matrix B^T, a row for each m?",
                  from(xt::transpose(B_T), -1, false));
    trial.suspect("the third row is d1 - d2: m2 has d2 - d1",
                  from({{1, 0, -1, 0}, {0, 1, 1, 0}, {0, 1, -1, 0}, {0, 1, 0, -1}}, -1, false));
    trial.suspect("the last row is d3 - d1: m3 has d1 - d3",
                  from({{1, 0, -1, 0}, {0, 1, 1, 0}, {0, -1, 1, 0}, {0, -1, 0, 1}}, -1, false));
    trial.on("in the middle of 6x7x1", numbers<Tensor3>({6, 7, 1}, 3), 2, 2);
    trial.on("upper left corner of 4x4x1", numbers<Tensor3>({4, 4, 1}, 4), 0, 0);
    trial.on("lower right corner of 5x3x2", numbers<Tensor3>({5, 3, 2}, 5), 4, 2);
    return trial.function;
}

course::Function multiply(const Functions& yours, const Functions& right) {
    course::Trial<Tensor3, Filters> trial("multiply", yours.multiply, right.multiply,
                                          {"tile", "filters"});
    trial.suspect("only the first input channel counts: is the sum over c there?",
                  [](const Tensor3& tile, const Filters& filters) {
                      Tensor3 first = tile;
                      for (std::size_t n = 0; n < tile.size(); ++n) {
                          if (n % tile.shape(2) > 0) first.data()[n] = 0;
                      }
                      return by_hand::multiply(first, filters);
                  });
    trial.suspect("places are exchanged: (u, v) of the tile goes with (u, v) of the filters",
                  [](const Tensor3& tile, const Filters& filters) {
                      return by_hand::multiply(transposed(tile), filters);
                  });
    trial.on("1 to 1 channel", numbers<Tensor3>({4, 4, 1}, 6), numbers<Filters>({4, 4, 1, 1}, 7));
    trial.on("3 to 2 channels", numbers<Tensor3>({4, 4, 3}, 8), numbers<Filters>({4, 4, 3, 2}, 9));
    return trial.function;
}

course::Function outputs(const Functions& yours, const Functions& right) {
    course::Trial<Tensor3> trial("transform_outputs", yours.transform_outputs,
                                 right.transform_outputs, {"m"});
    const auto with = [](const Matrix& M) {
        return [=](const Tensor3& m) { return by_hand::both_ways(M, m); };
    };
    trial.suspect("y1 is m1 - m2 - m3: the last sign is wrong",
                  with({{1, 1, 1, 0}, {0, 1, -1, 1}}));
    trial.suspect("y1 is m1 - m2 - m3: the sign of m2 is wrong",
                  with({{1, 1, 1, 0}, {0, 1, 1, -1}}));
    trial.suspect("y0 is m0 + m1 + m2: m3 is no part of it", with({{1, 1, 1, 1}, {0, 1, -1, -1}}));
    trial.on("one channel", numbers<Tensor3>({4, 4, 1}, 10));
    trial.on("3 channels", numbers<Tensor3>({4, 4, 3}, 11));
    return trial.function;
}

course::Function convolution(const Functions& yours, const Functions& right) {
    course::Trial<Tensor3, Filters, Vector> trial("winograd_conv2d", yours.winograd_conv2d,
                                                  right.winograd_conv2d, {"x", "w", "b"});
    trial.suspect("the bias is missing", [](const Tensor3& x, const Filters& w, const Vector& b) {
        return nst::conv2d(x, w, 0 * b);
    });
    trial.suspect("the bias is added to every m, before A^T m A: it belongs to the outputs",
                  [](const Tensor3& x, const Filters& w, const Vector& b) {
                      Tensor3 y = nst::conv2d(x, w, 0 * b);
                      for (std::size_t n = 0; n < y.size(); ++n) {
                          const std::size_t p = n / b.size() / y.shape(1);
                          const std::size_t q = n / b.size() % y.shape(1);
                          // A^T of four ones is (3, -1)
                          const double rows = p % 2 == 0 ? 3 : -1;
                          const double columns = q % 2 == 0 ? 3 : -1;
                          y.data()[n] += rows * columns * b(n % b.size());
                      }
                      return y;
                  });
    trial.suspect("the filters are turned by 180 degrees: a network's are not",
                  [](const Tensor3& x, const Filters& w, const Vector& b) {
                      return nst::conv2d(x, rotated(w), b);
                  });
    trial.trait({"even sizes", "what about the tiles that reach past the last row or column?", ""},
                [](const Tensor3& x, const Filters&, const Vector&) {
                    return x.shape(0) % 2 == 0 && x.shape(1) % 2 == 0;
                });
    const auto add = [&](const char* name, std::size_t height, std::size_t width,
                         std::size_t inputs, std::size_t outputs, unsigned seed) {
        trial.on(name, numbers<Tensor3>({height, width, inputs}, seed),
                 numbers<Filters>({3, 3, inputs, outputs}, seed + 1),
                 numbers<Vector>({outputs}, seed + 2));
    };
    add("one tile of one channel", 2, 2, 1, 1, 12);
    add("even sizes, 4x6, 2 to 3 channels", 4, 6, 2, 3, 15);
    add("odd sizes, 5x3, 3 to 2 channels", 5, 3, 3, 2, 18);
    add("one pixel", 1, 1, 2, 2, 21);
    return trial.function;
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    const Functions right = NST_FUNCTIONS(by_hand);
    return {filters(yours, right), tile(yours), multiply(yours, right), outputs(yours, right),
            convolution(yours, right)};
}

}  // namespace check_14
