#pragma once

#include <deque>
#include <functional>

#include "nst/api.hpp"
#include "nst/feature_view.hpp"

namespace nst {
inline namespace NST_PRECISION {

/// The constants of [NW06] chapters 3 and 7.
/// Introduced in chapter 15.
struct LbfgsOptions {
    int history = 10;          ///< m, the number of pairs that are remembered
    double armijo_c1 = 1e-4;   ///< c1: the fraction of the decrease predicted by the slope that a
                               ///< step must achieve
    double wolfe_c2 = 0.9;     ///< c2: the fraction of the slope that may remain after a step
    int max_evaluations = 20;  ///< limit for one line search
    double first_step = 1;     ///< mean change per value in the first trial step, in grey levels
};

/// Checks that the options make sense.
/// @throws Error unless history and first_step are positive, first_step is finite, max_evaluations
///         is at least 2 and 0 < armijo_c1 < wolfe_c2 < 1
/// Introduced in chapter 15.
NST_API void check_options(const LbfgsOptions& options);

/// The last steps s and the changes y that they made in the gradient: all that L-BFGS knows of the
/// curvature.
/// Introduced in chapter 15.
class LbfgsHistory {
  public:
    /// @param size  number of pairs to remember; after that a new pair replaces the oldest
    /// @throws Error unless size is positive
    NST_API explicit LbfgsHistory(int size = LbfgsOptions().history);

    /// Remembers a pair, unless s.y <= 1e-8 |s| |y|: without positive curvature along s the inverse
    /// Hessian would not stay positive definite.
    /// @param s  (H, W, C), the step
    /// @param y  (H, W, C), the gradient after it less the gradient before it
    /// @return whether the pair was remembered
    /// @throws Error when the shapes differ from each other or from those of earlier pairs
    NST_API bool remember(Tensor3 s, Tensor3 y);

    /// Computes -H g by the two-loop recursion ([NW06] algorithm 7.4), from the newest pair to the
    /// oldest and back, with rho = 1 / s.y:
    ///
    ///     q = -g;    for each pair, newest first:  a_i = rho_i s_i.q,  q = q - a_i y_i
    ///     q = gamma q,  gamma = s.y / y.y of the newest pair ([NW06] (7.20))
    ///     for each pair, oldest first:  b = rho_i y_i.q,  q = q + (a_i - b) s_i
    ///
    /// Without pairs the result is -g. Dot products are summed per block in double, so the result
    /// is the same for any number of threads.
    /// @param gradient  (H, W, C)
    /// @return (H, W, C)
    /// @throws Error when the shape differs from that of the pairs
    NST_API Tensor3 direction(FeatureView gradient) const;

    /// Forgets all pairs.
    void forget() { pairs_.clear(); }

    int pairs() const { return static_cast<int>(pairs_.size()); }

  private:
    struct Pair {
        Tensor3 s;
        Tensor3 y;
        double curvature;  // s.y
        double gamma;      // s.y / y.y
    };

    std::size_t size_;
    std::deque<Pair> pairs_;
};

/// The value of a function at a point and its gradient there.
/// Introduced in chapter 15.
struct CostAndGradient {
    double cost;
    Tensor3 gradient;  ///< with the point's shape
};

/// The function to minimise. A cost that is not finite counts as infinitely high.
/// Introduced in chapter 15.
using CostFunction = std::function<CostAndGradient(const Tensor3& x)>;

/// The outcome of a step of Lbfgs.
/// Introduced in chapter 15.
enum class LbfgsOutcome {
    moved,       ///< the point moved to one of lower cost
    stationary,  ///< not moved: the gradient is zero
    no_decrease  ///< not moved: the line search found no lower cost, not even along -gradient
};

/// Minimises a function by L-BFGS ([NW06] algorithm 7.5) with a line search for the strong Wolfe
/// conditions ([NW06] algorithms 3.5 and 3.6). Along the direction d of the two-loop recursion, it
/// searches for a step t with
///
///     f(x + t d) <= f(x) + c1 t g.d     and     |g(x + t d).d| <= c2 |g.d|
///
/// starting at t = 1, or without any pair at the t that changes a value by first_step on average.
/// If the evaluations run out first, the search takes the lowest point found that satisfies the
/// first condition. If there is none, the pairs are forgotten and the search is repeated once along
/// the negative gradient. Multiplying the cost by a constant changes nothing.
///
/// Works for any function of a tensor. Rosenbrock's valley, from the usual start:
///
///     const auto valley = [](const Tensor3& x) -> CostAndGradient {
///         const double a = x(0, 0, 0), b = x(0, 0, 1);
///         return {100 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a),
///                 {{{Real(-400 * a * (b - a * a) - 2 * (1 - a)), Real(200 * (b - a * a))}}}};
///     };
///     Lbfgs lbfgs(valley, {{{Real(-1.2), 1}}});
///     while (lbfgs.cost() > 1e-10 && lbfgs.step() == LbfgsOutcome::moved) {}
///     // lbfgs.point() is (1, 1)
///
/// Introduced in chapter 15.
class Lbfgs {
  public:
    /// Evaluates the function at the start.
    /// @param start  (H, W, C)
    /// @throws Error as check_options; when the function is empty, or its gradient's shape differs
    ///         from the start's
    NST_API Lbfgs(CostFunction function, Tensor3 start, const LbfgsOptions& options = {});

    /// Moves the point to one of lower cost, by one line search, or by two if the pairs had to be
    /// forgotten. The last point evaluated is then the new point. If the function throws, the point
    /// stays unchanged.
    /// @throws Error when the cost or the gradient at the point is not finite
    NST_API LbfgsOutcome step();

    const Tensor3& point() const { return point_; }
    /// Returns the cost at the point.
    double cost() const { return here_.cost; }
    /// Returns the gradient at the point.
    const Tensor3& gradient() const { return here_.gradient; }
    /// Returns the number of calls of the function so far.
    int evaluations() const { return evaluations_; }

  private:
    bool search_along(Tensor3 direction);
    CostAndGradient evaluate(const Tensor3& x);

    CostFunction function_;
    LbfgsOptions options_;
    LbfgsHistory history_;
    Tensor3 point_;
    int evaluations_ = 0;
    CostAndGradient here_;
};

}  // namespace NST_PRECISION
}  // namespace nst
