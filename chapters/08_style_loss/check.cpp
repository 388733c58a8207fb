#include "08_style_loss/check.hpp"

#include <cmath>
#include <cstddef>

#include "by_hand.hpp"
#include "support/course_tensors.hpp"

namespace check_08 {

namespace {

using course::numbers;
using nst::Matrix;
using nst::Tensor3;

// Sums a term of G(a, b) and A(a, b), over 4 C^2 (H W)^2.
template <class Term>
double sum_of(const Matrix& gram, const Tensor3& generated, const Matrix& style, const Term& term) {
    double sum = 0;
    for (std::size_t k = 0; k < style.size(); ++k) sum += term(gram.data()[k], style.data()[k]);
    const double size = static_cast<double>(generated.size());
    return sum / (4 * size * size);
}

using Trial = course::Trial<Tensor3, Matrix>;

template <class Term>
void add(Trial& trial, const std::string& words, const Term& term) {
    trial.suspect(words, [term](const Tensor3& generated, const Matrix& style) {
        return sum_of(nst::gram_matrix(generated), generated, style, term);
    });
}

double misread(const Tensor3& generated, const Matrix& style) {
    return sum_of(by_hand::misread_gram_matrix(generated), generated, style,
                  [](double g, double a) { return (g - a) * (g - a); });
}

double diagonal_only(const Tensor3& generated, const Matrix& style) {
    const Matrix gram = nst::gram_matrix(generated);
    double sum = 0;
    for (std::size_t a = 0; a < style.shape(0); ++a) sum += std::pow(gram(a, a) - style(a, a), 2);
    const double size = static_cast<double>(generated.size());
    return sum / (4 * size * size);
}

double square_of_the_sum(const Tensor3& generated, const Matrix& style) {
    const double size = static_cast<double>(generated.size());
    const double sum = 4 * size * size *
                       sum_of(nst::gram_matrix(generated), generated, style,
                              [](double g, double a) { return g - a; });
    return sum * sum / (4 * size * size);
}

void add_suspects(Trial& trial) {
    const std::string no_square = "the differences are added up as they are: is the square there?";
    add(trial, no_square, [](double g, double a) { return g - a; });
    add(trial, no_square, [](double g, double a) { return a - g; });
    add(trial, "the sizes of the differences are added up: is the square there?",
        [](double g, double a) { return std::abs(g - a); });
    add(trial, "the two are added before the square: is it (G - A)^2, not (G + A)^2?",
        [](double g, double a) { return (g + a) * (g + a); });
    add(trial, "only the style's matrix is used: where is G?",
        [](double, double a) { return a * a; });
    add(trial, "only the generated picture's matrix is used: where is A?",
        [](double g, double) { return g * g; });
    trial.suspect("the Gram matrix is of numbers read as (C, HW) without transposing", misread);
    trial.suspect("only the diagonal counts: does the sum run over all pairs (a, b)?",
                  diagonal_only);
    trial.suspect("the sum is squared, not each difference: is the square inside the loops?",
                  square_of_the_sum);
}

course::Function style_loss(const Functions& yours, const Functions& right) {
    Trial trial("style_loss", yours.style_loss, right.style_loss, {"generated", "style_gram"});
    trial.sizes({"H", "W", "C"});
    add_suspects(trial);
    trial.trait({"one channel", "are the sums over both channels inside?", ""},
                [](const Tensor3& x, const Matrix&) { return x.shape(2) == 1; });
    const auto map = [](std::size_t h, std::size_t w, std::size_t c, unsigned seed) {
        return numbers<Tensor3>({h, w, c}, seed);
    };
    const auto gram = [](std::size_t c, unsigned seed) {
        return nst::gram_matrix(numbers<Tensor3>({2, 3, c}, seed));
    };
    trial.on("one number", Tensor3{{{3}}}, Matrix{{1}});
    trial.on("its own Gram matrix, whose loss is 0", map(2, 3, 2, 1),
             nst::gram_matrix(map(2, 3, 2, 1)));
    trial.on("one channel, 2x3x1", map(2, 3, 1, 2), gram(1, 3));
    trial.on("one position, 1x1x3", map(1, 1, 3, 4), gram(3, 5));
    trial.on("4x5x3", map(4, 5, 3, 6), gram(3, 7));
    trial.on("3x2x5", map(3, 2, 5, 8), gram(5, 9));
    trial.on("the course's tensors, 4x4x3", course::second_tensor(),
             nst::gram_matrix(course::first_tensor()));
    return trial.function;
}

Matrix rightly_read(const Tensor3& x) {
    return nst::gram_matrix(x);
}

// Every row begins one number, not H W numbers, after the one before.
Matrix rows_too_close(const Tensor3& x) {
    const std::size_t positions = x.shape(0) * x.shape(1);
    Matrix gram = xt::zeros<nst::Real>({x.shape(2), x.shape(2)});
    for (std::size_t a = 0; a < x.shape(2); ++a) {
        for (std::size_t b = 0; b < x.shape(2); ++b) {
            for (std::size_t p = 0; p < positions; ++p) {
                gram(a, b) += x.data()[(a + p) % x.size()] * x.data()[(b + p) % x.size()];
            }
        }
    }
    return gram;
}

course::Function misread_gram(const Functions& yours, const Functions& right) {
    course::Trial<Tensor3> trial("misread_gram_matrix", yours.misread_gram_matrix,
                                 right.misread_gram_matrix, {"features"});
    trial.suspect("that is the right Gram matrix; here the tutorial's mistake is asked for",
                  rightly_read);
    trial.suspect("the rows overlap: does row a begin at number a H W?", rows_too_close);
    trial.suspect("the sum is divided by H W: here nothing is divided", [](const Tensor3& x) {
        const double positions = static_cast<double>(x.shape(0) * x.shape(1));
        return Matrix(by_hand::misread_gram_matrix(x) / positions);
    });
    trial.trait({"one channel or one position", "is the start of a row a H W?", ""},
                [](const Tensor3& x) { return x.shape(2) == 1 || x.shape(0) * x.shape(1) == 1; });
    trial.on("one channel, 2x2x1", Tensor3{{{1}, {2}}, {{3}, {4}}});
    trial.on("one position, 1x1x3", Tensor3{{{1, 2, 3}}});
    trial.on("3x1x2, whose numbers are 1 to 6", Tensor3{{{1, 2}}, {{3, 4}}, {{5, 6}}});
    trial.on("4x5x3", numbers<Tensor3>({4, 5, 3}, 10));
    trial.on("the course's tensor, 4x4x3", course::second_tensor());
    return trial.function;
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    const Functions right = NST_FUNCTIONS(by_hand);
    return {style_loss(yours, right), misread_gram(yours, right)};
}

}  // namespace check_08
