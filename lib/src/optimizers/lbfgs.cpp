#include "nst/lbfgs.hpp"

#include <cmath>
#include <utility>
#include <vector>

#include "base/require.hpp"
#include "base/view.hpp"
#include "optimizers/strong_wolfe.hpp"
#include "parallel/parallel.hpp"

namespace nst {
inline namespace NST_PRECISION {

namespace {

// Below this cosine between s and y, the curvature of a pair may be rounding alone.
constexpr double min_cosine = 1e-8;

double dot(const Tensor3& a, const Tensor3& b) {
    return parallel_sum(a.size(), [&](std::size_t first, std::size_t last) {
        double sum = 0;
        for (std::size_t k = first; k < last; ++k) {
            sum += static_cast<double>(a.data()[k]) * static_cast<double>(b.data()[k]);
        }
        return sum;
    });
}

double mean_magnitude(const Tensor3& a) {
    const double sum = parallel_sum(a.size(), [&](std::size_t first, std::size_t last) {
        double part = 0;
        for (std::size_t k = first; k < last; ++k) part += std::abs(double{a.data()[k]});
        return part;
    });
    return sum / static_cast<double>(a.size());
}

// Computes result = a + factor b; result may be a or b, and has their shape.
void add_multiple(const Tensor3& a, double factor, const Tensor3& b, Tensor3& result) {
    parallel_ranges(a.size(), [&](std::size_t first, std::size_t last) {
        for (std::size_t k = first; k < last; ++k) {
            result.data()[k] = static_cast<Real>(a.data()[k] + factor * b.data()[k]);
        }
    });
}

void scale(Tensor3& a, double factor) {
    parallel_ranges(a.size(), [&](std::size_t first, std::size_t last) {
        for (std::size_t k = first; k < last; ++k) {
            a.data()[k] = static_cast<Real>(factor * a.data()[k]);
        }
    });
}

}  // namespace

void check_options(const LbfgsOptions& options) {
    require(options.history > 0, "Lbfgs: history must be positive, got ", options.history);
    require(options.armijo_c1 > 0 && options.armijo_c1 < options.wolfe_c2 && options.wolfe_c2 < 1,
            "Lbfgs: expected 0 < armijo_c1 < wolfe_c2 < 1, got ", options.armijo_c1, " and ",
            options.wolfe_c2);
    require(options.max_evaluations >= 2, "Lbfgs: max_evaluations must be at least 2, got ",
            options.max_evaluations);
    require(std::isfinite(options.first_step) && options.first_step > 0,
            "Lbfgs: first_step must be positive and finite, got ", options.first_step);
}

LbfgsHistory::LbfgsHistory(int size) : size_(static_cast<std::size_t>(size)) {
    require(size > 0, "LbfgsHistory: size must be positive, got ", size);
}

bool LbfgsHistory::remember(Tensor3 s, Tensor3 y) {
    const auto& shape = pairs_.empty() ? s.shape() : pairs_.front().s.shape();
    require(s.shape() == shape && y.shape() == shape, "LbfgsHistory: s and y must be ",
            shape_text(shape), ", got ", shape_text(s.shape()), " and ", shape_text(y.shape()));
    const double curvature = dot(s, y);
    const double yy = dot(y, y);
    const double least = min_cosine * std::sqrt(dot(s, s)) * std::sqrt(yy);
    if (!std::isfinite(curvature) || !(curvature > least)) return false;
    if (pairs_.size() == size_) pairs_.pop_front();
    pairs_.push_back({std::move(s), std::move(y), curvature, curvature / yy});
    return true;
}

Tensor3 LbfgsHistory::direction(FeatureView gradient) const {
    Tensor3 q = copy_of(gradient);
    scale(q, -1);
    if (pairs_.empty()) return q;
    require(gradient.shape == pairs_.front().s.shape(), "LbfgsHistory: gradient must be ",
            shape_text(pairs_.front().s.shape()), ", got ", shape_text(gradient.shape));
    std::vector<double> a(pairs_.size());
    for (std::size_t i = pairs_.size(); i-- > 0;) {
        a[i] = dot(pairs_[i].s, q) / pairs_[i].curvature;
        add_multiple(q, -a[i], pairs_[i].y, q);
    }
    scale(q, pairs_.back().gamma);
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
        const double b = dot(pairs_[i].y, q) / pairs_[i].curvature;
        add_multiple(q, a[i] - b, pairs_[i].s, q);
    }
    return q;
}

Lbfgs::Lbfgs(CostFunction function, Tensor3 start, const LbfgsOptions& options)
    : function_(
          (require(function != nullptr, "Lbfgs: function must not be empty"), std::move(function))),
      options_((check_options(options), options)),
      history_(options.history),
      point_(std::move(start)),
      here_(evaluate(point_)) {}

LbfgsOutcome Lbfgs::step() {
    const double steepness = dot(here_.gradient, here_.gradient);
    require(std::isfinite(here_.cost) && std::isfinite(steepness),
            "Lbfgs: cost and gradient must be finite where a step begins, got ", here_.cost,
            " and a gradient of length ", std::sqrt(steepness));
    if (steepness == 0) return LbfgsOutcome::stationary;
    if (search_along(history_.direction(here_.gradient))) return LbfgsOutcome::moved;
    if (history_.pairs() == 0) return LbfgsOutcome::no_decrease;
    history_.forget();
    return search_along(history_.direction(here_.gradient)) ? LbfgsOutcome::moved
                                                            : LbfgsOutcome::no_decrease;
}

bool Lbfgs::search_along(Tensor3 direction) {
    const LinePoint origin = {0, here_.cost, dot(here_.gradient, direction)};
    if (!(origin.slope < 0)) return false;
    const double first =
        history_.pairs() > 0 ? 1 : options_.first_step / mean_magnitude(here_.gradient);
    Tensor3 trial = point_;
    CostAndGradient there{};
    double looked_at = 0;
    const auto look = [&](double step) {
        add_multiple(point_, step, direction, trial);
        there = {};  // gives its memory back before the function takes more
        there = evaluate(trial);
        looked_at = step;
        return LinePoint{step, there.cost, dot(there.gradient, direction)};
    };
    // One evaluation is reserved for returning to the best point if it was not the last one.
    const LinePoint found = strong_wolfe(
        look, origin, first, {options_.armijo_c1, options_.wolfe_c2, options_.max_evaluations - 1});
    if (found.step == 0) return false;
    if (found.step != looked_at) look(found.step);

    // The buffers that are no longer needed hold s and y.
    add_multiple(trial, -1, point_, direction);
    std::swap(point_, trial);
    add_multiple(there.gradient, -1, here_.gradient, trial);
    here_ = std::move(there);
    history_.remember(std::move(direction), std::move(trial));
    return true;
}

CostAndGradient Lbfgs::evaluate(const Tensor3& x) {
    ++evaluations_;
    CostAndGradient found = function_(x);
    require(found.gradient.shape() == x.shape(), "Lbfgs: the gradient must be ",
            shape_text(x.shape()), ", as the point is, got ", shape_text(found.gradient.shape()));
    return found;
}

}  // namespace NST_PRECISION
}  // namespace nst
