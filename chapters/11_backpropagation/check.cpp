#include "11_backpropagation/check.hpp"

#include <cstddef>
#include <string>

#include "by_hand.hpp"
#include "nst/content_loss.hpp"
#include "nst/conv2d.hpp"
#include "nst/gradcheck.hpp"
#include "nst/relu.hpp"
#include "nst/style_loss.hpp"

namespace check_11 {

namespace {

using course::numbers;
using nst::Filters;
using nst::Matrix;
using nst::Shape3;
using nst::Tensor3;
using Trial = course::Trial<Tensor3, Tensor3>;
using FilterTrial = course::Trial<Tensor3, Filters>;
using GramTrial = course::Trial<Tensor3, Matrix>;

course::GradientCheck told(const nst::GradcheckReport& report) {
    return {report.passed(), nst::describe(report)};
}

course::Function relu(const Functions& yours, const Functions& right) {
    Trial trial("relu_backward", yours.relu_backward, right.relu_backward, {"dy", "y"});
    trial.suspect("the gradient passes everywhere: where y is 0, it is 0",
                  [](const Tensor3& dy, const Tensor3&) { return dy; });
    trial.suspect("that is dy times y: the derivative of ReLU is 1 or 0",
                  [](const Tensor3& dy, const Tensor3& y) { return Tensor3(dy * y); });
    trial.suspect("what is negative in dy is cut off as well: a gradient may be negative",
                  [](const Tensor3& dy, const Tensor3& y) {
                      return Tensor3(xt::maximum(by_hand::relu_backward(dy, y), 0.0));
                  });
    trial.on("four numbers", Tensor3{{{5, -6, 7, 8}}}, Tensor3{{{1, 2, 0, 0}}});
    trial.on("3x4x2", numbers<Tensor3>({3, 4, 2}, 1), nst::relu(numbers<Tensor3>({3, 4, 2}, 2)));
    trial.function.gradient = [f = yours.relu_backward] {
        return told(nst::check_backward(
            [](const Tensor3& x) { return nst::relu(x); },
            [f](const Tensor3& dy, const Tensor3& x) { return f(dy, nst::relu(x)); },
            numbers<Tensor3>({3, 4, 2}, 3)));
    };
    return trial.function;
}

Shape3 shape_of(const Tensor3& x) {
    return {x.shape(0), x.shape(1), x.shape(2)};
}

// What comes before the pooling gives the shape, and for max pooling the winners.
course::Function average(const Functions& yours) {
    const auto call = [](auto backward) {
        return
            [backward](const Tensor3& dy, const Tensor3& x) { return backward(dy, shape_of(x)); };
    };
    Trial trial("average_pool_backward", call(yours.average_pool_backward),
                call(by_hand::average_pool_backward), {"dy", "x (its shape alone)"});
    const auto spread = [](const Tensor3& dy, const Tensor3& x, double share) {
        Tensor3 dx = x;
        for (std::size_t k = 0; k < x.size(); ++k) {
            const std::size_t p = k / x.shape(2) / x.shape(1);
            const std::size_t q = k / x.shape(2) % x.shape(1);
            dx.data()[k] = dy(p / 2, q / 2, k % x.shape(2)) * share;
        }
        return dx;
    };
    trial.suspect("the share is 1/4 everywhere: at an odd edge a window has fewer pixels",
                  [=](const Tensor3& dy, const Tensor3& x) { return spread(dy, x, 0.25); });
    trial.suspect("every pixel gets all of its window's gradient: its share is 1/n",
                  [=](const Tensor3& dy, const Tensor3& x) { return spread(dy, x, 1); });
    trial.trait({"even sizes", "what is n in the last row and column of odd sizes?", ""},
                [](const Tensor3&, const Tensor3& x) {
                    return x.shape(0) % 2 == 0 && x.shape(1) % 2 == 0;
                });
    trial.on("one window", Tensor3{{{8}}}, Tensor3{{{1}, {2}}, {{3}, {4}}});
    trial.on("even sizes, 4x2x2", numbers<Tensor3>({2, 1, 2}, 4), numbers<Tensor3>({4, 2, 2}, 5));
    trial.on("odd sizes, 5x3x2", numbers<Tensor3>({3, 2, 2}, 6), numbers<Tensor3>({5, 3, 2}, 7));
    trial.function.gradient = [f = yours.average_pool_backward] {
        return told(nst::check_backward(
            [](const Tensor3& x) { return nst::average_pool(x); },
            [f](const Tensor3& dy, const Tensor3& x) { return f(dy, shape_of(x)); },
            numbers<Tensor3>({5, 3, 2}, 8)));
    };
    return trial.function;
}

course::Function max(const Functions& yours) {
    const auto call = [](auto backward) {
        return [backward](const Tensor3& dy, const Tensor3& x) {
            return backward(dy, nst::max_pool(x));
        };
    };
    Trial trial("max_pool_backward", call(yours.max_pool_backward),
                call(by_hand::max_pool_backward), {"dy", "x, of which the windows are"});
    trial.suspect("the gradient is shared as in average pooling: only the winner gets it",
                  [](const Tensor3& dy, const Tensor3& x) {
                      return by_hand::average_pool_backward(dy, shape_of(x));
                  });
    trial.suspect("it goes to the first pixel of each window: where is argmax?",
                  [](const Tensor3& dy, const Tensor3& x) {
                      nst::MaxPooled pooled = nst::max_pool(x);
                      pooled.argmax.fill(0);
                      return by_hand::max_pool_backward(dy, pooled);
                  });
    trial.on("one window", Tensor3{{{8}}}, Tensor3{{{1}, {2}}, {{4}, {3}}});
    trial.on("even sizes, 4x2x2", numbers<Tensor3>({2, 1, 2}, 9), numbers<Tensor3>({4, 2, 2}, 10));
    trial.on("odd sizes, 5x3x2", numbers<Tensor3>({3, 2, 2}, 11), numbers<Tensor3>({5, 3, 2}, 12));
    trial.function.gradient = [f = yours.max_pool_backward] {
        return told(nst::check_backward(
            [](const Tensor3& x) { return nst::max_pool(x).y; },
            [f](const Tensor3& dy, const Tensor3& x) { return f(dy, nst::max_pool(x)); },
            numbers<Tensor3>({5, 3, 2}, 13)));
    };
    return trial.function;
}

// The way forward's tap instead of the way back's: the filter is not rotated.
Tensor3 not_rotated(const Tensor3& dy, const Filters& w) {
    Filters rotated = w;
    const std::size_t taps = w.shape(0) * w.shape(1);
    const std::size_t each = w.shape(2) * w.shape(3);
    for (std::size_t k = 0; k < w.size(); ++k) {
        rotated.data()[k] = w.data()[(taps - 1 - k / each) * each + k % each];
    }
    return by_hand::conv2d_backward(dy, rotated);
}

course::Function conv2d(const Functions& yours, const Functions& right) {
    FilterTrial trial("conv2d_backward", yours.conv2d_backward, right.conv2d_backward, {"dy", "w"});
    trial.suspect("the filter is not turned: tap (u, v) goes to p - u + kh/2, q - v + kw/2",
                  not_rotated);
    trial.on("a filter of one number, 2x2x1", Tensor3{{{1}, {2}}, {{3}, {4}}}, Filters{{{{10}}}});
    trial.on("3x3, one channel", numbers<Tensor3>({3, 4, 1}, 14),
             numbers<Filters>({3, 3, 1, 1}, 15));
    trial.on("3x3, 2 to 3 channels", numbers<Tensor3>({4, 3, 3}, 16),
             numbers<Filters>({3, 3, 2, 3}, 17));
    trial.function.gradient = [f = yours.conv2d_backward] {
        const Filters w = numbers<Filters>({3, 3, 2, 3}, 18);
        const nst::Vector b = xt::zeros<nst::Real>({3});
        return told(nst::check_backward([=](const Tensor3& x) { return nst::conv2d(x, w, b); },
                                        [=](const Tensor3& dy, const Tensor3&) { return f(dy, w); },
                                        numbers<Tensor3>({4, 3, 2}, 19)));
    };
    return trial.function;
}

course::Function content_loss(const Functions& yours, const Functions& right) {
    Trial trial("content_loss_backward", yours.content_loss_backward, right.content_loss_backward,
                {"generated", "content"});
    trial.on("one number", Tensor3{{{3}}}, Tensor3{{{1}}});
    trial.on("2x3x2", numbers<Tensor3>({2, 3, 2}, 20), numbers<Tensor3>({2, 3, 2}, 21));
    trial.function.gradient = [f = yours.content_loss_backward] {
        const Tensor3 content = numbers<Tensor3>({2, 3, 2}, 22);
        return told(nst::check_gradient(
            [=](const Tensor3& x) { return nst::content_loss(x, content); },
            [=](const Tensor3& x) { return f(x, content); }, numbers<Tensor3>({2, 3, 2}, 23)));
    };
    return trial.function;
}

course::Function gram_matrix(const Functions& yours) {
    const auto call = [](auto backward) {
        return [backward](const Tensor3& features, const Matrix& d_gram) {
            return backward(d_gram, features);
        };
    };
    GramTrial trial("gram_matrix_backward", call(yours.gram_matrix_backward),
                    call(by_hand::gram_matrix_backward), {"features", "d_gram"});
    const auto product = [](const Tensor3& x, const Matrix& d, bool transposed) {
        Tensor3 dx = xt::zeros<nst::Real>(x.shape());
        const std::size_t channels = x.shape(2);
        for (std::size_t k = 0; k < x.size() * channels; ++k) {
            const std::size_t n = k / channels;  // of dx, and a is the channel beside it
            const std::size_t a = k % channels;
            const std::size_t c = n % channels;
            dx.data()[n] += x.data()[n - c + a] * (transposed ? d(c, a) : d(a, c));
        }
        return dx;
    };
    const std::string half = "F stands in row c and in column c of G: dG + dG^T, not one of them";
    trial.suspect(half, [=](const Tensor3& x, const Matrix& d) { return product(x, d, false); });
    trial.suspect(half, [=](const Tensor3& x, const Matrix& d) { return product(x, d, true); });
    trial.on("one position", Tensor3{{{1, 2}}}, Matrix{{1, 10}, {100, 1000}});
    trial.on("2x3x3", numbers<Tensor3>({2, 3, 3}, 24), numbers<Matrix>({3, 3}, 25));
    trial.function.gradient = [f = yours.gram_matrix_backward] {
        return told(nst::check_backward(
            [](const Tensor3& x) { return nst::gram_matrix(x); },
            [f](const Matrix& d_gram, const Tensor3& x) { return f(d_gram, x); },
            numbers<Tensor3>({2, 3, 3}, 26)));
    };
    return trial.function;
}

course::Function style_loss(const Functions& yours, const Functions& right) {
    GramTrial trial("style_loss_backward", yours.style_loss_backward, right.style_loss_backward,
                    {"generated", "style_gram"});
    trial.on("one number", Tensor3{{{3}}}, Matrix{{1}});
    trial.on("2x3x3", numbers<Tensor3>({2, 3, 3}, 27),
             nst::gram_matrix(numbers<Tensor3>({2, 3, 3}, 28)));
    trial.function.gradient = [f = yours.style_loss_backward] {
        const Matrix gram = nst::gram_matrix(numbers<Tensor3>({2, 3, 3}, 29));
        return told(nst::check_gradient([=](const Tensor3& x) { return nst::style_loss(x, gram); },
                                        [=](const Tensor3& x) { return f(x, gram); },
                                        numbers<Tensor3>({2, 3, 3}, 30)));
    };
    return trial.function;
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    const Functions right = NST_FUNCTIONS(by_hand);
    return {relu(yours, right),
            average(yours),
            max(yours),
            conv2d(yours, right),
            content_loss(yours, right),
            gram_matrix(yours),
            style_loss(yours, right)};
}

}  // namespace check_11
