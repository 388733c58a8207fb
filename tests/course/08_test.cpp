#include "08_style_loss/by_hand.hpp"
#include "08_style_loss/check.hpp"
#include "08_style_loss/exercise.hpp"
#include "course/checking.hpp"

using checking::is_named;
using nst::Matrix;
using nst::Tensor3;

namespace {

double extent(const Tensor3& x, std::size_t axis) {
    return static_cast<double>(x.shape(axis));
}

namespace no_quarter {
double style_loss(const Tensor3& generated, const Matrix& style_gram) {
    return 4 * by_hand::style_loss(generated, style_gram);
}
}  // namespace no_quarter

namespace size_not_squared {
double style_loss(const Tensor3& generated, const Matrix& style_gram) {
    return by_hand::style_loss(generated, style_gram) * static_cast<double>(generated.size());
}
}  // namespace size_not_squared

namespace positions_not_squared {
double style_loss(const Tensor3& generated, const Matrix& style_gram) {
    return by_hand::style_loss(generated, style_gram) * extent(generated, 0) * extent(generated, 1);
}
}  // namespace positions_not_squared

namespace no_square {
double style_loss(const Tensor3& generated, const Matrix& style_gram) {
    const Matrix gram = nst::gram_matrix(generated);
    double sum = 0;
    for (std::size_t k = 0; k < gram.size(); ++k) sum += gram.data()[k] - style_gram.data()[k];
    const double size = static_cast<double>(generated.size());
    return sum / (4 * size * size);
}
}  // namespace no_square

namespace misread {
double style_loss(const Tensor3& generated, const Matrix& style_gram) {
    const Matrix difference = by_hand::misread_gram_matrix(generated) - style_gram;
    double sum = 0;
    for (const double value : difference) sum += value * value;
    const double size = static_cast<double>(generated.size());
    return sum / (4 * size * size);
}
}  // namespace misread

namespace diagonal {
double style_loss(const Tensor3& generated, const Matrix& style_gram) {
    const Matrix gram = nst::gram_matrix(generated);
    double sum = 0;
    for (std::size_t a = 0; a < gram.shape(0); ++a) {
        sum += (gram(a, a) - style_gram(a, a)) * (gram(a, a) - style_gram(a, a));
    }
    const double size = static_cast<double>(generated.size());
    return sum / (4 * size * size);
}
}  // namespace diagonal

namespace not_misread {
Matrix misread_gram_matrix(const Tensor3& features) {
    return nst::gram_matrix(features);
}
}  // namespace not_misread

namespace divided {
Matrix misread_gram_matrix(const Tensor3& features) {
    return by_hand::misread_gram_matrix(features) / (extent(features, 0) * extent(features, 1));
}
}  // namespace divided

course::Exercise with(double (*style_loss)(const Tensor3&, const Matrix&)) {
    return check_08::exercise({style_loss, by_hand::misread_gram_matrix});
}

course::Exercise with_misread(Matrix (*misread)(const Tensor3&)) {
    return check_08::exercise({by_hand::style_loss, misread});
}

}  // namespace

TEST_CASE("exercise 08: the stub counts as not written, the solution passes") {
    checking::is_not_written(NST_EXERCISE(exercise));
    checking::passes(NST_EXERCISE(by_hand));
}

TEST_CASE("exercise 08: mistakes in style_loss are named") {
    is_named(with(no_quarter::style_loss), 0, "4 times too large: is the 1/4 there?");
    is_named(with(size_not_squared::style_loss), 0,
             "H W C times too large: is the division by H W C there?");
    is_named(with(positions_not_squared::style_loss), 0,
             "H W times too large: is the division by H W there?");
    is_named(with(no_square::style_loss), 0, "the differences are added up as they are");
    is_named(with(misread::style_loss), 0, "the Gram matrix is of numbers read as (C, HW)");
    is_named(with(diagonal::style_loss), 0, "only the diagonal counts");
}

TEST_CASE("exercise 08: mistakes in misread_gram_matrix are named") {
    is_named(with_misread(not_misread::misread_gram_matrix), 1, "that is the right Gram matrix");
    is_named(with_misread(divided::misread_gram_matrix), 1, "the sum is divided by H W");
}
