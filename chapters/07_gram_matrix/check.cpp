#include "07_gram_matrix/check.hpp"

#include <cstddef>

#include "by_hand.hpp"
#include "support/course_tensors.hpp"

namespace check_07 {

namespace {

using course::numbers;
using nst::Matrix;
using nst::Tensor3;

double count(const Tensor3& x) {
    return static_cast<double>(x.shape(0) * x.shape(1));
}

Matrix divided_by_positions(const Tensor3& x) {
    return by_hand::gram_matrix(x) / count(x);
}

Matrix divided_by_size(const Tensor3& x) {
    return by_hand::gram_matrix(x) / static_cast<double>(x.size());
}

// The numbers of (H, W, C) read as (C, HW), which chapter 08 is about.
Matrix reshaped_only(const Tensor3& x) {
    const std::size_t channels = x.shape(2);
    const std::size_t positions = x.shape(0) * x.shape(1);
    Matrix gram = xt::zeros<nst::Real>({channels, channels});
    for (std::size_t a = 0; a < channels; ++a) {
        for (std::size_t b = 0; b < channels; ++b) {
            for (std::size_t p = 0; p < positions; ++p) {
                gram(a, b) += x.data()[a * positions + p] * x.data()[b * positions + p];
            }
        }
    }
    return gram;
}

Matrix product_of_sums(const Tensor3& x) {
    nst::Vector sums = xt::zeros<nst::Real>({x.shape(2)});
    for (std::size_t k = 0; k < x.size(); ++k) sums(k % x.shape(2)) += x.data()[k];
    Matrix gram = Matrix::from_shape({x.shape(2), x.shape(2)});
    for (std::size_t a = 0; a < x.shape(2); ++a) {
        for (std::size_t b = 0; b < x.shape(2); ++b) gram(a, b) = sums(a) * sums(b);
    }
    return gram;
}

// The products of the positions from `first` on, in steps.
Matrix of_some(const Tensor3& x, std::size_t first, std::size_t step) {
    Matrix gram = xt::zeros<nst::Real>({x.shape(2), x.shape(2)});
    for (std::size_t p = first; p < x.shape(0) * x.shape(1); p += step) {
        const nst::Real* f = x.data() + p * x.shape(2);
        for (std::size_t a = 0; a < x.shape(2); ++a) {
            for (std::size_t b = 0; b < x.shape(2); ++b) gram(a, b) += f[a] * f[b];
        }
    }
    return gram;
}

Matrix last_only(const Tensor3& x) {
    return of_some(x, x.shape(0) * x.shape(1) - 1, 1);
}

Matrix first_column_only(const Tensor3& x) {
    return of_some(x, 0, x.shape(1));
}

Matrix diagonal_only(const Tensor3& x) {
    const Matrix right = by_hand::gram_matrix(x);
    Matrix gram = xt::zeros<nst::Real>(right.shape());
    for (std::size_t a = 0; a < x.shape(2); ++a) gram(a, a) = right(a, a);
    return gram;
}

// Every number has those before it added: of the whole matrix, or of its row.
Matrix running_sum(const Tensor3& x, bool of_row) {
    Matrix gram = by_hand::gram_matrix(x);
    for (std::size_t k = 1; k < gram.size(); ++k) {
        if (!of_row || k % x.shape(2) != 0) gram.data()[k] += gram.data()[k - 1];
    }
    return gram;
}

// F F^T: which positions look alike.
Matrix of_positions(const Tensor3& x) {
    const std::size_t positions = x.shape(0) * x.shape(1);
    Matrix gram = xt::zeros<nst::Real>({positions, positions});
    for (std::size_t p = 0; p < positions; ++p) {
        for (std::size_t q = 0; q < positions; ++q) {
            for (std::size_t c = 0; c < x.shape(2); ++c) {
                gram(p, q) += x.data()[p * x.shape(2) + c] * x.data()[q * x.shape(2) + c];
            }
        }
    }
    return gram;
}

void add_suspects(course::Trial<Tensor3>& trial) {
    trial.suspect("the sum is divided by H W: here nothing is divided", divided_by_positions);
    trial.suspect("the sum is divided by H W C: here nothing is divided", divided_by_size);
    trial.suspect("the numbers are read as (C, HW) without transposing: is F(i, j, a) used?",
                  reshaped_only);
    trial.suspect("each channel is summed first and multiplied then: are the products summed?",
                  product_of_sums);
    trial.suspect("only the last position counts: is the sum added to (+=)?", last_only);
    trial.suspect("only the first column of the picture counts: does the sum run over all j?",
                  first_column_only);
    for (const bool of_row : {false, true}) {
        trial.suspect(
            "each number has the ones before it in it: is the sum set to 0 for every pair (a, b)?",
            [of_row](const Tensor3& x) { return running_sum(x, of_row); });
    }
    trial.suspect("right on the diagonal, 0 elsewhere: is every pair (a, b) computed?",
                  diagonal_only);
    trial.suspect("it is the matrix of the positions, (HW, HW): F^T F is meant, not F F^T",
                  of_positions);
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    const Functions right = NST_FUNCTIONS(by_hand);
    course::Trial<Tensor3> trial("gram_matrix", yours.gram_matrix, right.gram_matrix, {"features"});
    add_suspects(trial);
    trial.trait({"one channel", "is every pair of channels computed?", ""},
                [](const Tensor3& x) { return x.shape(2) == 1; });
    trial.trait({"one position", "is the sum over positions inside?", ""},
                [](const Tensor3& x) { return x.shape(0) * x.shape(1) == 1; });
    trial.trait({"maps as high as wide", "are H and W exchanged?", ""},
                [](const Tensor3& x) { return x.shape(0) == x.shape(1); });
    trial.on("one position, 1x1x3", Tensor3{{{1, 2, 3}}});
    trial.on("one channel, 2x3x1", numbers<Tensor3>({2, 3, 1}, 1));
    trial.on("the course's tensor, 2x1x3", course::gram_tensor());
    trial.on("as high as wide, 3x3x2", numbers<Tensor3>({3, 3, 2}, 2));
    trial.on("4x5x3", numbers<Tensor3>({4, 5, 3}, 3));
    trial.on("more channels than positions, 2x1x5", numbers<Tensor3>({2, 1, 5}, 4));
    return {trial.function};
}

}  // namespace check_07
