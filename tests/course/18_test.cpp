#include "18_where_the_weights_come_from/by_hand.hpp"
#include "18_where_the_weights_come_from/check.hpp"
#include "18_where_the_weights_come_from/exercise.hpp"
#include "course/checking.hpp"

using check_18::Labels;
using checking::is_named;
using nst::Filters;
using nst::Matrix;
using nst::Tensor3;
using nst::Vector;

namespace {

// dw with x looked up at (i + row(u), j + column(v)); positions outside x are left out.
template <class Row, class Column>
Filters looked_up(const Tensor3& x, const Tensor3& dy, const Row& row, const Column& column) {
    Filters dw = xt::zeros<double>({std::size_t{3}, std::size_t{3}, x.shape(2), dy.shape(2)});
    for (std::size_t n = 0; n < 9 * x.shape(0) * x.shape(1); ++n) {
        const std::size_t u = n % 9 / 3, v = n % 3, i = n / 9 / x.shape(1), j = n / 9 % x.shape(1);
        const std::size_t p = i + row(u), q = j + column(v);  // wraps round below 0
        if (p >= x.shape(0) || q >= x.shape(1)) continue;
        for (std::size_t c = 0; c < x.shape(2); ++c) {
            for (std::size_t o = 0; o < dy.shape(2); ++o)
                dw(u, v, c, o) += x(p, q, c) * dy(i, j, o);
        }
    }
    return dw;
}

namespace rotated {
Filters conv2d_backward_filters(const Tensor3& x, const Tensor3& dy) {
    const auto back = [](std::size_t u) { return 1 - u; };
    return looked_up(x, dy, back, back);
}
}  // namespace rotated

namespace not_shifted {
Filters conv2d_backward_filters(const Tensor3& x, const Tensor3& dy) {
    const auto same = [](std::size_t u) { return u; };
    return looked_up(x, dy, same, same);
}
}  // namespace not_shifted

namespace no_border {
Filters conv2d_backward_filters(const Tensor3& x, const Tensor3& dy) {
    Tensor3 inner = dy;
    for (std::size_t i = 0; i < dy.shape(0); ++i) {
        for (std::size_t j = 0; j < dy.shape(1); ++j) {
            const bool inside = i > 0 && i + 1 < dy.shape(0) && j > 0 && j + 1 < dy.shape(1);
            for (std::size_t o = 0; o < dy.shape(2) && !inside; ++o) inner(i, j, o) = 0;
        }
    }
    return by_hand::conv2d_backward_filters(x, inner);
}
}  // namespace no_border

namespace nearest_pixel {
Filters conv2d_backward_filters(const Tensor3& x, const Tensor3& dy) {
    Tensor3 framed = xt::zeros<double>({x.shape(0) + 2, x.shape(1) + 2, x.shape(2)});
    Tensor3 shifted = xt::zeros<double>({x.shape(0) + 2, x.shape(1) + 2, dy.shape(2)});
    for (std::size_t p = 0; p < framed.shape(0); ++p) {
        for (std::size_t q = 0; q < framed.shape(1); ++q) {
            const std::size_t i = std::min(std::max<std::size_t>(p, 1), x.shape(0)) - 1;
            const std::size_t j = std::min(std::max<std::size_t>(q, 1), x.shape(1)) - 1;
            for (std::size_t c = 0; c < x.shape(2); ++c) framed(p, q, c) = x(i, j, c);
            if (p != i + 1 || q != j + 1) continue;
            for (std::size_t o = 0; o < dy.shape(2); ++o) shifted(p, q, o) = dy(i, j, o);
        }
    }
    return by_hand::conv2d_backward_filters(framed, shifted);
}
}  // namespace nearest_pixel

namespace last_position {
Filters conv2d_backward_filters(const Tensor3& x, const Tensor3& dy) {
    Filters dw = xt::zeros<double>({std::size_t{3}, std::size_t{3}, x.shape(2), dy.shape(2)});
    for (std::size_t u = 0; u < 3; ++u) {
        for (std::size_t v = 0; v < 3; ++v) {
            for (std::size_t n = 0; n < x.shape(0) * x.shape(1); ++n) {
                const std::size_t i = n / x.shape(1), j = n % x.shape(1);
                const std::size_t p = i + u - 1, q = j + v - 1;
                if (p >= x.shape(0) || q >= x.shape(1)) continue;
                for (std::size_t c = 0; c < x.shape(2); ++c) {
                    for (std::size_t o = 0; o < dy.shape(2); ++o) {
                        dw(u, v, c, o) = x(p, q, c) * dy(i, j, o);
                    }
                }
            }
        }
    }
    return dw;
}
Vector conv2d_backward_bias(const Tensor3& dy) {
    Vector db = Vector::from_shape({dy.shape(2)});
    for (std::size_t k = 0; k < dy.size(); ++k) db(k % dy.shape(2)) = dy.data()[k];
    return db;
}
}  // namespace last_position

namespace mean {
Filters conv2d_backward_filters(const Tensor3& x, const Tensor3& dy) {
    return by_hand::conv2d_backward_filters(x, dy) / double(x.shape(0) * x.shape(1));
}
Vector conv2d_backward_bias(const Tensor3& dy) {
    return xt::mean(dy, {0, 1});
}
}  // namespace mean

namespace channels_transposed {
Filters conv2d_backward_filters(const Tensor3& x, const Tensor3& dy) {
    const Filters right = by_hand::conv2d_backward_filters(x, dy);
    Filters dw = Filters::from_shape({3, 3, dy.shape(2), x.shape(2)});
    for (std::size_t n = 0; n < 9 * x.shape(2) * dy.shape(2); ++n) {
        const std::size_t c = n % x.shape(2), o = n / x.shape(2) % dy.shape(2);
        const std::size_t tap = n / x.shape(2) / dy.shape(2);
        dw(tap / 3, tap % 3, o, c) = right(tap / 3, tap % 3, c, o);
    }
    return dw;
}
}  // namespace channels_transposed

namespace of_all_channels {
Vector conv2d_backward_bias(const Tensor3& dy) {
    Vector db = Vector::from_shape({dy.shape(2)});
    db.fill(xt::sum(dy)());
    return db;
}
}  // namespace of_all_channels

namespace naive {
Matrix log_softmax(const Matrix& z) {
    Matrix log_p = z;
    for (std::size_t n = 0; n < z.shape(0); ++n) {
        double sum = 0;
        for (std::size_t k = 0; k < z.shape(1); ++k) sum += std::exp(z(n, k));
        for (std::size_t k = 0; k < z.shape(1); ++k) log_p(n, k) -= std::log(sum);
    }
    return log_p;
}
double cross_entropy(const Matrix& z, const Labels& labels) {
    const Matrix log_p = log_softmax(z);
    double loss = 0;
    for (std::size_t n = 0; n < labels.size(); ++n) loss -= log_p(n, labels[n]);
    return loss / double(labels.size());
}
}  // namespace naive

namespace over_all {
Matrix log_softmax(const Matrix& z) {
    const double largest = xt::amax(z)();
    return z - (largest + std::log(xt::sum(xt::exp(z - largest))()));
}
}  // namespace over_all

namespace probabilities {
Matrix log_softmax(const Matrix& z) {
    return xt::exp(by_hand::log_softmax(z));
}
}  // namespace probabilities

namespace no_mean {
double cross_entropy(const Matrix& z, const Labels& labels) {
    return by_hand::cross_entropy(z, labels) * double(labels.size());
}
Matrix cross_entropy_backward(const Matrix& z, const Labels& labels) {
    return by_hand::cross_entropy_backward(z, labels) * double(labels.size());
}
}  // namespace no_mean

namespace no_label {
double cross_entropy(const Matrix& z, const Labels&) {
    double sum = 0;
    for (std::size_t n = 0; n < z.shape(0); ++n) {
        sum += z(n, 0) - by_hand::log_softmax(z)(n, 0);
    }
    return sum / double(z.shape(0));
}
Matrix cross_entropy_backward(const Matrix& z, const Labels& labels) {
    return xt::exp(by_hand::log_softmax(z)) / double(labels.size());
}
}  // namespace no_label

namespace wrong_sign {
Matrix cross_entropy_backward(const Matrix& z, const Labels& labels) {
    return -by_hand::cross_entropy_backward(z, labels);
}
}  // namespace wrong_sign

template <class Member, class Wrong>
course::Exercise with(Member member, Wrong wrong) {
    return check_18::exercise(checking::replaced(NST_FUNCTIONS(by_hand), member, wrong));
}

}  // namespace

TEST_CASE("exercise 18: the stub counts as not written, the solution passes") {
    checking::passes(NST_EXERCISE(by_hand));
    checking::is_not_written(NST_EXERCISE(exercise));
}

TEST_CASE("exercise 18: mistakes in the gradient of the filters are named") {
    const auto named = [](auto wrong, const char* words) {
        is_named(with(&check_18::Functions::conv2d_backward_filters, wrong), 0, words);
    };
    named(rotated::conv2d_backward_filters, "the filter comes out turned");
    named(not_shifted::conv2d_backward_filters, "the padding is forgotten: is x looked up");
    named(no_border::conv2d_backward_filters, "the padding is forgotten: positions at the border");
    named(nearest_pixel::conv2d_backward_filters, "the padding is forgotten: outside the picture");
    named(last_position::conv2d_backward_filters, "only one position counts");
    named(mean::conv2d_backward_filters, "it is divided by the number of positions");
    named(channels_transposed::conv2d_backward_filters, "inputs and outputs are exchanged");
}

TEST_CASE("exercise 18: mistakes in the gradient of the bias are named") {
    const auto named = [](auto wrong, const char* words) {
        is_named(with(&check_18::Functions::conv2d_backward_bias, wrong), 1, words);
    };
    named(mean::conv2d_backward_bias, "it is divided by the number of positions");
    named(of_all_channels::conv2d_backward_bias, "the channels are summed as well");
    named(last_position::conv2d_backward_bias, "only one position counts");
}

TEST_CASE("exercise 18: mistakes in the loss and its gradient are named") {
    using F = check_18::Functions;
    const char* overflow = "right on scores below 700 only: exp of 1000";
    is_named(with(&F::log_softmax, naive::log_softmax), 2, overflow);
    is_named(with(&F::log_softmax, over_all::log_softmax), 2, "the sum runs over all pictures");
    is_named(with(&F::log_softmax, probabilities::log_softmax), 2, "that is p");
    is_named(with(&F::cross_entropy, naive::cross_entropy), 3, overflow);
    is_named(with(&F::cross_entropy, no_mean::cross_entropy), 3, "the mean is missing");
    is_named(with(&F::cross_entropy, no_label::cross_entropy), 3,
             "the label's score is not subtracted");
    is_named(with(&F::cross_entropy_backward, no_label::cross_entropy_backward), 4,
             "the label is not subtracted");
    is_named(with(&F::cross_entropy_backward, no_mean::cross_entropy_backward), 4,
             "the mean is missing");
    is_named(with(&F::cross_entropy_backward, wrong_sign::cross_entropy_backward), 4,
             "the sign is wrong");
}
