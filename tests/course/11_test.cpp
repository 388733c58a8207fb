#include "11_backpropagation/by_hand.hpp"
#include "11_backpropagation/check.hpp"
#if __has_include("11_backpropagation/exercise.hpp")
#include "11_backpropagation/exercise.hpp"
#define NST_HAS_EXERCISE 1
#endif
#include "course/checking.hpp"

using checking::is_named;
using nst::Filters;
using nst::Matrix;
using nst::Tensor3;

namespace {

namespace lets_all_through {
Tensor3 relu_backward(const Tensor3& dy, const Tensor3&) {
    return dy;
}
}  // namespace lets_all_through

namespace always_a_quarter {
Tensor3 average_pool_backward(const Tensor3& dy, const nst::Shape3& shape) {
    Tensor3 dx = Tensor3::from_shape(shape);
    for (std::size_t k = 0; k < dx.size(); ++k) {
        const std::size_t p = k / shape[2];
        dx.data()[k] = dy(p / shape[1] / 2, p % shape[1] / 2, k % shape[2]) / 4;
    }
    return dx;
}
}  // namespace always_a_quarter

namespace to_the_first {
Tensor3 max_pool_backward(const Tensor3& dy, const nst::MaxPooled& pooled) {
    nst::MaxPooled first = pooled;
    first.argmax.fill(0);
    return by_hand::max_pool_backward(dy, first);
}
}  // namespace to_the_first

namespace not_rotated {
Tensor3 conv2d_backward(const Tensor3& dy, const Filters& w) {
    return by_hand::conv2d_backward(dy, xt::flip(xt::flip(w, 0), 1));
}
}  // namespace not_rotated

namespace no_half {
Tensor3 content_loss_backward(const Tensor3& generated, const Tensor3& content) {
    return 2 * by_hand::content_loss_backward(generated, content);
}
}  // namespace no_half

namespace wrong_sign {
Tensor3 content_loss_backward(const Tensor3& generated, const Tensor3& content) {
    return by_hand::content_loss_backward(content, generated);
}
}  // namespace wrong_sign

namespace one_side {
Tensor3 gram_matrix_backward(const Matrix& d_gram, const Tensor3& features) {
    Tensor3 gradient = xt::zeros<double>(features.shape());
    const std::size_t channels = features.shape(2);
    for (std::size_t n = 0; n < features.size(); ++n) {
        for (std::size_t k = 0; k < channels; ++k) {
            gradient.data()[n] += features.data()[n - n % channels + k] * d_gram(k, n % channels);
        }
    }
    return gradient;
}
}  // namespace one_side

template <class Member, class Wrong>
course::Exercise with(Member member, Wrong wrong) {
    return check_11::exercise(checking::replaced(NST_FUNCTIONS(by_hand), member, wrong));
}

}  // namespace

TEST_CASE("exercise 11: the stub counts as not written, the solution passes") {
    checking::passes(NST_EXERCISE(by_hand));
#ifdef NST_HAS_EXERCISE
    checking::is_not_written(NST_EXERCISE(exercise));
#endif
}

TEST_CASE("exercise 11: mistakes are named") {
    using F = check_11::Functions;
    is_named(with(&F::relu_backward, lets_all_through::relu_backward), 0,
             "the gradient passes everywhere");
    is_named(with(&F::average_pool_backward, always_a_quarter::average_pool_backward), 1,
             "the share is 1/4 everywhere");
    is_named(with(&F::max_pool_backward, to_the_first::max_pool_backward), 2,
             "it goes to the first pixel of each window");
    is_named(with(&F::conv2d_backward, not_rotated::conv2d_backward), 3,
             "the filter is not turned");
    is_named(with(&F::content_loss_backward, no_half::content_loss_backward), 4,
             "2 times too large");
    is_named(with(&F::content_loss_backward, wrong_sign::content_loss_backward), 4,
             "the sign is wrong");
    is_named(with(&F::gram_matrix_backward, one_side::gram_matrix_backward), 5,
             "F stands in row c and in column c of G");
}
