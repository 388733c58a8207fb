#include "06_content_loss/check.hpp"

#include <cmath>

#include "by_hand.hpp"
#include "support/course_tensors.hpp"

namespace check_06 {

namespace {

using course::numbers;
using nst::Matrix;
using nst::Tensor3;

// Sums a term of both values over all places, in any number of axes.
template <class Tensor, class Term>
double sum_of(const Tensor& generated, const Tensor& content, const Term& term) {
    double sum = 0;
    for (std::size_t k = 0; k < content.size(); ++k) {
        sum += term(generated.data()[k], content.data()[k]);
    }
    return sum / (4 * static_cast<double>(content.size()));
}

// What one may write for the square of the difference.
template <class Tensor>
void add_suspects(course::Trial<Tensor, Tensor>& trial) {
    const auto add = [&](const std::string& words, auto term) {
        trial.suspect(words, [term](const Tensor& generated, const Tensor& content) {
            return sum_of(generated, content, term);
        });
    };
    add("the differences are added up as they are: is the square there?",
        [](double g, double c) { return c - g; });
    add("the differences are added up as they are: is the square there?",
        [](double g, double c) { return g - c; });
    add("the sizes of the differences are added up: is the square there?",
        [](double g, double c) { return std::abs(g - c); });
    add("each square is taken before the difference: is it (a - b)^2, not a^2 - b^2?",
        [](double g, double c) { return c * c - g * g; });
    add("each square is taken before the difference: is it (a - b)^2, not a^2 - b^2?",
        [](double g, double c) { return g * g - c * c; });
    add("the two are added before the square: is it (a - b)^2, not (a + b)^2?",
        [](double g, double c) { return (g + c) * (g + c); });
    add("only the content is used", [](double, double c) { return c * c; });
    add("only the generated picture's features are used", [](double g, double) { return g * g; });
    trial.suspect("the sum is squared, not each difference: is the square inside the loops?",
                  [](const Tensor& generated, const Tensor& content) {
                      const double size = static_cast<double>(content.size());
                      const double sum =
                          4 * size *
                          sum_of(generated, content, [](double g, double c) { return c - g; });
                      return sum * sum / (4 * size);
                  });
}

// Only the last place counts: the sum is overwritten.
double last_term(const Tensor3& generated, const Tensor3& content) {
    const std::size_t last = content.size() - 1;
    const double difference = generated.data()[last] - content.data()[last];
    return difference * difference / (4 * static_cast<double>(content.size()));
}

// The first channel, row or column alone.
double in_part(const Tensor3& generated, const Tensor3& content, bool rows, bool columns,
               bool channels) {
    double sum = 0;
    for (std::size_t i = 0; i < (rows ? content.shape(0) : 1); ++i) {
        for (std::size_t j = 0; j < (columns ? content.shape(1) : 1); ++j) {
            for (std::size_t c = 0; c < (channels ? content.shape(2) : 1); ++c) {
                sum += std::pow(generated(i, j, c) - content(i, j, c), 2);
            }
        }
    }
    return sum / (4 * static_cast<double>(content.size()));
}

void add_part(course::Trial<Tensor3, Tensor3>& trial, const std::string& axis, bool rows,
              bool columns, bool channels) {
    trial.suspect(
        "only the first " + axis + " is counted: does the sum run over all " + axis + "s?",
        [=](const Tensor3& generated, const Tensor3& content) {
            return in_part(generated, content, rows, columns, channels);
        });
}

course::Function on_maps(const Functions& yours, const Functions& right) {
    course::Trial<Tensor3, Tensor3> trial("content_loss, on (H, W, C)", yours.content_loss,
                                          right.content_loss, {"generated", "content"});
    trial.sizes({"H", "W", "C"});
    add_suspects(trial);
    trial.suspect("only the last difference counts: is the sum added to (+=)?", last_term);
    add_part(trial, "row", false, true, true);
    add_part(trial, "column", true, false, true);
    add_part(trial, "channel", true, true, false);
    trial.trait({"one channel", "are the sums over channels inside?", ""},
                [](const Tensor3& x, const Tensor3&) { return x.shape(2) == 1; });
    trial.trait({"maps as high as wide", "are H and W exchanged?", ""},
                [](const Tensor3& x, const Tensor3&) { return x.shape(0) == x.shape(1); });
    const auto map = [](std::size_t h, std::size_t w, std::size_t c, unsigned seed) {
        return numbers<Tensor3>({h, w, c}, seed);
    };
    trial.on("one number", Tensor3{{{3}}}, Tensor3{{{1}}});
    trial.on("two equal maps, whose loss is 0", map(2, 3, 2, 1), map(2, 3, 2, 1));
    trial.on("one channel, 2x3x1", map(2, 3, 1, 2), map(2, 3, 1, 3));
    trial.on("four rows, 4x1x1", map(4, 1, 1, 4), map(4, 1, 1, 5));
    trial.on("odd sizes, 5x3x2", map(5, 3, 2, 6), map(5, 3, 2, 7));
    trial.on("many channels, 2x3x7", map(2, 3, 7, 8), map(2, 3, 7, 9));
    trial.on("the course's tensors, 4x4x3", course::second_tensor(), course::first_tensor());
    return trial.function;
}

// (H, W, C) to rows of positions in another order, or by columns of the picture.
Matrix unrolled_by_columns(const Tensor3& x) {
    Matrix result = Matrix::from_shape({x.shape(0) * x.shape(1), x.shape(2)});
    for (std::size_t p = 0; p < result.shape(0); ++p) {
        for (std::size_t c = 0; c < x.shape(2); ++c) {
            result(p, c) = x(p % x.shape(0), p / x.shape(0), c);
        }
    }
    return result;
}

Matrix with_shape_exchanged(const Tensor3& x) {
    Matrix result = Matrix::from_shape({x.shape(2), x.shape(0) * x.shape(1)});
    for (std::size_t p = 0; p < result.shape(1); ++p) {
        for (std::size_t c = 0; c < x.shape(2); ++c) {
            result(c, p) = x.data()[p * x.shape(2) + c];
        }
    }
    return result;
}

course::Function unrolled(const Functions& yours, const Functions& right) {
    course::Trial<Tensor3> trial("unroll", yours.unroll, right.unroll, {"features"});
    trial.suspect(
        "equal after transposing H and W: the rows go down the picture's columns; is the "
        "row i * W + j?",
        unrolled_by_columns);
    trial.suspect("the matrix is (C, HW): one row for each channel, not for each position",
                  with_shape_exchanged);
    trial.trait({"maps as high as wide", "is the row i * W + j, not i * H + j?", ""},
                [](const Tensor3& x) { return x.shape(0) == x.shape(1); });
    trial.trait({"one channel", "does every channel have its column?", ""},
                [](const Tensor3& x) { return x.shape(2) == 1; });
    trial.on("2x2x1, whose numbers are 1 2 3 4", Tensor3{{{1}, {2}}, {{3}, {4}}});
    trial.on("as high as wide, 3x3x2", numbers<Tensor3>({3, 3, 2}, 10));
    trial.on("wide, 2x4x3", numbers<Tensor3>({2, 4, 3}, 11));
    trial.on("high, 5x2x1", numbers<Tensor3>({5, 2, 1}, 12));
    return trial.function;
}

course::Function on_matrices(const Functions& yours, const Functions& right) {
    course::Trial<Matrix, Matrix> trial("content_loss, on (HW, C)", yours.content_loss_unrolled,
                                        right.content_loss_unrolled, {"generated", "content"});
    trial.sizes({"HW", "C"});
    add_suspects(trial);
    trial.trait({"one channel", "are the sums over channels inside?", ""},
                [](const Matrix& x, const Matrix&) { return x.shape(1) == 1; });
    const auto map = [](std::size_t positions, std::size_t channels, unsigned seed) {
        return numbers<Matrix>({positions, channels}, seed);
    };
    trial.on("one number", Matrix{{3}}, Matrix{{1}});
    trial.on("one channel, 6x1", map(6, 1, 13), map(6, 1, 14));
    trial.on("one position, 1x5", map(1, 5, 15), map(1, 5, 16));
    trial.on("15x2", map(15, 2, 17), map(15, 2, 18));
    trial.on("the course's tensors, 16x3", by_hand::unroll(course::second_tensor()),
             by_hand::unroll(course::first_tensor()));
    return trial.function;
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    const Functions right = NST_FUNCTIONS(by_hand);
    return {on_maps(yours, right), unrolled(yours, right), on_matrices(yours, right)};
}

}  // namespace check_06
