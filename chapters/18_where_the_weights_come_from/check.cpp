#include "18_where_the_weights_come_from/check.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>

#include "by_hand.hpp"
#include "nst/conv2d.hpp"
#include "nst/cross_entropy.hpp"
#include "nst/gradcheck.hpp"

namespace check_18 {

namespace {

using course::numbers;
using nst::Filters;
using nst::Matrix;
using nst::Tensor3;
using nst::Vector;

// ---- conv2d_backward_filters ----

// One product of the sum for dw(u, v, c, o): p and q are x's indices, which may lie outside.
struct Term {
    int u, v, i, j, p, q;
};

// dw in which something is different: what a term adds to its sum. A value of x outside counts as 0
// unless `edge` asks for the nearest one.
using Change = std::function<double(double sum, double product, const Term& term)>;

Filters summed(const Tensor3& x, const Tensor3& dy, int offset, bool edge, const Change& change) {
    const int height = static_cast<int>(x.shape(0));
    const int width = static_cast<int>(x.shape(1));
    Filters dw = xt::zeros<double>({std::size_t{3}, std::size_t{3}, x.shape(2), dy.shape(2)});
    const auto at = [](int k) { return static_cast<std::size_t>(k); };
    for (int tap = 0; tap < 9; ++tap) {
        for (int n = 0; n < height * width; ++n) {
            const int u = tap / 3, v = tap % 3, i = n / width, j = n % width;
            const Term term{u, v, i, j, i + u + offset, j + v + offset};
            const int p = std::clamp(term.p, 0, height - 1);
            const int q = std::clamp(term.q, 0, width - 1);
            const bool counts = edge || (p == term.p && q == term.q);
            for (std::size_t k = 0; counts && k < x.shape(2) * dy.shape(2); ++k) {
                const std::size_t c = k / dy.shape(2), o = k % dy.shape(2);
                double& sum = dw(at(u), at(v), c, o);
                sum = change(sum, x(at(p), at(q), c) * dy(at(i), at(j), o), term);
            }
        }
    }
    return dw;
}

double add(double sum, double product, const Term&) {
    return sum + product;
}

// A filter of which place (u, v) comes from place from(3 u + v).
Filters moved(const Filters& w, const std::function<std::size_t(std::size_t)>& from) {
    Filters result = w;
    const std::size_t pairs = w.shape(2) * w.shape(3);
    for (std::size_t n = 0; n < w.size(); ++n) {
        result.data()[n] = w.data()[from(n / pairs) * pairs + n % pairs];
    }
    return result;
}

using FiltersTrial = course::Trial<Tensor3, Tensor3>;

void add_filters_suspects(FiltersTrial& trial) {
    trial.suspect(
        "the filter comes out turned by 180 degrees: i - u belongs to chapter 11's dx, where dy is "
        "looked up; here x is looked up, at i + u - 1",
        [](const Tensor3& x, const Tensor3& dy) {
            return moved(by_hand::conv2d_backward_filters(x, dy), [](auto k) { return 8 - k; });
        });
    trial.suspect("rows and columns of the filter are exchanged",
                  [](const Tensor3& x, const Tensor3& dy) {
                      return moved(by_hand::conv2d_backward_filters(x, dy),
                                   [](auto k) { return k % 3 * 3 + k / 3; });
                  });
    trial.suspect(
        "inputs and outputs are exchanged: it is (3, 3, C_in, C_out), as w",
        [](const Tensor3& x, const Tensor3& dy) {
            return Filters(xt::transpose(by_hand::conv2d_backward_filters(x, dy), {0, 1, 3, 2}));
        });
    const auto suspect = [&](const char* words, int offset, bool edge, const Change& change) {
        trial.suspect(words, [=](const Tensor3& x, const Tensor3& dy) {
            return summed(x, dy, offset, edge, change);
        });
    };
    suspect("the padding is forgotten: is x looked up at i + u instead of i + u - 1?", 0, false,
            add);
    suspect("the padding is forgotten: outside the picture x is 0, not the nearest pixel", -1, true,
            add);
    suspect("only one position counts: is it += and not =?", -1, false,
            [](double, double product, const Term&) { return product; });
    trial.suspect(
        "the padding is forgotten: positions at the border count too, with the taps that are "
        "inside",
        [](const Tensor3& x, const Tensor3& dy) {
            const int last_row = static_cast<int>(x.shape(0)) - 1;
            const int last_column = static_cast<int>(x.shape(1)) - 1;
            return summed(x, dy, -1, false, [=](double sum, double product, const Term& t) {
                const bool border = t.i == 0 || t.i == last_row || t.j == 0 || t.j == last_column;
                return border ? sum : sum + product;
            });
        });
    trial.suspect("it is divided by the number of positions: the loss has its mean already",
                  [](const Tensor3& x, const Tensor3& dy) {
                      const auto positions = static_cast<double>(x.shape(0) * x.shape(1));
                      return Filters(by_hand::conv2d_backward_filters(x, dy) / positions);
                  });
}

course::GradientCheck report(const nst::GradcheckReport& found) {
    return {found.passed(), nst::describe(found)};
}

course::Function filters(const Functions& yours, const Functions& right) {
    FiltersTrial trial("conv2d_backward_filters", yours.conv2d_backward_filters,
                       right.conv2d_backward_filters, {"x", "dy"});
    add_filters_suspects(trial);
    const auto on = [&](const char* name, std::size_t height, std::size_t width, std::size_t inputs,
                        std::size_t outputs, unsigned seed) {
        trial.on(name, numbers<Tensor3>({height, width, inputs}, seed),
                 numbers<Tensor3>({height, width, outputs}, seed + 1));
    };
    on("one pixel", 1, 1, 1, 1, 1);
    on("one channel, 3x4", 3, 4, 1, 1, 3);
    on("2 to 3 channels, 4x3", 4, 3, 2, 3, 5);
    on("2 to 2 channels, 5x5", 5, 5, 2, 2, 7);
    trial.function.gradient = [f = yours.conv2d_backward_filters] {
        const auto x = numbers<Tensor3>({4, 5, 2}, 10);
        const auto dy = numbers<Tensor3>({4, 5, 3}, 11);
        const Vector b = xt::zeros<double>({3});
        const auto loss = [&](const Filters& w) { return xt::sum(nst::conv2d(x, w, b) * dy)(); };
        const auto gradient = [&](const Filters&) { return f(x, dy); };
        return report(nst::check_gradient(loss, gradient, numbers<Filters>({3, 3, 2, 3}, 12)));
    };
    return trial.function;
}

// ---- conv2d_backward_bias ----

// The sum over the positions first to last - 1, in reading order.
Vector sum_of(const Tensor3& dy, std::size_t first, std::size_t last) {
    Vector db = xt::zeros<double>({dy.shape(2)});
    for (std::size_t k = first * dy.shape(2); k < last * dy.shape(2); ++k) {
        db(k % dy.shape(2)) += dy.data()[k];
    }
    return db;
}

course::Function bias(const Functions& yours, const Functions& right) {
    course::Trial<Tensor3> trial("conv2d_backward_bias", yours.conv2d_backward_bias,
                                 right.conv2d_backward_bias, {"dy"});
    trial.suspect("it is divided by the number of positions: the loss has its mean already",
                  [](const Tensor3& dy) {
                      const auto positions = static_cast<double>(dy.shape(0) * dy.shape(1));
                      return Vector(by_hand::conv2d_backward_bias(dy) / positions);
                  });
    trial.suspect("the channels are summed as well: each has a bias of its own",
                  [](const Tensor3& dy) {
                      Vector db = by_hand::conv2d_backward_bias(dy);
                      db.fill(xt::sum(dy)());
                      return db;
                  });
    trial.suspect("only one position counts: is it += and not =?", [](const Tensor3& dy) {
        return sum_of(dy, dy.shape(0) * dy.shape(1) - 1, dy.shape(0) * dy.shape(1));
    });
    trial.suspect("only the first row counts",
                  [](const Tensor3& dy) { return sum_of(dy, 0, dy.shape(1)); });
    trial.on("one pixel", numbers<Tensor3>({1, 1, 1}, 20));
    trial.on("one channel, 2x3", numbers<Tensor3>({2, 3, 1}, 21));
    trial.on("3 channels, 3x2", numbers<Tensor3>({3, 2, 3}, 22));
    return trial.function;
}

// ---- the loss ----

// (N, K) scores between -2 and 2.
Matrix scores(std::size_t pictures, std::size_t classes, unsigned seed) {
    return numbers<Matrix>({pictures, classes}, seed);
}

const course::Trait small = {"scores below 700",
                             "exp of 1000 is infinite: is the largest score of the row subtracted "
                             "before?",
                             ""};

bool is_small(const Matrix& z) {
    return xt::amax(xt::abs(z))() < 700;
}

course::Function softmax(const Functions& yours, const Functions& right) {
    course::Trial<Matrix> trial("log_softmax", yours.log_softmax, right.log_softmax, {"z"});
    trial.trait(small, is_small);
    trial.suspect("that is p: its logarithm is wanted",
                  [](const Matrix& z) { return Matrix(xt::exp(by_hand::log_softmax(z))); });
    trial.suspect("the sum runs over all pictures: every row of p adds up to 1 by itself",
                  [](const Matrix& z) {
                      const double largest = xt::amax(z)();
                      return Matrix(z - largest - std::log(xt::sum(xt::exp(z - largest))()));
                  });
    trial.suspect("the sum runs down the columns: p adds up to 1 over the classes of a picture",
                  [](const Matrix& z) {
                      const Matrix turned = xt::transpose(z);
                      return Matrix(xt::transpose(by_hand::log_softmax(turned)));
                  });
    trial.suspect("the largest score is subtracted in the sum alone: above the line too",
                  [](const Matrix& z) {
                      Matrix wrong = by_hand::log_softmax(z);
                      for (std::size_t n = 0; n < z.shape(0); ++n) {
                          const double* row = z.data() + n * z.shape(1);
                          const double largest = *std::max_element(row, row + z.shape(1));
                          for (std::size_t k = 0; k < z.shape(1); ++k) wrong(n, k) += largest;
                      }
                      return wrong;
                  });
    trial.on("one picture, two classes", Matrix{{1, 2}});
    trial.on("3 pictures, 4 classes", scores(3, 4, 30));
    trial.on("scores of a thousand", Matrix{{1000, 999, -1000}, {1, -2, 3}});
    return trial.function;
}

using LossTrial = course::Trial<Matrix, Labels>;

// The cases of the loss and of its gradient.
void add_loss_cases(LossTrial& trial) {
    trial.on("one picture, two classes", Matrix{{1, 2}}, {0});
    trial.on("2 pictures, 3 classes", scores(2, 3, 40), {2, 0});
    trial.on("4 pictures, 3 classes", scores(4, 3, 41), {1, 1, 0, 2});
    trial.on("scores of a thousand", Matrix{{1000, 999, -1000}, {1, -2, 3}}, {1, 2});
}

course::Function loss(const Functions& yours, const Functions& right) {
    LossTrial trial("cross_entropy", yours.cross_entropy, right.cross_entropy, {"z", "labels"});
    trial.trait(small, [](const Matrix& z, const Labels&) { return is_small(z); });
    const auto times = [&](const char* words, const std::function<double(const Matrix&)>& factor) {
        trial.suspect(words, [=](const Matrix& z, const Labels& labels) {
            return factor(z) * by_hand::cross_entropy(z, labels);
        });
    };
    times("the mean is missing: divide by the number of pictures",
          [](const Matrix& z) { return static_cast<double>(z.shape(0)); });
    times("the sign is wrong: log p is negative, the loss is not",
          [](const Matrix&) { return -1.0; });
    times("divided by all numbers of z: the mean is over the pictures",
          [](const Matrix& z) { return 1 / static_cast<double>(z.shape(1)); });
    trial.suspect("the label's score is not subtracted: -log p is log of the sum, less z(n, label)",
                  [](const Matrix& z, const Labels& labels) {
                      double sum = by_hand::cross_entropy(z, labels);
                      for (std::size_t n = 0; n < labels.size(); ++n) {
                          sum += z(n, labels[n]) / static_cast<double>(labels.size());
                      }
                      return sum;
                  });
    trial.suspect("all classes count: only that of the label is asked for",
                  [](const Matrix& z, const Labels&) {
                      return -xt::sum(by_hand::log_softmax(z))() / static_cast<double>(z.shape(0));
                  });
    trial.suspect("that is the probability of the label: where is its logarithm?",
                  [](const Matrix& z, const Labels& labels) {
                      const Matrix log_p = by_hand::log_softmax(z);
                      double sum = 0;
                      for (std::size_t n = 0; n < labels.size(); ++n) {
                          sum -= std::exp(log_p(n, labels[n]));
                      }
                      return sum / static_cast<double>(labels.size());
                  });
    add_loss_cases(trial);
    return trial.function;
}

course::Function loss_backward(const Functions& yours, const Functions& right) {
    LossTrial trial("cross_entropy_backward", yours.cross_entropy_backward,
                    right.cross_entropy_backward, {"z", "labels"});
    trial.trait(small, [](const Matrix& z, const Labels&) { return is_small(z); });
    const auto pictures = [](const Matrix& z) { return static_cast<double>(z.shape(0)); };
    const auto suspect = [&](const char* words, const auto& wrong) {
        trial.suspect(words, [=](const Matrix& z, const Labels& labels) {
            return Matrix(wrong(z, by_hand::cross_entropy_backward(z, labels)));
        });
    };
    suspect("the label is not subtracted: p - 1 at the label, p elsewhere",
            [=](const Matrix& z, const Matrix&) {
                return Matrix(xt::exp(by_hand::log_softmax(z)) / pictures(z));
            });
    suspect("1 is subtracted in every column: only at the label",
            [=](const Matrix& z, const Matrix&) {
                return Matrix((xt::exp(by_hand::log_softmax(z)) - 1) / pictures(z));
            });
    suspect(
        "the mean is missing: the loss is divided by the number of pictures, so is its gradient",
        [=](const Matrix& z, const Matrix& dz) { return Matrix(pictures(z) * dz); });
    suspect("the sign is wrong: it is p less the target",
            [](const Matrix&, const Matrix& dz) { return Matrix(-dz); });
    suspect("1 is subtracted after the division: it is part of what is divided",
            [=](const Matrix& z, const Matrix& dz) {
                const Matrix p = xt::exp(by_hand::log_softmax(z));
                return Matrix(p / pictures(z) + (pictures(z) * dz - p));
            });
    add_loss_cases(trial);
    trial.function.gradient = [f = yours.cross_entropy_backward] {
        const Labels labels = {4, 0, 2};
        const auto loss = [&](const Matrix& z) { return nst::cross_entropy(z, labels); };
        const auto gradient = [&](const Matrix& z) { return f(z, labels); };
        return report(nst::check_gradient(loss, gradient, scores(3, 5, 50)));
    };
    return trial.function;
}

}  // namespace

course::Exercise exercise(const Functions& yours) {
    const Functions right = NST_FUNCTIONS(by_hand);
    return {filters(yours, right), bias(yours, right), softmax(yours, right), loss(yours, right),
            loss_backward(yours, right)};
}

}  // namespace check_18
