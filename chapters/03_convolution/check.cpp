#include "03_convolution/check.hpp"

#include <algorithm>
#include <cstddef>

#include "by_hand.hpp"

namespace check_03 {

namespace {

using course::numbers;
using nst::Filters;
using nst::Matrix;
using nst::Tensor3;
using nst::Vector;

using Conv = course::Trial<Tensor3, Filters, Vector>;

Filters reordered(const Filters& w, bool turn_rows, bool turn_columns) {
    Filters result = w;
    for (std::size_t u = 0; u < w.shape(0); ++u) {
        for (std::size_t v = 0; v < w.shape(1); ++v) {
            for (std::size_t k = 0; k < w.shape(2) * w.shape(3); ++k) {
                const std::size_t c = k / w.shape(3);
                const std::size_t o = k % w.shape(3);
                result(u, v, c, o) = w(turn_rows ? w.shape(0) - 1 - u : u,
                                       turn_columns ? w.shape(1) - 1 - v : v, c, o);
            }
        }
    }
    return result;
}

Filters transposed(const Filters& w) {
    Filters result = w;
    for (std::size_t u = 0; u < w.shape(0); ++u) {
        for (std::size_t v = 0; v < w.shape(0); ++v) {
            for (std::size_t k = 0; k < w.shape(2) * w.shape(3); ++k) {
                result(u, v, k / w.shape(3), k % w.shape(3)) =
                    w(v, u, k / w.shape(3), k % w.shape(3));
            }
        }
    }
    return result;
}

// The first input channel alone.
Filters first_input(const Filters& w) {
    Filters result = w;
    for (std::size_t k = 0; k < w.size(); ++k) {
        if (k / w.shape(3) % w.shape(2) > 0) result.data()[k] = 0;
    }
    return result;
}

// What a tap sees that lies on (p, q), perhaps beyond the edge: the nearest pixel there.
double nearest(const Tensor3& x, std::size_t p, std::size_t q, std::size_t reach_p,
               std::size_t reach_q, std::size_t c) {
    const std::size_t i = std::min(p < reach_p ? 0 : p - reach_p, x.shape(0) - 1);
    const std::size_t j = std::min(q < reach_q ? 0 : q - reach_q, x.shape(1) - 1);
    return x(i, j, c);
}

// im2col with the edge's pixels repeated beyond it.
Matrix edge_repeated(const Tensor3& x, std::size_t kh, std::size_t kw) {
    Matrix columns = by_hand::im2col(x, kh, kw);
    const std::size_t inputs = x.shape(2);
    for (std::size_t k = 0; k < columns.size(); ++k) {
        const std::size_t row = k / columns.shape(1);
        const std::size_t column = k % columns.shape(1);
        columns.data()[k] =
            nearest(x, row / x.shape(1) + column / (kw * inputs),
                    row % x.shape(1) + column / inputs % kw, kh / 2, kw / 2, column % inputs);
    }
    return columns;
}

// im2col with the first tap on the pixel, not the middle one.
Matrix from_the_first_tap(const Tensor3& x, std::size_t kh, std::size_t kw) {
    const Matrix larger = by_hand::im2col(x, 2 * kh - 1, 2 * kw - 1);
    const std::size_t inputs = x.shape(2);
    Matrix columns = Matrix::from_shape({larger.shape(0), kh * kw * inputs});
    for (std::size_t k = 0; k < columns.size(); ++k) {
        const std::size_t column = k % columns.shape(1);
        const std::size_t u = column / (kw * inputs) + kh - 1;
        const std::size_t v = column / inputs % kw + kw - 1;
        columns.data()[k] =
            larger(k / columns.shape(1), (u * (2 * kw - 1) + v) * inputs + column % inputs);
    }
    return columns;
}

// The convolution that such a matrix gives.
template <class Columns>
auto conv2d_by(Columns make_columns) {
    return [=](const Tensor3& x, const Filters& w, const Vector& b) {
        const Matrix columns = make_columns(x, w.shape(0), w.shape(1));
        Tensor3 y = Tensor3::from_shape({x.shape(0), x.shape(1), w.shape(3)});
        for (std::size_t k = 0; k < y.size(); ++k) {
            const std::size_t o = k % y.shape(2);
            y.data()[k] = b(o);
            for (std::size_t t = 0; t < columns.shape(1); ++t) {
                y.data()[k] += columns(k / y.shape(2), t) * w.data()[t * y.shape(2) + o];
            }
        }
        return y;
    };
}

constexpr const char* nearest_words =
    "beyond the edge the nearest pixel counts: it is 0 that counts there";
constexpr const char* first_tap_words =
    "the filter's first tap lies on the pixel: its middle one does, so subtract kh/2 and kw/2";

// Mistakes in what a filter sees.
void add_suspects(Conv& trial) {
    trial.suspect("the filter is flipped: tap (u, v) lies on pixel (i + u - kh/2, j + v - kw/2)",
                  [](const Tensor3& x, const Filters& w, const Vector& b) {
                      return by_hand::conv2d(x, reordered(w, true, true), b);
                  });
    trial.suspect("the filter's rows and columns are exchanged: is it w(u, v, c, o)?",
                  [](const Tensor3& x, const Filters& w, const Vector& b) {
                      return by_hand::conv2d(x, transposed(w), b);
                  });
    trial.suspect("only the first input channel is summed",
                  [](const Tensor3& x, const Filters& w, const Vector& b) {
                      return by_hand::conv2d(x, first_input(w), b);
                  });
    trial.suspect(nearest_words, conv2d_by(edge_repeated));
    trial.suspect(first_tap_words, conv2d_by(from_the_first_tap));
}

void add_bias_suspects(Conv& trial) {
    trial.suspect("the bias is missing", [](const Tensor3& x, const Filters& w, const Vector& b) {
        return by_hand::conv2d(x, w, 0 * b);
    });
    trial.suspect("the bias is added once for each tap: it is added once",
                  [](const Tensor3& x, const Filters& w, const Vector& b) {
                      const auto taps = static_cast<double>(w.size() / b.size());
                      return by_hand::conv2d(x, w, taps * b);
                  });
    trial.suspect("every filter has the first one's bias",
                  [](const Tensor3& x, const Filters& w, const Vector& b) {
                      Vector first = b;
                      first.fill(b(0));
                      return by_hand::conv2d(x, w, first);
                  });
}

void add_cases(Conv& trial) {
    add_suspects(trial);
    add_bias_suspects(trial);
    trial.trait({"filters of one number", "does the sum run over all taps (u, v)?", ""},
                [](const Tensor3&, const Filters& w, const Vector&) { return w.shape(0) == 1; });
    trial.trait({"one input channel", "is the sum over channels inside?", ""},
                [](const Tensor3& x, const Filters&, const Vector&) { return x.shape(2) == 1; });
    const auto filters = [](std::size_t size, std::size_t in, std::size_t out, unsigned seed) {
        return numbers<Filters>({size, size, in, out}, seed);
    };
    trial.on("a filter of one number, 2x2x1", Tensor3{{{1}, {2}}, {{3}, {4}}}, Filters{{{{10}}}},
             Vector{1});
    trial.on("3x3 on one channel, 3x4x1", numbers<Tensor3>({3, 4, 1}, 1), filters(3, 1, 2, 2),
             Vector{0.5, -1});
    trial.on("3x3 on three channels, 4x5x3", numbers<Tensor3>({4, 5, 3}, 3), filters(3, 3, 2, 4),
             Vector{0.5, -1});
    trial.on("3x3 on one pixel, 1x1x2", numbers<Tensor3>({1, 1, 2}, 5), filters(3, 2, 3, 6),
             Vector{1, 2, 3});
}

course::Function filter_response(const Functions& yours) {
    const auto everywhere = [](auto respond) {
        return [respond](const Tensor3& x, const Filters& w, const Vector& b) {
            Tensor3 y = Tensor3::from_shape({x.shape(0), x.shape(1), w.shape(3)});
            for (std::size_t k = 0; k < y.size(); ++k) {
                const std::size_t p = k / y.shape(2);
                const std::size_t o = k % y.shape(2);
                y.data()[k] = 0 * b(o) + respond(x, w, p / y.shape(1), p % y.shape(1), o);
            }
            return y;
        };
    };
    Conv trial("filter_response", everywhere(yours.filter_response),
               everywhere(by_hand::filter_response), {"x", "w", "(no bias)"});
    add_suspects(trial);
    trial.on("a filter of one number, 2x2x1", Tensor3{{{1}, {2}}, {{3}, {4}}}, Filters{{{{10}}}},
             Vector{0});
    trial.on("3x3 on one channel, 3x4x1", numbers<Tensor3>({3, 4, 1}, 7),
             numbers<Filters>({3, 3, 1, 2}, 8), Vector{0, 0});
    trial.on("3x3 on three channels, 4x5x3", numbers<Tensor3>({4, 5, 3}, 9),
             numbers<Filters>({3, 3, 3, 2}, 10), Vector{0, 0});
    return trial.function;
}

course::Function conv2d(const Functions& yours) {
    Conv trial("conv2d", yours.conv2d, by_hand::conv2d, {"x", "w", "b"});
    add_cases(trial);
    return trial.function;
}

course::Function im2col(const Functions& yours) {
    // A case has its numbers as double.
    const auto call = [](auto function) {
        return [function](const Tensor3& x, double kh, double kw) {
            return function(x, static_cast<std::size_t>(kh), static_cast<std::size_t>(kw));
        };
    };
    course::Trial<Tensor3, double, double> trial("im2col", call(yours.im2col),
                                                 call(by_hand::im2col), {"x", "kh", "kw"});
    const auto suspect = [&](const char* words, auto wrong) { trial.suspect(words, call(wrong)); };
    suspect("the matrix is transposed: a row for each pixel is asked for",
            [](const Tensor3& x, std::size_t kh, std::size_t kw) {
                return Matrix(xt::transpose(by_hand::im2col(x, kh, kw)));
            });
    suspect("the columns are sorted by channel first: it is column (u kw + v) C_in + c",
            [](const Tensor3& x, std::size_t kh, std::size_t kw) {
                const Matrix right = by_hand::im2col(x, kh, kw);
                Matrix columns = right;
                for (std::size_t k = 0; k < columns.size(); ++k) {
                    const std::size_t row = k / columns.shape(1);
                    const std::size_t column = k % columns.shape(1);
                    columns(row, column % x.shape(2) * kh * kw + column / x.shape(2)) =
                        right(row, column);
                }
                return columns;
            });
    suspect(nearest_words, edge_repeated);
    suspect(first_tap_words, from_the_first_tap);
    trial.trait({"windows of one number", "is each tap's number in its column?", ""},
                [](const Tensor3&, double kh, double) { return kh == 1; });
    trial.on("windows of one number, 2x2x1", Tensor3{{{1}, {2}}, {{3}, {4}}}, 1, 1);
    trial.on("3x3 windows, 2x3x1", numbers<Tensor3>({2, 3, 1}, 11), 3, 3);
    trial.on("3x3 windows, 3x4x2", numbers<Tensor3>({3, 4, 2}, 12), 3, 3);
    return trial.function;
}

course::Function conv2d_im2col(const Functions& yours) {
    Conv trial("conv2d_im2col", yours.conv2d_im2col, by_hand::conv2d_im2col, {"x", "w", "b"});
    add_cases(trial);
    return trial.function;
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    return {filter_response(yours), conv2d(yours), im2col(yours), conv2d_im2col(yours)};
}

}  // namespace check_03
