// The verdicts of the gradient checker over random functions with known gradients, right and wrong.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <limits>
#include <map>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "gradcheck_samples.hpp"

using namespace gradcheck_samples;
using nst::check_gradient;
using nst::GradcheckOutcome;
using nst::GradcheckReport;

namespace {

constexpr int judged_cases = 100000;
constexpr double epsilon = std::numeric_limits<double>::epsilon();
// The size of a mistake: smaller differences of the gradient are not counted.
constexpr double smallest_mistake = 0.01;
// A derivative times the magnitude of x, over the rounding of the value: from this ratio on, a
// difference over a good step has at least three digits to spare, and the check must decide.
constexpr double clear_signal = 1e6;
// Below this ratio, a bounded function is constant in double, and a gradient of zero is right.
constexpr double no_signal = 32;
// The fraction of cases with a clear signal that may end without a verdict: when two large terms
// cancel, the noise is larger than the value suggests.
constexpr double largest_undecided_share = 1e-3;

using nst::gradcheck_detail::Random;

double uniform(Random& random, double low, double high) {
    return low + (high - low) * random.fraction();
}

double sign(Random& random) {
    return random.fraction() < 0.5 ? -1 : 1;
}

// 10^low to 10^high, log-uniform, with random sign.
double any_size(Random& random, double low, double high) {
    return sign(random) * std::pow(10, uniform(random, low, high));
}

struct Shape {
    double (*value)(double);
    double (*slope)(double);
};

const Shape shapes[] = {
    {[](double t) { return t; }, [](double) { return 1.0; }},
    {[](double t) { return t * t; }, [](double t) { return 2 * t; }},
    {[](double t) { return t * t * t; }, [](double t) { return 3 * t * t; }},
    {[](double t) { return std::sin(t); }, [](double t) { return std::cos(t); }},
    {[](double t) { return std::exp(t); }, [](double t) { return std::exp(t); }},
    {[](double t) { return std::tanh(t); },
     [](double t) { return 1 - std::tanh(t) * std::tanh(t); }},
    {[](double t) { return 1 / (1 + t * t); },
     [](double t) { return -2 * t / ((1 + t * t) * (1 + t * t)); }},
    {[](double t) { return std::log(1 + t * t); }, [](double t) { return 2 * t / (1 + t * t); }},
};

struct Term {
    Shape shape;
    double scale;
    std::size_t place;
};

// offset + sum scale * shape(x[place] / unit), with one or two terms per component.
struct RandomFunction {
    double offset = 0;
    double unit = 1;
    std::vector<Term> terms;
    Vector64 x;

    explicit RandomFunction(Random& random)
        : offset(random.fraction() < 0.5 ? 0 : any_size(random, -3, 12)),
          unit(std::abs(any_size(random, -3, 3))),
          x(Vector64::shape_type{1 + random.below(4)}) {
        const bool alike = random.fraction() < 0.5;  // all terms within a factor of 4
        const double scale = any_size(random, -12, 12);
        for (std::size_t k = 0; k < x.size(); ++k) {
            x(k) = unit * sign(random) * uniform(random, 0.2, 2);
            for (std::size_t t = 0; t <= random.below(2); ++t) {
                const double own = alike ? scale * sign(random) * uniform(random, 0.5, 2)
                                         : any_size(random, -12, 12);
                terms.push_back({shapes[random.below(std::size(shapes))], own, k});
            }
        }
    }

    double operator()(const Vector64& at) const {
        double sum = offset;
        for (const Term& t : terms) sum += t.scale * t.shape.value(at(t.place) / unit);
        return sum;
    }

    double slope(const Term& t) const { return t.scale * t.shape.slope(x(t.place) / unit) / unit; }

    Vector64 gradient() const {
        Vector64 sum = xt::zeros_like(x);
        for (const Term& t : terms) sum(t.place) += slope(t);
        return sum;
    }

    // The rounding error of a derivative over a step as large as x.
    double rounding() const {
        double size = std::abs(offset);
        for (const Term& t : terms) size += std::abs(t.scale * t.shape.value(x(t.place) / unit));
        return epsilon * size / unit;
    }
};

const std::vector<std::string> mistakes = {"sign", "times 2", "1/2",       "1/4",
                                           "zero", "swapped", "lost term", "none"};

void plant(const std::string& mistake, std::size_t k, const RandomFunction& f, Vector64& gradient) {
    if (mistake == "sign") gradient(k) *= -1;
    if (mistake == "times 2") gradient(k) *= 2;
    if (mistake == "1/2") gradient(k) /= 2;
    if (mistake == "1/4") gradient(k) /= 4;
    if (mistake == "zero") gradient(k) = 0;
    if (mistake == "swapped") std::swap(gradient(k), gradient((k + 1) % gradient.size()));
    if (mistake == "lost term") {
        const auto first = std::find_if(f.terms.begin(), f.terms.end(),
                                        [&](const Term& t) { return t.place == k; });
        gradient(k) -= f.slope(*first);
    }
}

// The ratio of the smallest component that decides the verdict to the rounding; negative when there
// is no mistake.
double signal_of(const RandomFunction& f, const Vector64& given, bool mistaken) {
    const Vector64 right = f.gradient();
    double smallest = infinity;
    bool differs = false;
    bool zero = true;
    for (std::size_t k = 0; k < right.size(); ++k) {
        const double error = std::abs(given(k) - right(k));
        const double size = std::max(std::abs(given(k)), std::abs(right(k)));
        differs = differs || error > smallest_mistake * size;
        zero = zero && given(k) == 0;
        if (!mistaken || error > 0) smallest = std::min(smallest, size / f.rounding());
    }
    if (mistaken && (!differs || (zero && smallest < no_signal))) return -1;
    return smallest;
}

// A component that was too small to be judged among the others has no verdict alone either.
bool passes_alone(const RandomFunction& f, const Vector64& given, std::size_t k) {
    const auto along = [&](const Vector64& t) {
        Vector64 x = f.x;
        x(k) = t(0);
        return f(x);
    };
    const auto slope = [&](const Vector64&) { return Vector64{given(k)}; };
    return check_gradient(along, slope, Vector64{f.x(k)}).passed();
}

bool any_mistake_passes_alone(const RandomFunction& f, const Vector64& given) {
    const Vector64 right = f.gradient();
    for (std::size_t k = 0; k < right.size(); ++k) {
        const double error = std::abs(given(k) - right(k));
        const double size = std::max(std::abs(given(k)), std::abs(right(k)));
        if (error > smallest_mistake * size && size > no_signal * f.rounding() &&
            passes_alone(f, given, k)) {
            return true;
        }
    }
    return false;
}

struct Counts {
    int passed = 0;      ///< every component
    int with_small = 0;  ///< passed except for components that were too small
    int wrong = 0;
    int inconclusive = 0;
    int at_kinks = 0;  ///< smooth functions have none
    int total() const { return passed + with_small + wrong + inconclusive + at_kinks; }

    void add(const GradcheckReport& report) {
        if (report.outcome == GradcheckOutcome::wrong) {
            ++wrong;
        } else if (report.kinks > 0) {
            ++at_kinks;
        } else if (report.outcome == GradcheckOutcome::inconclusive) {
            ++inconclusive;
        } else {
            CHECK(report.passed());
            ++(report.too_small > 0 ? with_small : passed);
        }
    }
};

std::ostream& operator<<(std::ostream& stream, const Counts& c) {
    return stream << c.total() << " cases: passed " << c.passed << ", passed but for small ones "
                  << c.with_small << ", wrong " << c.wrong << ", inconclusive " << c.inconclusive
                  << ", left out at kinks " << c.at_kinks;
}

}  // namespace

TEST_CASE("check_gradient: no verdict is wrong over random functions of all scales and offsets") {
    Random random(1);
    std::map<std::pair<bool, bool>, Counts> counts;  // mistaken, clear
    int passes_alone_too = 0;
    for (int judged = 0; judged < judged_cases;) {
        const RandomFunction f(random);
        const std::string& mistake = mistakes[random.below(mistakes.size())];
        const bool mistaken = mistake != "none";
        Vector64 given = f.gradient();
        plant(mistake, random.below(given.size()), f, given);
        const double signal = signal_of(f, given, mistaken);
        if (signal < 0) continue;
        ++judged;
        const GradcheckReport report = check_gradient(
            f, [&](const auto&) { return given; }, f.x);
        counts[{mistaken, signal > clear_signal}].add(report);
        if (mistaken && report.passed() && report.too_small > 0) {
            passes_alone_too += any_mistake_passes_alone(f, given);
        }
    }
    const Counts clear_right = counts[{false, true}];
    const Counts clear_wrong = counts[{true, true}];
    const Counts noisy_right = counts[{false, false}];
    const Counts noisy_wrong = counts[{true, false}];
    INFO("right, clear: " << clear_right << "\nwrong, clear: " << clear_wrong << "\nright, noisy: "
                          << noisy_right << "\nwrong, noisy: " << noisy_wrong);
    CHECK(clear_right.wrong + noisy_right.wrong == 0);
    CHECK(clear_wrong.passed + noisy_wrong.passed == 0);
    CHECK(passes_alone_too == 0);
    CHECK(clear_right.total() - clear_right.passed <=
          largest_undecided_share * clear_right.total());
    CHECK(clear_wrong.total() - clear_wrong.wrong <= largest_undecided_share * clear_wrong.total());
}
